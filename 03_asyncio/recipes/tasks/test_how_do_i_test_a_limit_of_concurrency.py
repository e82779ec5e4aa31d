"""How do I test a Semaphore, a limit on how many requests run at the same time?

With a mock that answers at once, one request ends before the next begins, and the test passes
without any limit. With sleeps, the result depends on how busy the machine is. Let the fake hold
every request until the test releases them. Wait until as many as allowed have arrived, then compare
the highest number ever held with the limit.
"""

import asyncio
import unittest


class UnlimitedCrawler:
    def __init__(self, client):
        self.client = client

    async def fetch(self, url):
        return await self.client.get(url)

    async def fetch_all(self, urls):
        return await asyncio.gather(*[self.fetch(url) for url in urls])


class Crawler(UnlimitedCrawler):
    def __init__(self, client, limit):
        super().__init__(client)
        self.semaphore = asyncio.Semaphore(limit)

    async def fetch(self, url):
        async with self.semaphore:
            return await super().fetch(url)


class CountingClient:
    def __init__(self, limit, may_finish):
        self.limit = limit
        self.may_finish = may_finish
        self.limit_reached = asyncio.Event()
        self.running = 0
        self.most = 0

    async def get(self, url):
        self.running += 1
        self.most = max(self.most, self.running)
        if self.running == self.limit:
            self.limit_reached.set()
        await self.may_finish.wait()
        self.running -= 1
        return url


class TestCrawler(unittest.IsolatedAsyncioTestCase):
    async def fetch_ten(self, crawler, client):
        task = asyncio.create_task(crawler.fetch_all('abcdefghij'))
        await asyncio.wait_for(client.limit_reached.wait(), timeout=1)
        client.may_finish.set()
        self.assertEqual(await task, list('abcdefghij'))

    async def test_wrong_way_passes_falsely(self):
        at_once = asyncio.Event()
        at_once.set()
        client = CountingClient(3, may_finish=at_once)
        await UnlimitedCrawler(client).fetch_all('abcdefghij')
        self.assertLessEqual(client.most, 3)

    async def test_right_way_sees_that_there_is_no_limit(self):
        client = CountingClient(3, may_finish=asyncio.Event())
        await self.fetch_ten(UnlimitedCrawler(client), client)
        self.assertEqual(client.most, 10)

    async def test_right_way(self):
        client = CountingClient(3, may_finish=asyncio.Event())
        await self.fetch_ten(Crawler(client, limit=3), client)
        self.assertEqual(client.most, 3)

"""How do I test that a token or a cache entry expires?

The event loop uses `time.monotonic`, too. If you patch it with a list, the loop takes values that
were meant for the code, and the list ends in StopIteration; with a fixed value, no sleep ends and
no timeout fires. Give the code its own clock, a function or an argument, and replace that.
(loop.time() is the loop's clock as well. With freezegun, use real_asyncio=True.)
"""

import asyncio
import time
import unittest
from unittest import mock


def now():
    return time.monotonic()


class TokenCache:
    def __init__(self, fetch):
        self.fetch = fetch
        self.token = None
        self.expires_at = 0

    async def get(self):
        if self.token is None or now() >= self.expires_at:
            self.token = await self.fetch()
            self.expires_at = now() + 3600
        return self.token


class TestTokenCache(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_with_a_list_that_ends(self):
        cache = TokenCache(mock.AsyncMock())
        with mock.patch('time.monotonic', side_effect=[0, 3601]):
            await cache.get()  # had it really waited, the loop would have taken the second value
            with self.assertRaisesRegex(RuntimeError, 'coroutine raised StopIteration'):
                await cache.get()

    async def test_wrong_way_stops_the_clock_of_the_loop(self):
        with mock.patch('time.monotonic', return_value=time.monotonic()):
            task = asyncio.create_task(asyncio.sleep(0.02))
            await asyncio.to_thread(time.sleep, 0.05)
            self.assertFalse(task.done())

    @mock.patch(f'{__name__}.now')  # for code in shop.py: 'shop.now'
    async def test_right_way(self, mocked_now):
        fetch = mock.AsyncMock(side_effect=['first', 'second'])
        cache = TokenCache(fetch)
        mocked_now.return_value = 1000
        self.assertEqual(await cache.get(), 'first')
        mocked_now.return_value = 4599
        self.assertEqual(await cache.get(), 'first')
        mocked_now.return_value = 4600
        self.assertEqual(await cache.get(), 'second')
        self.assertEqual(fetch.await_count, 2)

"""Why does my async generator not clean up after `break` or `return`?

Nobody closes an async generator that is left early, after the first anext() or in an `async for`:
its `finally` runs some time later, in a task of the event loop's own, or when the loop shuts down.
Use `contextlib.aclosing`, which awaits aclose(). If that says "asynchronous generator is already
running", another task is waiting inside it: cancel that task and await it first.
"""

import asyncio
import contextlib
import unittest
from unittest import mock


class Feed:
    def __init__(self, pool):
        self.pool = pool

    async def entries(self):
        connection = await self.pool.acquire()
        try:
            while True:
                yield await connection.next_entry()
        finally:
            await self.pool.release(connection)


async def forgetful_newest(feed):
    return await anext(feed.entries())


async def newest(feed):
    async with contextlib.aclosing(feed.entries()) as entries:
        return await anext(entries)


async def never():
    await asyncio.Event().wait()


class TestNewest(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.pool = mock.AsyncMock()
        self.connection = self.pool.acquire.return_value
        self.connection.next_entry.return_value = 'news'

    async def test_wrong_way_is_not_closed_yet(self):
        entry = await forgetful_newest(Feed(self.pool))
        self.assertEqual(entry, 'news')
        with self.assertRaisesRegex(AssertionError, 'Awaited 0 times'):
            self.pool.release.assert_awaited_once_with(self.connection)

    async def test_wrong_way_closes_while_a_task_is_inside(self):
        self.connection.next_entry.side_effect = never
        entries = Feed(self.pool).entries()
        task = asyncio.create_task(anext(entries))
        await asyncio.sleep(0)
        message = r'aclose\(\): asynchronous generator is already running'
        with self.assertRaisesRegex(RuntimeError, message):
            await entries.aclose()
        task.cancel()

    async def test_right_way(self):
        entry = await newest(Feed(self.pool))
        self.assertEqual(entry, 'news')
        self.pool.release.assert_awaited_once_with(self.connection)

    async def test_right_way_when_a_task_is_inside(self):
        self.connection.next_entry.side_effect = never
        entries = Feed(self.pool).entries()
        task = asyncio.create_task(anext(entries))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        await entries.aclose()
        self.pool.release.assert_awaited_once_with(self.connection)

"""Does it clean up when it is cancelled?

Wait until the task is in the middle: cancelled before it has begun, it never reaches its `finally`.
Cancel it, wait until it has ended, and check cancelled(). Do not check done(): a task that swallows
CancelledError is done as well, and neither a timeout nor a shutdown can stop it. (CancelledError is
a BaseException: `except Exception` lets it pass, a bare `except:` does not.)
"""

import asyncio
import unittest
from unittest import mock


class Listener:
    def __init__(self, connection):
        self.connection = connection

    async def run(self):
        try:
            while True:
                await self.connection.receive()
        finally:
            await self.connection.close()


class StubbornListener(Listener):
    async def run(self):
        try:
            await super().run()
        except asyncio.CancelledError:
            return 'swallowed'


class TestListener(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.receiving = asyncio.Event()
        self.connection = mock.AsyncMock()
        self.connection.receive.side_effect = self.receive

    async def receive(self):
        self.receiving.set()
        await asyncio.Event().wait()  # for what never comes

    async def test_wrong_way_cancels_before_it_has_begun(self):
        task = asyncio.create_task(Listener(self.connection).run())
        task.cancel()
        await asyncio.wait([task])
        self.assertTrue(task.cancelled())
        self.connection.close.assert_not_called()

    async def test_wrong_way_does_not_see_that_it_is_swallowed(self):
        task = asyncio.create_task(StubbornListener(self.connection).run())
        await self.receiving.wait()
        task.cancel()
        await asyncio.wait([task])
        self.assertTrue(task.done())
        self.assertFalse(task.cancelled())

    async def test_right_way(self):
        task = asyncio.create_task(Listener(self.connection).run())
        await asyncio.wait_for(self.receiving.wait(), timeout=1)
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        self.assertTrue(task.cancelled())
        self.connection.close.assert_awaited_once_with()

    async def test_right_way_with_a_timeout(self):
        with self.assertRaises(TimeoutError):
            await asyncio.wait_for(Listener(self.connection).run(), timeout=0.01)
        self.connection.close.assert_awaited_once_with()

"""Does it clean up when it is cancelled?

Wait until the task has started: cancelled before that, it never reaches its `finally`. Then cancel
it, wait until it ends, and check cancelled(). Do not check done(): a task that swallows
CancelledError is done() as well, and no timeout can stop it.
"""

import asyncio
import unittest


class Worker:
    def __init__(self):
        self.started = asyncio.Event()
        self.connection_closed = False

    async def run(self):
        try:
            self.started.set()
            await asyncio.Event().wait()  # for work that never comes
        finally:
            self.connection_closed = True


async def ignore_cancellation():
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        return 'swallowed'


class TestCancellation(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_cancels_before_the_start(self):
        worker = Worker()
        task = asyncio.create_task(worker.run())
        task.cancel()
        await asyncio.wait([task])
        self.assertTrue(task.cancelled())
        self.assertFalse(worker.connection_closed)

    async def test_wrong_way_swallows_the_timeout(self):
        result = await asyncio.wait_for(ignore_cancellation(), timeout=0.01)
        self.assertEqual(result, 'swallowed')  # and no TimeoutError

    async def test_right_way(self):
        worker = Worker()
        task = asyncio.create_task(worker.run())
        await worker.started.wait()
        task.cancel()
        await asyncio.wait([task])
        self.assertTrue(task.cancelled())
        self.assertTrue(worker.connection_closed)

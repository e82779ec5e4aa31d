"""How do I test who comes first, without sleeps?

A new task starts when its creator first waits; with an eager task factory (Python 3.12) it starts
at once. A test that relies on either one breaks with the other: let Events say what has happened.
A Barrier shows whether two tasks run at the same time: a single task waits there forever, so set a
timeout.
"""

import asyncio
import unittest

# None is the ordinary factory. Python 3.11 has no other.
TASK_FACTORIES = [None, getattr(asyncio, 'eager_task_factory', None)]


class Worker:
    def __init__(self):
        self.started = asyncio.Event()
        self.may_finish = asyncio.Event()

    async def run(self):
        self.started.set()
        await self.may_finish.wait()


class TestOrder(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        for factory in TASK_FACTORIES:
            asyncio.get_running_loop().set_task_factory(factory)
            worker = Worker()
            task = asyncio.create_task(worker.run())
            starts_at_once = factory is not None
            self.assertEqual(worker.started.is_set(), starts_at_once)
            task.cancel()

    async def test_right_way(self):
        for factory in TASK_FACTORIES:
            asyncio.get_running_loop().set_task_factory(factory)
            worker = Worker()
            task = asyncio.create_task(worker.run())
            await worker.started.wait()
            self.assertFalse(task.done())
            worker.may_finish.set()
            await task

    async def test_right_way_at_the_same_time(self):
        barrier = asyncio.Barrier(2)
        await asyncio.gather(barrier.wait(), barrier.wait())
        with self.assertRaises(TimeoutError):
            await asyncio.wait_for(barrier.wait(), timeout=0.01)

"""How do I test who comes first, without sleeps?

A new task starts when its creator first waits; with an eager task factory (Python 3.12) it starts
at once. A test that relies on either breaks: let Events say what has happened. A Barrier shows
whether two tasks run at the same time: one alone waits there for ever, so set a timeout.
"""

import asyncio
import unittest

FACTORIES = None, getattr(asyncio, 'eager_task_factory', None)  # None: the ordinary one


async def work(begun, go):
    begun.set()
    await go.wait()


class TestOrder(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        for factory in FACTORIES:
            asyncio.get_running_loop().set_task_factory(factory)
            asyncio.create_task(work(begun := asyncio.Event(), asyncio.Event()))
            self.assertEqual(begun.is_set(), bool(factory))

    async def test_right_way(self):
        for factory in FACTORIES:
            asyncio.get_running_loop().set_task_factory(factory)
            task = asyncio.create_task(work(begun := asyncio.Event(), go := asyncio.Event()))
            await begun.wait()
            self.assertFalse(task.done())
            go.set()
            await task

    async def test_right_way_at_the_same_time(self):
        together = asyncio.Barrier(2).wait
        await asyncio.gather(together(), together())
        with self.assertRaises(TimeoutError):
            await asyncio.wait_for(together(), 0.01)

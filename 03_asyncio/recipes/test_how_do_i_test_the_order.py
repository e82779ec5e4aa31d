"""How do I test who comes first, without sleeps?

A new task begins when its creator first waits; made by an eager task factory (Python 3.12) it
begins at once, so a test that counts on either breaks. Let an Event say what has happened. Whether
two are at work at the same time is shown by a Barrier: one alone waits there in vain.
"""

import asyncio
import unittest

FACTORIES = None, getattr(asyncio, 'eager_task_factory', None)  # None: the ordinary one


async def work(log, go):
    log.append('begins')
    await go.wait()
    log.append('ends')


class TestOrder(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        for factory in FACTORIES:
            asyncio.get_running_loop().set_task_factory(factory)
            asyncio.create_task(work(log := [], asyncio.Event()))
            self.assertEqual(log, ['begins'] if factory else [])

    async def test_right_way(self):
        for factory in FACTORIES:
            asyncio.get_running_loop().set_task_factory(factory)
            task = asyncio.create_task(work(log := [], go := asyncio.Event()))
            log.append('go')
            go.set()
            await task
            self.assertLess(log.index('go'), log.index('ends'))

    async def test_right_way_at_the_same_time(self):
        barrier = asyncio.Barrier(2)
        await asyncio.gather(barrier.wait(), barrier.wait())
        with self.assertRaises(TimeoutError):
            await asyncio.wait_for(barrier.wait(), 0.01)

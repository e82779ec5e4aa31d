"""Does it clean up when it is cancelled?

Let the task begin (before that not even its `finally` runs), cancel it, wait for its end, and ask
cancelled(). A task that swallows CancelledError is done(), too, and loses its timeouts.
"""

import asyncio
import unittest


async def job(begun, log):
    try:
        begun.set()
        await asyncio.Event().wait()
    finally:
        log.append('cleaned up')


async def stubborn_job():
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        return 'swallowed'


class TestCancel(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_it_never_began(self):
        (task := asyncio.create_task(job(asyncio.Event(), log := []))).cancel()
        await asyncio.wait([task])
        self.assertEqual(log, [])

    async def test_wrong_way_loses_its_timeout(self):
        self.assertEqual(await asyncio.wait_for(stubborn_job(), 0.01), 'swallowed')

    async def test_right_way(self):
        task = asyncio.create_task(job(begun := asyncio.Event(), log := []))
        await begun.wait()
        task.cancel()
        await asyncio.wait([task])
        self.assertEqual((task.cancelled(), log), (True, ['cleaned up']))

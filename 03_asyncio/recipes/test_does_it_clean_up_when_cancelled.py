"""Does it clean up when it is cancelled?

Cancelling raises CancelledError where a task waits. One that has not begun runs nothing, not even
its `finally`. One that swallows the error loses its timeouts, too: ask for cancelled(), not done().
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

    async def test_wrong_way_passes_falsely(self):
        self.assertEqual(await asyncio.wait_for(stubborn_job(), 0.01), 'swallowed')

    async def test_right_way(self):
        task = asyncio.create_task(job(begun := asyncio.Event(), log := []))
        await begun.wait()
        task.cancel()
        await asyncio.wait([task])
        self.assertEqual((task.cancelled(), log), (True, ['cleaned up']))

"""Does it clean up when it is cancelled?

Cancelling raises CancelledError where a task waits. One that has not begun waits nowhere, and not
even its `finally` runs: let it begin first. One that swallows the error ends as if nothing were
wrong, and its timeout goes unnoticed: ask whether it is cancelled(), not whether it is done().
"""

import asyncio
import contextlib
import unittest


async def job(begun, log):
    try:
        begun.set()
        await asyncio.Event().wait()
    finally:
        log.append('cleaned up')


async def stubborn_job():
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.Event().wait()


class TestCancel(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_it_never_began(self):
        (task := asyncio.create_task(job(asyncio.Event(), log := []))).cancel()
        await asyncio.wait([task])
        self.assertEqual(log, [])

    async def test_wrong_way_passes_falsely(self):
        await asyncio.wait_for(stubborn_job(), 0.01)

    async def test_right_way(self):
        task = asyncio.create_task(job(begun := asyncio.Event(), log := []))
        await begun.wait()
        task.cancel()
        await asyncio.wait([task])
        self.assertEqual((task.cancelled(), log), (True, ['cleaned up']))

"""Tests of a worker that runs as a task: join() waits for the queue, cancel() ends the task."""

import asyncio
import unittest
from unittest import mock

from thumbnails import work

PATIENCE = 1  # seconds: only a worker that hangs ever takes that long


class TestWork(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.queue = asyncio.Queue()
        self.shrink = mock.AsyncMock()
        self.worker = asyncio.create_task(work(self.queue, self.shrink))
        self.addAsyncCleanup(self.stop)

    async def stop(self):
        self.worker.cancel()
        await asyncio.gather(self.worker, return_exceptions=True)

    async def finish(self, *names):
        """Put names into the queue, and wait until all of them have been dealt with."""
        for name in names:
            self.queue.put_nowait(name)
        async with asyncio.timeout(PATIENCE):
            await self.queue.join()

    async def test_shrinks_one_picture_after_the_other(self):
        await self.finish('cat.png', 'dog.png')
        self.assertEqual(self.shrink.await_args_list, [mock.call('cat.png'), mock.call('dog.png')])

    async def test_logs_a_picture_that_cannot_be_shrunk_and_goes_on(self):
        self.shrink.side_effect = [OSError('disk full'), None]
        with self.assertLogs('thumbnails') as logged:
            await self.finish('cat.png', 'dog.png')
        self.assertEqual(logged.output, ['ERROR:thumbnails:cat.png: disk full'])
        self.shrink.assert_awaited_with('dog.png')

    async def test_is_not_done_before_the_picture_is(self):
        async def nothing_is_done_yet(name):
            joining = asyncio.create_task(self.queue.join())
            await asyncio.sleep(0)  # join() has its turn
            self.done_too_early = joining.done()

        self.shrink.side_effect = nothing_is_done_yet
        await self.finish('cat.png')
        self.assertFalse(self.done_too_early)

    async def test_ends_when_it_is_cancelled_in_the_middle_of_a_picture(self):
        started = asyncio.Event()

        async def shrink_forever(name):
            started.set()
            await asyncio.Event().wait()

        self.shrink.side_effect = shrink_forever
        self.queue.put_nowait('cat.png')
        async with asyncio.timeout(PATIENCE):
            await started.wait()
        self.worker.cancel()
        await asyncio.wait([self.worker], timeout=PATIENCE)
        self.assertTrue(self.worker.cancelled())

    async def test_a_bug_in_shrink_is_not_hidden(self):
        self.shrink.side_effect = TypeError
        self.queue.put_nowait('cat.png')
        with self.assertRaises(TypeError):
            async with asyncio.timeout(PATIENCE):
                await self.worker

"""How do I test an endless worker, `while True: item = await queue.get()`?

Run it as a task, wait until the queue is done with queue.join(), and cancel it. If the worker dies,
nobody calls task_done() any more, and join() hangs: do all of this in a TaskGroup, which then
stops waiting and raises the worker's error. To test a single round without a task, let a mocked
get() raise CancelledError after its items.
"""

import asyncio
import unittest
from unittest import mock


class MailWorker:
    def __init__(self, queue, mailer):
        self.queue = queue
        self.mailer = mailer

    async def run(self):
        while True:
            mail = await self.queue.get()
            await self.mailer.send(mail)
            self.queue.task_done()


class TestMailWorker(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.queue = asyncio.Queue()
        self.mailer = mock.AsyncMock()
        self.worker = MailWorker(self.queue, self.mailer)

    async def run_until_queue_is_done(self):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self.worker.run())
            await self.queue.join()
            task.cancel()

    async def test_wrong_way_awaits_what_never_ends(self):
        with self.assertRaises(TimeoutError):
            await asyncio.wait_for(self.worker.run(), timeout=0.01)

    async def test_wrong_way_hangs_when_the_worker_dies(self):
        self.mailer.send.side_effect = ConnectionError('no mail server')
        self.queue.put_nowait('hello')
        task = asyncio.create_task(self.worker.run())
        with self.assertRaises(TimeoutError):  # which says nothing about the mail server
            await asyncio.wait_for(self.queue.join(), timeout=0.01)
        self.assertIsInstance(task.exception(), ConnectionError)

    async def test_right_way(self):
        self.queue.put_nowait('hello')
        self.queue.put_nowait('goodbye')
        await self.run_until_queue_is_done()
        sent = [call.args[0] for call in self.mailer.send.await_args_list]
        self.assertEqual(sent, ['hello', 'goodbye'])

    async def test_right_way_when_the_worker_dies(self):
        self.mailer.send.side_effect = ConnectionError('no mail server')
        self.queue.put_nowait('hello')
        with self.assertRaises(ExceptionGroup) as raised:
            await self.run_until_queue_is_done()
        self.assertIsInstance(raised.exception.exceptions[0], ConnectionError)

    async def test_right_way_for_a_single_round(self):
        self.worker.queue = mock.MagicMock(asyncio.Queue)
        self.worker.queue.get.side_effect = ['hello', asyncio.CancelledError]
        with self.assertRaises(asyncio.CancelledError):
            await self.worker.run()
        self.mailer.send.assert_awaited_once_with('hello')
        self.worker.queue.task_done.assert_called_once_with()

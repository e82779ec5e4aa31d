"""A worker that never ends. These tests let it work for a while, and pass.

They do not notice if it goes home early, or if nobody can wait for it. Change them so that they
wait for the mails, not for the time, and so that a bug makes them fail, not hang.
The file to edit is 03_asyncio/my_work/12_queue_worker/test_mail_worker.py.
"""

import asyncio
import unittest
from unittest import mock

from mail_worker import MailWorker


class TestMailWorker(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.queue = asyncio.Queue()
        self.mailer = mock.AsyncMock()
        self.worker = MailWorker(self.queue, self.mailer)

    async def work_for_a_while(self):
        task = asyncio.create_task(self.worker.run())
        await asyncio.sleep(0.02)
        task.cancel()

    async def test_sends_mails(self):
        self.queue.put_nowait('first')
        self.queue.put_nowait('second')
        await self.work_for_a_while()
        self.mailer.send.assert_called_with('second')
        self.assertTrue(self.queue.empty())

    async def test_mail_that_fails(self):
        self.mailer.send.side_effect = OSError
        self.queue.put_nowait('bad')
        await self.work_for_a_while()
        self.assertEqual(self.worker.failed, ['bad'])

    async def test_cancelled(self):
        self.mailer.send.side_effect = asyncio.CancelledError
        self.queue.put_nowait('interrupted')
        await self.work_for_a_while()
        self.mailer.send.assert_called_once_with('interrupted')

"""queue.join() waits for the mails, a timeout turns a hang into a failure, and cancel() ends it."""

import asyncio
import unittest
from unittest import mock

from mail_worker import MailWorker

LIMIT = 0.5  # seconds: reached only if the worker has ended, or forgets a mail


class TestMailWorker(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.queue = asyncio.Queue()
        self.mailer = mock.AsyncMock()
        self.worker = MailWorker(self.queue, self.mailer)
        self.task = asyncio.create_task(self.worker.run())

    async def asyncTearDown(self):
        await self.cancel()

    async def work(self, *mails):
        """Queue mails, and wait until the worker has done with all of them."""
        for mail in mails:
            self.queue.put_nowait(mail)
        async with asyncio.timeout(LIMIT):
            await self.queue.join()

    async def cancel(self):
        self.task.cancel()
        await asyncio.wait([self.task], timeout=LIMIT)

    async def test_mails_are_sent_in_order(self):
        await self.work('first', 'second')
        mails = [mock.call('first'), mock.call('second')]
        self.assertEqual(self.mailer.send.await_args_list, mails)
        self.assertEqual(self.worker.failed, [])

    async def test_worker_waits_for_more(self):
        await self.work('first')
        await self.work('second')
        self.mailer.send.assert_awaited_with('second')

    async def test_mail_is_done_when_it_has_been_sent(self):
        sent = []

        async def send(mail):
            await asyncio.sleep(0)  # the others have a turn: also the one that waits in join()
            sent.append(mail)

        self.mailer.send.side_effect = send
        await self.work('slow')
        self.assertEqual(sent, ['slow'])

    async def test_mail_that_fails_does_not_end_the_worker(self):
        self.mailer.send.side_effect = [OSError, None]
        await self.work('bad', 'good')
        self.mailer.send.assert_awaited_with('good')
        self.assertEqual(self.worker.failed, ['bad'])

    async def test_mail_that_is_interrupted_goes_back(self):
        sending = asyncio.Event()

        async def send(mail):
            sending.set()
            await asyncio.Event().wait()

        self.mailer.send.side_effect = send
        self.queue.put_nowait('interrupted')
        await asyncio.wait_for(sending.wait(), LIMIT)
        await self.cancel()
        self.assertTrue(self.task.cancelled())
        self.assertEqual(self.queue.get_nowait(), 'interrupted')
        self.assertEqual(self.worker.failed, [])

    async def test_idle_worker_can_be_cancelled(self):
        await self.work('first')
        await self.cancel()
        self.assertTrue(self.task.cancelled())

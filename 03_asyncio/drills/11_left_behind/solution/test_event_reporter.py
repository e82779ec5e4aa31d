"""Each test ends with a look at what it leaves behind: running tasks, and lost errors."""

import asyncio
import unittest
from unittest import mock

from event_reporter import EventReporter


def background_tasks():
    return asyncio.all_tasks() - {asyncio.current_task()}


class SlowClient:
    """Has begun to send, and goes on until it is cancelled."""

    def __init__(self):
        self.sending = asyncio.Event()
        self.steps = []

    async def send(self, event):
        self.sending.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.steps.append('send ended')

    async def close(self):
        self.steps.append('client closed')


class TestEventReporter(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.lost_errors = []
        asyncio.get_running_loop().set_exception_handler(self.record_lost_error)
        self.client = mock.AsyncMock()
        self.reporter = EventReporter(self.client)

    def record_lost_error(self, loop, context):
        self.lost_errors.append(context)

    async def asyncTearDown(self):
        self.assertEqual(background_tasks(), set())
        self.assertEqual(self.lost_errors, [])

    async def wait_for_the_background(self):
        await asyncio.wait(background_tasks())

    async def report_and_keep_sending(self):
        self.client = SlowClient()
        self.reporter = EventReporter(self.client)
        self.reporter.report('login')
        await self.client.sending.wait()

    async def test_event_is_sent(self):
        self.reporter.report('login')
        await self.wait_for_the_background()
        self.client.send.assert_awaited_once_with('login')

    async def test_report_does_not_wait(self):
        self.reporter.report('login')
        self.client.send.assert_not_awaited()
        await self.wait_for_the_background()

    async def test_failure_is_logged(self):
        error = OSError('no network')
        self.client.send.side_effect = error
        # With the name: asyncio, too, logs errors that nobody has retrieved.
        with self.assertLogs('event_reporter', 'ERROR') as logs:
            self.reporter.report('login')
            await self.wait_for_the_background()
        self.assertIs(logs.records[0].exc_info[1], error)

    async def test_close_closes_the_client(self):
        await self.reporter.close()
        self.client.close.assert_awaited_once_with()

    async def test_close_cancels_and_waits_before_it_closes_the_client(self):
        await self.report_and_keep_sending()
        await self.reporter.close()
        self.assertEqual(self.client.steps, ['send ended', 'client closed'])

    async def test_cancelled_event_is_not_logged(self):
        await self.report_and_keep_sending()
        with self.assertNoLogs('event_reporter'):
            await self.reporter.close()

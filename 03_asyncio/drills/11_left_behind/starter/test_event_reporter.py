"""Tasks in the background. These tests reach every line of event_reporter.py, and pass.

They also pass if tasks outlive their reporter, and if their errors are lost. Change them until
they notice: what is left behind at the end of each test, and who has been told of an error?
The file to edit is 03_asyncio/my_work/11_left_behind/test_event_reporter.py.
"""

import asyncio
import unittest
from unittest import mock

from event_reporter import EventReporter


class TestEventReporter(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.client = mock.AsyncMock()
        self.reporter = EventReporter(self.client)

    async def test_sends_the_event(self):
        self.reporter.report('login')
        await asyncio.sleep(0)
        self.client.send.assert_awaited_once_with('login')

    async def test_survives_an_error(self):
        self.client.send.side_effect = OSError
        self.reporter.report('login')
        await asyncio.sleep(0.01)
        self.client.send.assert_awaited_once_with('login')  # and no exception comes out

    async def test_close_closes_the_client(self):
        self.reporter.report('login')
        await self.reporter.close()
        self.client.close.assert_called_once_with()

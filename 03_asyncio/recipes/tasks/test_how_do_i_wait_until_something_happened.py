"""How do I wait in a test until something has happened, without a fixed sleep?

A fixed sleep is too short on a busy machine and too long on any other. Let a side_effect of the
mock set an Event, and wait for that. If nothing can set one, poll the condition, with a timeout
that is reached only when the test fails. `asyncio.sleep(0)` gives the other tasks one turn, and
most need more than one.
"""

import asyncio
import unittest
from unittest import mock


class Inbox:
    def __init__(self, spam_filter, handler):
        self.spam_filter = spam_filter
        self.handler = handler
        self.tasks = set()

    def deliver(self, mail):
        task = asyncio.create_task(self.handle(mail))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def handle(self, mail):
        await self.spam_filter.check(mail)
        self.handler(mail)


async def wait_until(condition):
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.001)


async def take_a_while(mail):
    await asyncio.sleep(0.01)


class TestInbox(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        spam_filter = mock.AsyncMock()
        spam_filter.check.side_effect = take_a_while
        self.handler = mock.Mock()
        self.inbox = Inbox(spam_filter, self.handler)

    async def test_wrong_way_does_not_wait_long_enough(self):
        self.inbox.deliver('hello')
        await asyncio.sleep(0)
        with self.assertRaisesRegex(AssertionError, 'Called 0 times'):
            self.handler.assert_called_once_with('hello')

    async def test_right_way_with_an_event(self):
        handled = asyncio.Event()

        def set_handled(mail):
            handled.set()

        self.handler.side_effect = set_handled
        self.inbox.deliver('hello')
        await asyncio.wait_for(handled.wait(), timeout=5)
        self.handler.assert_called_once_with('hello')

    async def test_right_way_with_polling(self):
        self.inbox.deliver('hello')

        def is_called():
            return self.handler.called

        await wait_until(is_called)
        self.handler.assert_called_once_with('hello')

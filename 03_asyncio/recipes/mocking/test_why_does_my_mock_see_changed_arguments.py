"""Why does my assertion see the arguments as they were changed later?

A mock keeps the very object that it was given, not a copy. If the code then clears the list or adds
a key to the dict, the mock's `await_args` shows that, and the assertion fails, or passes falsely.
Copy the arguments when the call is made: with a `side_effect`, or with a mock that copies them all.
"""

import copy
import unittest
from unittest import mock


class EventLog:
    def __init__(self, send):
        self.send = send
        self.events = []

    async def add(self, event):
        self.events.append(event)
        if len(self.events) == 2:
            await self.send(self.events)
            self.events.clear()


class CopyingAsyncMock(mock.AsyncMock):
    def __call__(self, *args, **kwargs):
        args = copy.deepcopy(args)
        kwargs = copy.deepcopy(kwargs)
        return super().__call__(*args, **kwargs)


class TestEventLog(unittest.IsolatedAsyncioTestCase):
    async def add_two(self, send):
        log = EventLog(send)
        await log.add('start')
        await log.add('stop')

    async def test_wrong_way(self):
        send = mock.AsyncMock()
        await self.add_two(send)
        with self.assertRaisesRegex(AssertionError, 'expected await not found'):
            send.assert_awaited_once_with(['start', 'stop'])
        send.assert_awaited_once_with([])  # the list is empty by now

    async def test_right_way_with_a_side_effect(self):
        sent = []

        def keep_a_copy(events):
            sent.append(copy.deepcopy(events))

        send = mock.AsyncMock(side_effect=keep_a_copy)
        await self.add_two(send)
        self.assertEqual(sent, [['start', 'stop']])

    async def test_right_way_with_a_copying_mock(self):
        send = CopyingAsyncMock()
        await self.add_two(send)
        send.assert_awaited_once_with(['start', 'stop'])

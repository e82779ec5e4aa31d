"""`patch.object` in a `with` statement: the block shows where the mock is in place."""

import unittest
from unittest import mock

import async_receive
from async_receive import receive
from helpers import AsyncMock, _run


class TestReceive(unittest.TestCase):
    def test_invalid_packet(self):
        self.assertRaises(ValueError, _run, receive('FOO', 'data'))

    def test_ping(self):
        with mock.patch.object(async_receive, 'send_to_client', AsyncMock()) as send_to_client:
            _run(receive('PING', 'data'))
        send_to_client.mock.assert_called_once_with('PONG', 'data')

    def test_message(self):
        stub = AsyncMock(return_value='my response')
        with (
            mock.patch.object(async_receive, 'trigger_event', stub) as trigger_event,
            mock.patch.object(async_receive, 'send_to_client', AsyncMock()) as send_to_client,
        ):
            _run(receive('MESSAGE', 'data'))
        trigger_event.mock.assert_called_once_with('message', 'data')
        send_to_client.mock.assert_called_once_with('MESSAGE', 'my response')

"""The article's way: `new=` patches in a mock coroutine function, and the test imports it."""

import unittest
from unittest import mock

from async_receive import receive
from helpers import AsyncMock, _run


class TestReceive(unittest.TestCase):
    def test_invalid_packet(self):
        self.assertRaises(ValueError, _run, receive('FOO', 'data'))

    @mock.patch('async_receive.send_to_client', new=AsyncMock())
    def test_ping(self):
        _run(receive('PING', 'data'))
        from async_receive import send_to_client

        send_to_client.mock.assert_called_once_with('PONG', 'data')

    @mock.patch('async_receive.trigger_event', new=AsyncMock(return_value='my response'))
    @mock.patch('async_receive.send_to_client', new=AsyncMock())
    def test_message(self):
        _run(receive('MESSAGE', 'data'))
        from async_receive import send_to_client, trigger_event

        trigger_event.mock.assert_called_once_with('message', 'data')
        send_to_client.mock.assert_called_once_with('MESSAGE', 'my response')

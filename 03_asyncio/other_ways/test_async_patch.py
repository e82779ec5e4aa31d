"""This kit's decorator: async_patch makes a new mock for each test, and passes it in."""

import unittest

from async_receive import receive
from helpers import _run, async_patch


class TestReceive(unittest.TestCase):
    def test_invalid_packet(self):
        self.assertRaises(ValueError, _run, receive('FOO', 'data'))

    @async_patch('async_receive.send_to_client')
    def test_ping(self, send_to_client):
        _run(receive('PING', 'data'))
        send_to_client.mock.assert_called_once_with('PONG', 'data')

    @async_patch('async_receive.trigger_event', return_value='my response')
    @async_patch('async_receive.send_to_client')
    def test_message(self, send_to_client, trigger_event):
        _run(receive('MESSAGE', 'data'))
        trigger_event.mock.assert_called_once_with('message', 'data')
        send_to_client.mock.assert_called_once_with('MESSAGE', 'my response')

"""The unit tests of stage 1: each runs one function, and mocks what that function calls."""

import unittest
from unittest import mock

from receive import receive, send_to_client, trigger_event


class TestReceive(unittest.TestCase):
    def test_invalid_packet(self):
        self.assertRaises(ValueError, receive, 'FOO', 'data')

    @mock.patch('receive.send_to_client')
    def test_ping(self, send_to_client):
        receive('PING', 'data')
        send_to_client.assert_called_once_with('PONG', 'data')

    @mock.patch('receive.trigger_event', return_value='my response')
    @mock.patch('receive.send_to_client')
    def test_message(self, send_to_client, trigger_event):
        receive('MESSAGE', 'data')
        trigger_event.assert_called_once_with('message', 'data')
        send_to_client.assert_called_once_with('MESSAGE', 'my response')


class TestSendToClient(unittest.TestCase):
    @mock.patch('receive.client')
    def test_send_to_client(self, client):
        send_to_client('PONG', 'data')
        client.get().write.assert_called_once_with(b'["PONG", "data"]\n')


class TestTriggerEvent(unittest.TestCase):
    @mock.patch.dict('receive.handlers', message=str.upper)
    def test_handler(self):
        self.assertEqual(trigger_event('message', 'data'), 'DATA')

    @mock.patch.dict('receive.handlers', clear=True)
    def test_no_handler(self):
        self.assertRaises(ValueError, trigger_event, 'message', 'data')

    @mock.patch.dict('receive.handlers', message=mock.MagicMock(side_effect=ValueError))
    def test_handler_fails(self):
        self.assertRaises(RuntimeError, trigger_event, 'message', 'data')

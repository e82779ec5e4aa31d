"""A pair: a coroutine function to patch in, and a separate mock that records its calls."""

import unittest
from unittest import mock

from async_receive import receive
from helpers import _run


def make_async_mock(**kwargs):
    recorder = mock.MagicMock(**kwargs)

    async def mock_coro(*args, **kwargs):
        return recorder(*args, **kwargs)

    return mock_coro, recorder


class TestReceive(unittest.TestCase):
    def test_invalid_packet(self):
        self.assertRaises(ValueError, _run, receive('FOO', 'data'))

    def test_ping(self):
        send_to_client, sent = make_async_mock()
        with mock.patch('async_receive.send_to_client', send_to_client):
            _run(receive('PING', 'data'))
        sent.assert_called_once_with('PONG', 'data')

    def test_message(self):
        trigger_event, triggered = make_async_mock(return_value='my response')
        send_to_client, sent = make_async_mock()
        with (
            mock.patch('async_receive.trigger_event', trigger_event),
            mock.patch('async_receive.send_to_client', send_to_client),
        ):
            _run(receive('MESSAGE', 'data'))
        triggered.assert_called_once_with('message', 'data')
        sent.assert_called_once_with('MESSAGE', 'my response')

"""A solution of exercise 3, in the article's way: `new=`, and an import in the test.

The lesson has another, shorter one: its async_patch makes a new mock for each test.
"""

import asyncio
import unittest
from unittest import mock

from async_receive import receive, send_to_client, trigger_event
from my_helpers import AsyncMock, _run


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


class TestSendToClient(unittest.TestCase):
    @mock.patch('async_receive.client')
    def test_send_to_client(self, client):
        writer = client.get()
        writer.drain = AsyncMock()
        _run(send_to_client('PONG', 'data'))
        writer.write.assert_called_once_with(b'["PONG", "data"]\n')
        writer.drain.mock.assert_called_once_with()


class TestTriggerEvent(unittest.TestCase):
    @mock.patch.dict('async_receive.handlers', message=AsyncMock(side_effect=str.upper))
    def test_handler(self):
        self.assertEqual(_run(trigger_event('message', 'data')), 'DATA')

    @mock.patch.dict('async_receive.handlers', clear=True)
    def test_no_handler(self):
        self.assertRaises(ValueError, _run, trigger_event('message', 'data'))

    @mock.patch.dict('async_receive.handlers', message=AsyncMock(side_effect=ValueError))
    def test_handler_fails(self):
        self.assertRaises(RuntimeError, _run, trigger_event('message', 'data'))

    @mock.patch.dict('async_receive.handlers', message=asyncio.sleep)
    def test_handler_cancelled(self):
        hour = trigger_event('message', 3600)
        self.assertRaises(TimeoutError, _run, asyncio.wait_for(hour, timeout=0.01))

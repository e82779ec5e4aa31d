"""The unit tests of stage 3: those of stage 1, with coroutines to run and coroutines to mock."""

import asyncio
import unittest
from unittest import mock

from async_receive import receive, send_to_client, trigger_event
from helpers import AsyncMock, _run, async_patch


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

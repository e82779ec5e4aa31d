"""Tests of coroutines with the tools of the standard library alone."""

import unittest
from unittest import mock

from packets import receive, send


class TestReceive(unittest.IsolatedAsyncioTestCase):
    async def test_ping_is_answered_with_the_same_data(self):
        with mock.patch('packets.send') as send:
            await receive('writer', 'PING', 'data')
        send.assert_awaited_once_with('writer', 'PONG', 'data')

    async def test_message_is_answered_with_the_response_of_the_handler(self):
        handler = mock.AsyncMock(return_value='response')
        with (
            mock.patch('packets.send') as send,
            mock.patch.dict('packets.handlers', MESSAGE=handler),
        ):
            await receive('writer', 'MESSAGE', 'data')
        handler.assert_awaited_once_with('data')
        send.assert_awaited_once_with('writer', 'MESSAGE', 'response')

    async def test_refuses_an_unknown_packet(self):
        with self.assertRaises(ValueError):
            await receive('writer', 'FOO', 'data')


class TestSend(unittest.IsolatedAsyncioTestCase):
    async def test_writes_a_line_and_waits_for_the_client(self):
        writer = mock.Mock(drain=mock.AsyncMock())
        await send(writer, 'PONG', 'data')
        writer.write.assert_called_once_with(b'["PONG", "data"]\n')
        writer.drain.assert_awaited_once_with()

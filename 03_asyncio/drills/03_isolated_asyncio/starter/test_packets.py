"""Python's own AsyncMock: the tests of stage 3 once more, in the way to write them at work.

mock.patch puts an AsyncMock in the place of a coroutine function by itself. These tests use it, and
ask it too little. The file to edit is 03_asyncio/my_work/03_isolated_asyncio/test_packets.py.
"""

import unittest
from unittest import mock

from packets import receive, send


class TestReceive(unittest.IsolatedAsyncioTestCase):
    async def test_ping(self):
        with mock.patch('packets.send') as send:
            await receive('writer', 'PING', 'data')
        self.assertTrue(send.called)

    async def test_message(self):
        handler = mock.AsyncMock()
        with (
            mock.patch('packets.send') as send,
            mock.patch.dict('packets.handlers', MESSAGE=handler),
        ):
            await receive('writer', 'MESSAGE', 'data')
        self.assertTrue(send.called)
        self.assertTrue(handler.called)

    async def test_invalid_packet(self):
        with self.assertRaises(ValueError):
            await receive('writer', 'FOO', 'data')


class TestSend(unittest.IsolatedAsyncioTestCase):
    async def test_send(self):
        writer = mock.AsyncMock()
        writer.write = mock.Mock()
        await send(writer, 'PONG', 'data')
        self.assertTrue(writer.write.called)

"""Streams: bytes arrive in pieces, or not at all. These tests reach every line of value_client.py.

They pass, because here each answer arrives in one piece, and no test asks what the client awaited.
Change them until they notice a client that only works on a good day.
The file to edit is 03_asyncio/my_work/16_streams/test_value_client.py.
"""

import asyncio
import contextlib
import unittest
from unittest import mock

from value_client import ValueClient


class TestValueClient(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.reader = asyncio.StreamReader()
        self.writer = mock.MagicMock()
        self.writer.drain = mock.AsyncMock()
        self.writer.wait_closed = mock.AsyncMock()
        self.client = ValueClient(self.reader, self.writer)

    async def test_get(self):
        self.reader.feed_data(b'5\nhello')
        self.assertEqual(await self.client.get('greeting'), b'hello')
        self.writer.write.assert_called_once()
        self.writer.drain.assert_called_once_with()

    async def test_server_leaves(self):
        self.reader.feed_data(b'5\n')
        self.reader.feed_eof()
        with contextlib.suppress(ConnectionError):
            await self.client.get('greeting')

    async def test_close(self):
        await self.client.close()
        self.writer.close.assert_called_once_with()
        self.writer.wait_closed.assert_called_once_with()

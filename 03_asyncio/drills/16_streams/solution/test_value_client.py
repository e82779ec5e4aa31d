"""A real StreamReader, fed in pieces, and a writer that is partly synchronous, as the real one."""

import asyncio
import unittest
from unittest import mock

from value_client import ValueClient


class TestValueClient(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.reader = asyncio.StreamReader()
        # From the spec it knows that drain() and wait_closed() are awaited, and write() is not.
        self.writer = mock.create_autospec(asyncio.StreamWriter, instance=True)
        self.client = ValueClient(self.reader, self.writer)

    async def get_in_pieces(self, first, second):
        """Get a value; its second piece arrives once the client waits for more than the first."""
        self.reader.feed_data(first)
        asyncio.get_running_loop().call_soon(self.reader.feed_data, second)
        return await self.client.get('greeting')

    async def test_question_is_written_and_drained(self):
        self.reader.feed_data(b'5\nhello')
        self.assertEqual(await self.client.get('greeting'), b'hello')
        self.writer.write.assert_called_once_with(b'GET greeting\n')
        self.writer.drain.assert_awaited_once_with()

    async def test_value_arrives_in_two_pieces(self):
        self.assertEqual(await self.get_in_pieces(b'5\nhel', b'lo'), b'hello')

    async def test_size_arrives_in_two_pieces(self):
        self.assertEqual(await self.get_in_pieces(b'1', b'2\nhello, world'), b'hello, world')

    async def test_two_tasks_ask_at_the_same_time(self):
        both = asyncio.gather(self.client.get('greeting'), self.client.get('farewell'))
        # The loop keeps the order: both tasks begin, and only then do the answers arrive.
        asyncio.get_running_loop().call_soon(self.reader.feed_data, b'5\nhello3\nbye')
        values = await both
        self.assertEqual(values, [b'hello', b'bye'])

    async def test_server_leaves_before_it_answers(self):
        self.reader.feed_eof()
        with self.assertRaises(ConnectionError):
            await self.client.get('greeting')

    async def test_server_leaves_in_the_middle_of_a_value(self):
        self.reader.feed_data(b'5\nhel')
        self.reader.feed_eof()
        with self.assertRaises(ConnectionError):
            await self.client.get('greeting')

    async def test_close_waits_until_the_stream_is_closed(self):
        await self.client.close()
        self.writer.close.assert_called_once_with()
        self.writer.wait_closed.assert_awaited_once_with()

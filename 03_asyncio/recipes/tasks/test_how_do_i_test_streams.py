"""How do I test code that reads and writes asyncio streams?

A StreamReader needs no network: fill a real one with feed_data() and feed_eof(). Then bytes arrive
in pieces, and a server that leaves too early is an IncompleteReadError, as on a socket. A
StreamWriter is only partly asynchronous: with its class as spec, a MagicMock knows that drain() and
wait_closed() are awaited, and that write() and close() are not. Create the reader in a coroutine,
because it needs the running event loop.
"""

import asyncio
import unittest
from unittest import mock


async def fetch_price(article):
    reader, writer = await asyncio.open_connection('prices.example', 4000)
    try:
        writer.write(f'{article}\n'.encode())
        await writer.drain()
        line = await reader.readuntil(b'\n')
        return float(line)
    finally:
        writer.close()
        await writer.wait_closed()


class TestFetchPrice(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.reader = asyncio.StreamReader()
        self.writer = mock.MagicMock(asyncio.StreamWriter)
        connection = (self.reader, self.writer)
        patcher = mock.patch('asyncio.open_connection', return_value=connection)
        self.open_connection = patcher.start()
        self.addCleanup(patcher.stop)

    async def test_wrong_way_with_a_magicmock_without_spec(self):
        self.open_connection.return_value = (self.reader, mock.MagicMock())
        self.reader.feed_data(b'4.50\n')
        not_awaitable = (
            "MagicMock can't be used in 'await' expression|MagicMock' object can't be awaited"
        )
        with self.assertRaisesRegex(TypeError, not_awaitable):
            await fetch_price('tea')

    async def test_wrong_way_with_an_asyncmock(self):
        self.open_connection.return_value = (self.reader, mock.AsyncMock())
        self.reader.feed_data(b'4.50\n')
        with self.assertWarnsRegex(RuntimeWarning, "_execute_mock_call' was never awaited"):
            await fetch_price('tea')

    async def test_right_way(self):
        self.reader.feed_data(b'4.50\n')
        price = await fetch_price('tea')
        self.assertEqual(price, 4.5)
        self.open_connection.assert_awaited_once_with('prices.example', 4000)
        self.writer.write.assert_called_once_with(b'tea\n')
        self.writer.drain.assert_awaited_once_with()
        self.writer.wait_closed.assert_awaited_once_with()

    async def test_right_way_in_pieces(self):
        self.reader.feed_data(b'4.')
        asyncio.get_running_loop().call_soon(self.reader.feed_data, b'50\n')
        price = await fetch_price('tea')
        self.assertEqual(price, 4.5)

    async def test_right_way_when_the_server_leaves(self):
        self.reader.feed_data(b'4.')
        self.reader.feed_eof()
        message = '2 bytes read on a total of undefined expected bytes'
        with self.assertRaisesRegex(asyncio.IncompleteReadError, message):
            await fetch_price('tea')
        self.writer.close.assert_called_once_with()

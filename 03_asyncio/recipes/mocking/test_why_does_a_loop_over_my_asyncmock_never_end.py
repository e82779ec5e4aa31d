"""Why does `while True` with an AsyncMock never end?

The loop ends when `read()` or `recv()` returns nothing, or raises; an AsyncMock always returns one
more mock, which is true. It does not even wait, so no timeout can stop it, and as it remembers each
call, memory fills up. Give the mock its last answer as well: a list as `side_effect` that ends with
`b''`, or with the exception that ends the loop.
"""

import unittest
from unittest import mock


class Download:
    def __init__(self, reader):
        self.reader = reader
        self.chunks = []

    async def run(self):
        while True:
            chunk = await self.reader.read(4096)
            if not chunk:
                return
            self.chunks.append(chunk)


class Chat:
    def __init__(self, socket):
        self.socket = socket
        self.lines = []

    async def run(self):
        try:
            while True:
                line = await self.socket.recv()
                self.lines.append(line)
        except ConnectionError:
            await self.socket.close()


class TestEndlessLoops(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        reader = mock.AsyncMock()
        reader.read.side_effect = [mock.DEFAULT] * 100  # so that here it does end
        download = Download(reader)
        with self.assertRaises(StopAsyncIteration):
            await download.run()
        self.assertEqual(len(download.chunks), 100)

    async def test_right_way(self):
        reader = mock.AsyncMock()
        reader.read.side_effect = [b'one', b'two', b'']
        download = Download(reader)
        await download.run()
        self.assertEqual(download.chunks, [b'one', b'two'])

    async def test_right_way_with_an_exception(self):
        socket = mock.AsyncMock()
        socket.recv.side_effect = ['hello', 'goodbye', ConnectionError]
        chat = Chat(socket)
        await chat.run()
        self.assertEqual(chat.lines, ['hello', 'goodbye'])
        socket.close.assert_awaited_once_with()

"""How do I test a client or a server on a real socket?

A port that you choose yourself may be in use: by another test, by another xdist worker, or by the
previous test's server. Listen on port 0 of 127.0.0.1, and ask the server which port it got. (On
`localhost`, port 0 can give two sockets with different ports.) Close the clients before the server:
from Python 3.12 on, its wait_closed() waits until they have left.
"""

import asyncio
import unittest


async def shout(reader, writer):
    """Serve one client: answer each line in capitals until the client leaves."""
    async for line in reader:
        writer.write(line.upper())
        await writer.drain()
    writer.close()
    await writer.wait_closed()


class ShoutClient:
    def __init__(self, port):
        self.port = port

    async def __aenter__(self):
        self.reader, self.writer = await asyncio.open_connection('127.0.0.1', self.port)
        return self

    async def __aexit__(self, *exc_info):
        self.writer.close()
        await self.writer.wait_closed()

    async def ask(self, line):
        self.writer.write(line + b'\n')
        await self.writer.drain()
        return await self.reader.readline()


class TestShout(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.server = await asyncio.start_server(shout, '127.0.0.1', 0)
        self.port = self.server.sockets[0].getsockname()[1]

    async def asyncTearDown(self):
        self.server.close()
        await asyncio.wait_for(self.server.wait_closed(), timeout=5)

    async def test_wrong_way_on_a_port_that_is_taken(self):
        with self.assertRaisesRegex(OSError, 'error while attempting to bind on address'):
            await asyncio.start_server(shout, '127.0.0.1', self.port)

    async def test_right_way(self):
        async with ShoutClient(self.port) as client:
            answer = await client.ask(b'hello')
        self.assertEqual(answer, b'HELLO\n')

    async def test_right_way_with_two_clients_at_once(self):
        async with ShoutClient(self.port) as first, ShoutClient(self.port) as second:
            answers = await asyncio.gather(first.ask(b'one'), second.ask(b'two'))
        self.assertEqual(answers, [b'ONE\n', b'TWO\n'])

"""Why does `Server.wait_closed()` hang from Python 3.12 on?

Until 3.11 it did not wait at all. Now it waits until the server has closed its side of every
connection, and a handler that reads does so only when its client leaves. In the test, close the
clients before the server, and put a timeout around the waiting; in each handler, close the writer.
(From Python 3.13 on, server.close_clients() closes what is left.)
"""

import asyncio
import sys
import unittest


async def echo(reader, writer):
    async for line in reader:
        writer.write(line)
        await writer.drain()
    writer.close()
    await writer.wait_closed()


class TestEcho(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.server = await asyncio.start_server(echo, '127.0.0.1', 0)
        port = self.server.sockets[0].getsockname()[1]
        self.reader, self.writer = await asyncio.open_connection('127.0.0.1', port)
        self.writer.write(b'hello\n')
        self.assertEqual(await self.reader.readline(), b'hello\n')

    async def close_client(self):
        self.writer.close()
        await self.writer.wait_closed()

    async def test_wrong_way_closes_the_server_first(self):
        self.server.close()
        waiting = asyncio.create_task(self.server.wait_closed())
        await asyncio.wait([waiting], timeout=0.05)
        hangs = sys.version_info >= (3, 12)
        self.assertEqual(waiting.done(), not hangs)
        await self.close_client()
        await waiting

    async def test_right_way(self):
        await self.close_client()
        self.server.close()
        await asyncio.wait_for(self.server.wait_closed(), timeout=5)

"""How do I test a Socket.IO server, python-socketio's AsyncServer?

There is no test client: start the server on a free port of 127.0.0.1, in the test's own loop, and
connect python-socketio's AsyncClient. `emit` does not wait for the handler, so a check right after
it comes too early: use `call`, which waits for what the handler returns, and a queue for events
that the server sends. (With uvicorn, `await server.serve()` returns only when the server ends.)
Needs: `aiohttp`, `socketio` (`pip install python-socketio aiohttp`).
"""

import asyncio
import unittest

import socketio
from aiohttp import web


def create_server():
    server = socketio.AsyncServer(async_mode='aiohttp')

    @server.event
    async def enter(sid, room):
        await server.enter_room(sid, room)
        await server.emit('welcome', f'Welcome to {room}', room=room)
        return 'entered'

    return server


class TestServer(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        server = create_server()
        app = web.Application()
        server.attach(app)
        runner = web.AppRunner(app)
        self.addAsyncCleanup(runner.cleanup)
        await runner.setup()
        await web.TCPSite(runner, '127.0.0.1', port=0).start()
        host, port = runner.addresses[0]

        self.client = socketio.AsyncClient()
        self.received = asyncio.Queue()
        self.client.on('welcome', self.received.put)
        await self.client.connect(f'http://{host}:{port}')
        self.addAsyncCleanup(self.client.disconnect)

    async def test_wrong_way(self):
        await self.client.emit('enter', 'lobby')
        self.assertTrue(self.received.empty())  # too early: the server has not even read it

    async def test_right_way(self):
        async with asyncio.timeout(5):
            self.assertEqual(await self.client.call('enter', 'lobby'), 'entered')
            self.assertEqual(await self.received.get(), 'Welcome to lobby')

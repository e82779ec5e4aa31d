"""Does Flask-SocketIO run on asyncio?

No: it runs on threads, gevent or eventlet, and never awaits an `async def` handler. What runs on
asyncio is python-socketio's AsyncServer: under aiohttp, Sanic or Tornado, or as an ASGI app under
uvicorn, hypercorn or daphne, alone or around a FastAPI, Starlette, Quart or Django app. In
Flask-SocketIO, write a plain `def` handler, and let it call `asyncio.run` if it must.
Needs: `flask`, `flask_socketio`, `socketio` (`pip install flask-socketio`).
"""

import asyncio
import gc
import unittest
from unittest import mock

import flask_socketio
import socketio
from flask import Flask


async def translate(text):
    await asyncio.sleep(0)
    return {'hello': 'ciao'}[text]


class TestFlaskSocketIO(unittest.TestCase):
    def setUp(self):
        app = Flask(__name__)
        self.server = flask_socketio.SocketIO(app, async_mode='threading')
        self.client = self.server.test_client(app)

    def test_wrong_way(self):
        self.server.on_event('translate', translate)
        with self.assertWarnsRegex(RuntimeWarning, "coroutine 'translate' was never awaited"):
            with self.assertRaisesRegex(TypeError, 'type coroutine is not JSON serializable'):
                self.client.emit('translate', 'hello', callback=True)
            gc.collect()  # the coroutine warns when it is deleted

    def test_right_way_with_flask_socketio(self):
        @self.server.on('translate')
        def translate_and_wait(text):
            return asyncio.run(translate(text))

        self.assertEqual(self.client.emit('translate', 'hello', callback=True), 'ciao')


class TestAsyncServer(unittest.IsolatedAsyncioTestCase):
    async def test_right_way_on_asyncio(self):
        server = socketio.AsyncServer(async_mode='asgi')  # ASGI app: socketio.ASGIApp(server)

        @server.on('translate')
        async def translate_and_send(sid, text):
            await server.emit('translated', await translate(text), to=sid)

        with mock.patch.object(server, 'emit') as emit:
            await translate_and_send('sid-1', 'hello')
        emit.assert_awaited_once_with('translated', 'ciao', to='sid-1')

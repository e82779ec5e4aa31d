"""How do I test a Socket.IO handler without a server?

A handler is a coroutine function: await it with a made-up `sid`, and patch the server's `emit`.
`mock.patch.object` makes an AsyncMock of it by itself, since AsyncServer's `emit` is a coroutine
function; a MagicMock in place of the server cannot be awaited. A client's handlers are tested in
the same way.
Needs: `socketio` (`pip install python-socketio`).
"""

import unittest
from unittest import mock

import socketio

sio = socketio.AsyncServer(async_mode='asgi')


@sio.event
async def message(sid, text):
    await sio.emit('message', {'from': sid, 'text': text}, skip_sid=sid)


class TestMessage(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        # Until Python 3.13: object MagicMock can't be used in 'await' expression
        # From 3.14 on: 'MagicMock' object can't be awaited
        with mock.patch(f'{__name__}.sio', new=mock.MagicMock()):
            with self.assertRaisesRegex(TypeError, "MagicMock.* can't be"):
                await message('sid-1', 'hello')

    async def test_right_way(self):
        with mock.patch.object(sio, 'emit') as emit:
            await message('sid-1', 'hello')
        expected = {'from': 'sid-1', 'text': 'hello'}
        emit.assert_awaited_once_with('message', expected, skip_sid='sid-1')

    def test_right_way_is_it_registered(self):
        self.assertIs(sio.handlers['/']['message'], message)

"""How do I test a consumer of Django Channels?

With a WebsocketCommunicator, made and used in the same async test: connect, send, receive, and
disconnect. If no answer comes, `receive_json_from` raises TimeoutError and cancels the consumer, so
that each later call fails, too: to check that nothing comes, use `receive_nothing`. An exception in
the consumer appears at the next call of the communicator.
Needs: `channels`, `django` (`pip install "channels[daphne]"`: channels.testing imports daphne).
"""

import asyncio
import unittest

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.testing import WebsocketCommunicator
from django.conf import settings

if not settings.configured:  # pragma: no branch (a project has its own settings)
    settings.configure()


class Echo(AsyncJsonWebsocketConsumer):
    async def receive_json(self, content):
        if content['text']:
            await self.send_json({'echo': content['text']})


class TestEcho(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.communicator = WebsocketCommunicator(Echo.as_asgi(), '/echo/')
        connected, _subprotocol = await self.communicator.connect()
        self.assertTrue(connected)

    async def test_wrong_way(self):
        await self.communicator.send_json_to({'text': ''})
        with self.assertRaises(TimeoutError):
            await self.communicator.receive_json_from(timeout=0.01)
        with self.assertRaises(asyncio.CancelledError):
            await self.communicator.send_json_to({'text': 'hello'})

    async def test_right_way(self):
        await self.communicator.send_json_to({'text': ''})
        self.assertTrue(await self.communicator.receive_nothing())
        await self.communicator.send_json_to({'text': 'hello'})
        self.assertEqual(await self.communicator.receive_json_from(), {'echo': 'hello'})
        await self.communicator.disconnect()

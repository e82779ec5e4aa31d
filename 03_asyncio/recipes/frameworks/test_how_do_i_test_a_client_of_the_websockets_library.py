"""How do I test a client that uses the websockets library?

`async with connect(...)` needs an asynchronous context manager and `async for` an asynchronous
iterator. An AsyncMock in place of `connect` is neither, and a mocked connection never closes or
fails by itself. Start a real server in the test: `serve` on port 0 picks a free port, and stops at
the end of its `async with`. Let it close the connection to see how the client takes it.
Needs: `websockets`.
"""

import asyncio
import json
import unittest
from unittest import mock

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosedError


async def collect_prices(url, names):
    prices = {}
    async with connect(url) as websocket:
        await websocket.send(json.dumps({'subscribe': names}))
        async for message in websocket:
            prices.update(json.loads(message))
    return prices


class TestCollectPrices(unittest.IsolatedAsyncioTestCase):
    async def start(self, handler):
        server = await self.enterAsyncContext(serve(handler, '127.0.0.1', 0))
        host, port = server.sockets[0].getsockname()
        return f'ws://{host}:{port}'

    async def test_wrong_way(self):
        with mock.patch(f'{__name__}.connect', new_callable=mock.AsyncMock):
            with self.assertWarnsRegex(RuntimeWarning, 'never awaited'):
                with self.assertRaisesRegex(
                    TypeError, 'does not support the asynchronous context manager protocol'
                ):
                    await collect_prices('ws://prices.example', ['tea'])

    async def test_right_way(self):
        received = []

        async def send_two_prices(websocket):
            received.append(await websocket.recv())
            await websocket.send('{"tea": 3}')
            await websocket.send('{"milk": 1}')

        url = await self.start(send_two_prices)
        prices = await asyncio.wait_for(collect_prices(url, ['tea', 'milk']), timeout=1)
        self.assertEqual(prices, {'tea': 3, 'milk': 1})
        self.assertEqual(received, ['{"subscribe": ["tea", "milk"]}'])

    async def test_right_way_when_the_server_fails(self):
        async def fail(websocket):
            await websocket.close(code=1011, reason='out of tea')

        url = await self.start(fail)
        with self.assertRaisesRegex(ConnectionClosedError, 'out of tea'):
            await collect_prices(url, ['tea'])

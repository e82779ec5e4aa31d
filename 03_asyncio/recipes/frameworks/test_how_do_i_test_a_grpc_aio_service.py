"""How do I test a service of grpc.aio?

grpc_testing does not support grpc.aio. With a mocked context `abort` does not raise, so the code
goes on where it never would. Start a real server in the test: port 0 is a free port, and the test
sees the status that your clients will see. Server and channel belong to the loop on which they were
made: make them in the test, or in a fixture with the test's `loop_scope`. (With generated code,
`add_..._to_server` and the stub take the place of the handlers.) Needs: `grpc`.
"""

import unittest
from unittest import mock

import grpc

PRICES = {b'tea': b'3'}


class Shop:
    async def get_price(self, request, context):
        if request not in PRICES:
            await context.abort(grpc.StatusCode.NOT_FOUND, 'no such thing')
        return PRICES[request]


class TestShop(unittest.IsolatedAsyncioTestCase):
    async def connect(self):
        server = grpc.aio.server()
        handlers = {'GetPrice': grpc.unary_unary_rpc_method_handler(Shop().get_price)}
        server.add_registered_method_handlers('Shop', handlers)
        port = server.add_insecure_port('127.0.0.1:0')
        await server.start()
        self.addAsyncCleanup(server.stop, grace=None)
        channel = grpc.aio.insecure_channel(f'127.0.0.1:{port}')
        return await self.enterAsyncContext(channel)

    async def test_wrong_way(self):
        context = mock.create_autospec(grpc.aio.ServicerContext, instance=True)
        with self.assertRaises(KeyError):  # cannot happen: abort has ended the call
            await Shop().get_price(b'coffee', context)

    async def test_right_way(self):
        channel = await self.connect()
        get_price = channel.unary_unary('/Shop/GetPrice')
        self.assertEqual(await get_price(b'tea'), b'3')
        with self.assertRaisesRegex(grpc.aio.AioRpcError, 'no such thing') as raised:
            await get_price(b'coffee')
        self.assertEqual(raised.exception.code(), grpc.StatusCode.NOT_FOUND)

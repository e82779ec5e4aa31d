"""Why does aiohttp say "Unclosed client session"?

A ClientSession that is garbage before somebody has awaited its close() logs this error, and warns,
often in a later test. Whoever creates a session closes it: with `async with` where it lives, or
with a close() of the class that owns it. In the test, close that class with addAsyncCleanup or in a
fixture after `yield`; a session that is passed in is closed by the test. Needs: `aiohttp`.
"""

import gc
import unittest

import aiohttp


class ForgetfulClient:
    def __init__(self):
        self.session = aiohttp.ClientSession('http://prices.example')


class PriceClient:
    def __init__(self):
        self.session = aiohttp.ClientSession('http://prices.example')

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        await self.session.close()


class TestPriceClient(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        with self.assertLogs('asyncio', 'ERROR') as logs:
            with self.assertWarnsRegex(ResourceWarning, 'Unclosed client session'):
                ForgetfulClient()
                gc.collect()
        self.assertIn('Unclosed client session\nclient_session: ', logs.output[0])

    async def test_right_way(self):
        with self.assertNoLogs('asyncio', 'ERROR'):
            async with PriceClient() as client:
                session = client.session
            del client
            self.assertTrue(session.closed)
            del session
            gc.collect()

    async def test_right_way_with_a_cleanup(self):
        client = PriceClient()
        await self.enterAsyncContext(client)  # closes it after the test, even if that fails
        self.assertFalse(client.session.closed)

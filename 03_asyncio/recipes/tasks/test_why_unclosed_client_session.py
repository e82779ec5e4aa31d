"""Why does aiohttp say "Unclosed client session"?

If a ClientSession becomes garbage before its close() was awaited, it logs this error, and warns,
often in a later test. The code that creates a session has to close it: with `async with`, or in a
close() or `__aexit__` of the class that owns it. In the test, enter that class with `async with`,
with enterAsyncContext, or in a fixture around `yield`. If the test creates the session, the test
closes it. Needs: `aiohttp`.
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

"""How do I test the branch that handles a timeout, without waiting?

If a mocked `asyncio.wait_for` raises TimeoutError, the coroutine passed to it "was never awaited",
and no timeout is tested. Let the dependency hang, and pass a tiny timeout to the code. (If the
dependency itself raises TimeoutError, only the branch is tested.) Since Python 3.11,
`asyncio.TimeoutError` is TimeoutError; the code that hangs gets CancelledError.
"""

import asyncio
import unittest
from unittest import mock


class PriceClient:
    def __init__(self, api, timeout=30):
        self.api = api
        self.timeout = timeout

    async def price(self, article):
        try:
            return await asyncio.wait_for(self.api.get_price(article), self.timeout)
        except TimeoutError:
            return 'unknown'


async def hang(article):
    await asyncio.Event().wait()


class TestPriceClient(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_mocks_wait_for(self):
        client = PriceClient(mock.AsyncMock())
        with mock.patch('asyncio.wait_for', side_effect=TimeoutError) as wait_for:
            with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
                price = await client.price('tea')
                wait_for.reset_mock()  # it still had the coroutine
        self.assertEqual(price, 'unknown')

    async def test_wrong_way_tests_no_timeout(self):
        api = mock.AsyncMock()
        api.get_price.side_effect = TimeoutError
        price = await PriceClient(api, timeout=None).price('tea')
        self.assertEqual(price, 'unknown')

    async def test_right_way(self):
        api = mock.AsyncMock()
        api.get_price.side_effect = hang
        client = PriceClient(api, timeout=0.01)
        price = await asyncio.wait_for(client.price('tea'), timeout=5)
        self.assertEqual(price, 'unknown')
        api.get_price.assert_awaited_once_with('tea')

    async def test_right_way_in_time(self):
        api = mock.AsyncMock()
        api.get_price.return_value = 4.5
        price = await PriceClient(api).price('tea')
        self.assertEqual(price, 4.5)

    async def test_right_way_checks_the_default(self):
        with mock.patch('asyncio.wait_for', wraps=asyncio.wait_for) as wait_for:
            await PriceClient(mock.AsyncMock()).price('tea')
        self.assertEqual(wait_for.call_args.args[1], 30)

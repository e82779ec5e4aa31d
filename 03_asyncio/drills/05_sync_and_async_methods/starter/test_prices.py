"""Synchronous and asynchronous methods: the first test fails with a famous error.

Every attribute of an AsyncMock is an AsyncMock. But what client.get() returns has methods that are
not awaited. The other tests pass, and do not ask much.
The file to edit is 03_asyncio/my_work/05_sync_and_async_methods/test_prices.py.
"""

import unittest
from unittest import mock

from prices import fetch_price, fetch_total


class TestFetchPrice(unittest.IsolatedAsyncioTestCase):
    async def test_price(self):
        client = mock.AsyncMock()
        client.get.return_value.json.return_value = {'price': 0.29}
        self.assertEqual(await fetch_price(client, 'tea'), 29)

    async def test_no_such_item(self):
        client = mock.AsyncMock()
        client.get.return_value.status_code = 404
        with self.assertRaises(LookupError):
            await fetch_price(client, 'tea')


class TestFetchTotal(unittest.IsolatedAsyncioTestCase):
    async def test_total(self):
        client = mock.AsyncMock()
        with mock.patch('prices.fetch_price', return_value=50):
            self.assertEqual(await fetch_total(client, ['tea', 'milk']), 100)

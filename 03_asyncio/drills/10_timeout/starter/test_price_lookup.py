"""A timeout, and what is cleaned up after it. These tests reach every line of price_lookup.py.

They pass, and nothing in them takes too long, or is cancelled while it waits. Change them until
they notice what happens to a connection that does not answer.
The file to edit is 03_asyncio/my_work/10_timeout/test_price_lookup.py.
"""

import asyncio
import unittest
from unittest import mock

from price_lookup import PriceLookup


class TestPrice(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.pool = mock.AsyncMock()
        self.connection = self.pool.acquire.return_value
        self.connection.ask.return_value = 5
        self.lookup = PriceLookup(self.pool)

    async def test_price(self):
        self.assertEqual(await self.lookup.price('tea'), 5)
        self.pool.release.assert_called_once_with(self.connection)

    async def test_timeout(self):
        self.connection.ask.side_effect = TimeoutError
        with self.assertRaises(TimeoutError):
            await self.lookup.price('tea')

    async def test_cancelled(self):
        task = asyncio.create_task(self.lookup.price('tea'))
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task

"""The final check: 20 minutes, ten bugs, and no hints.

These three tests pass, and test nearly nothing. Keep, change or replace them.
The file to edit is 03_asyncio/my_work/final_check/test_rate_client.py.
"""

import unittest
from unittest import mock

from rate_client import RateClient


class TestRateClient(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.service = mock.AsyncMock()

    async def test_connects_and_disconnects(self):
        async with RateClient(self.service):
            self.service.connect.assert_called()
        self.service.disconnect.assert_called()

    async def test_rate(self):
        self.service.get.return_value = 1.25
        async with RateClient(self.service) as client:
            await client.rate('EUR')
            self.assertEqual(await client.rate('EUR'), 1.25)

    async def test_refresh(self):
        self.service.get.return_value = 1.25
        async with RateClient(self.service) as client:
            await client.rate('EUR')
            await client.refresh()
            self.assertEqual(client.rates, {'EUR': 1.25})

"""A retry, tested with `side_effect`. These tests reach every line of cashier.py, and pass.

They do not notice a cashier that asks once too often, or gives up without a word. Change them until
they do: what does each test assert if the service is not asked again?
The file to edit is 03_asyncio/my_work/08_retry/test_cashier.py.
"""

import unittest
from unittest import mock

from cashier import Cashier, PaymentFailed


class TestCharge(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.service = mock.AsyncMock()
        self.cashier = Cashier(self.service)

    async def test_charges(self):
        await self.cashier.charge('ada', 10)
        self.service.charge.assert_called_once_with('ada', 10, key=mock.ANY)

    async def test_tries_again(self):
        self.service.charge.side_effect = [ConnectionError, ConnectionError, 'receipt']
        await self.cashier.charge('ada', 10)
        self.service.charge.assert_called_with('ada', 10, key=mock.ANY)

    async def test_gives_up(self):
        self.service.charge.side_effect = ConnectionError
        try:
            await self.cashier.charge('ada', 10)
        except PaymentFailed as error:
            self.assertIn('ada', str(error))

    async def test_expired_card_is_not_charged(self):
        self.service.charge.side_effect = ValueError('card expired')
        with self.assertRaises((ValueError, PaymentFailed)):
            await self.cashier.charge('ada', 10)

"""A side_effect that is a list has one outcome per attempt; a single exception is for all."""

import asyncio
import unittest
from unittest import mock

from cashier import Cashier, PaymentFailed


class TestCharge(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.service = mock.AsyncMock()
        self.service.charge.return_value = 'receipt'
        self.cashier = Cashier(self.service)

    def keys(self):
        return [attempt.kwargs['key'] for attempt in self.service.charge.await_args_list]

    async def test_first_attempt_succeeds(self):
        self.assertEqual(await self.cashier.charge('ada', 10), 'receipt')
        self.service.charge.assert_awaited_once_with('ada', 10, key=mock.ANY)

    async def test_last_attempt_succeeds(self):
        self.service.charge.side_effect = [ConnectionError, ConnectionError, 'late receipt']
        self.assertEqual(await self.cashier.charge('ada', 10), 'late receipt')

    async def test_gives_up_after_the_last_attempt(self):
        last_error = ConnectionError('still down')
        self.service.charge.side_effect = [ConnectionError('down'), ConnectionError, last_error]
        with self.assertRaises(PaymentFailed) as raised:
            await self.cashier.charge('ada', 10)
        self.assertIs(raised.exception.__cause__, last_error)
        self.assertEqual(self.service.charge.await_count, 3)

    async def test_all_attempts_have_one_key(self):
        self.service.charge.side_effect = [ConnectionError, ConnectionError, 'receipt']
        await self.cashier.charge('ada', 10)
        self.assertEqual(len(set(self.keys())), 1)

    async def test_each_charge_has_its_own_key(self):
        await self.cashier.charge('ada', 10)
        await self.cashier.charge('ada', 10)
        self.assertEqual(len(set(self.keys())), 2)

    async def test_error_that_will_not_go_away_is_not_retried(self):
        self.service.charge.side_effect = ValueError('card expired')
        with self.assertRaises(ValueError):
            await self.cashier.charge('ada', 10)
        self.service.charge.assert_awaited_once()

    async def test_cancelled_charge_is_not_retried(self):
        self.service.charge.side_effect = asyncio.CancelledError
        with self.assertRaises(asyncio.CancelledError):
            await self.cashier.charge('ada', 10)
        self.service.charge.assert_awaited_once()

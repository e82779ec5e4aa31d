"""Each `async with` has its own mock, and mock_calls shows what happened between enter and exit."""

import unittest
from unittest import mock

from transfer import Bank


class TestTransfer(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        # A MagicMock supports `async with`. Its __aexit__ lets exceptions through; an AsyncMock
        # in its place would return a mock, which is true, and so swallow them.
        self.connection = mock.MagicMock()
        self.connection.add_to = mock.AsyncMock(return_value=90)
        self.transaction = self.connection.transaction.return_value
        # What acquire() returns is not the connection: entering it returns the connection.
        self.pool = mock.MagicMock()
        self.lending = self.pool.acquire.return_value
        self.lending.__aenter__.return_value = self.connection
        self.mailer = mock.AsyncMock()
        self.bank = Bank(self.pool, self.mailer)

    async def test_both_accounts_change_in_one_transaction(self):
        await self.bank.transfer('ada', 'bob', 10)
        steps = [
            mock.call.transaction(),
            mock.call.transaction().__aenter__(),
            mock.call.add_to('ada', -10),
            mock.call.add_to('bob', 10),
            mock.call.transaction().__aexit__(None, None, None),
        ]
        self.assertEqual(self.connection.mock_calls, steps)
        self.assertEqual(self.connection.add_to.await_count, 2)

    async def test_connection_is_given_back(self):
        await self.bank.transfer('ada', 'bob', 10)
        self.lending.__aexit__.assert_awaited_once()

    async def test_payer_gets_a_mail(self):
        await self.bank.transfer('ada', 'bob', 10)
        self.mailer.send.assert_awaited_once_with('ada', 'You have paid 10 to bob.')

    async def test_no_mail_if_the_commit_fails(self):
        self.transaction.__aexit__.side_effect = OSError
        with self.assertRaises(OSError):
            await self.bank.transfer('ada', 'bob', 10)
        self.mailer.send.assert_not_awaited()

    async def test_not_enough_money_rolls_back(self):
        self.connection.add_to.return_value = -1
        with self.assertRaises(ValueError):
            await self.bank.transfer('ada', 'bob', 100)
        self.transaction.__aexit__.assert_awaited_once_with(ValueError, mock.ANY, mock.ANY)
        self.lending.__aexit__.assert_awaited_once()
        self.mailer.send.assert_not_awaited()

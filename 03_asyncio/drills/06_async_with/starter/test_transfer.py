"""Mock `async with`: what is entered, what that returns, and whether it is left.

These tests pass. They also pass without a transaction, and if a transfer without enough money is
reported as done. Start with setUp: what do these mocks make of an error?
The file to edit is 03_asyncio/my_work/06_async_with/test_transfer.py.
"""

import unittest
from unittest import mock

from transfer import Bank


class TestTransfer(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.pool = mock.MagicMock()
        self.connection = self.pool.acquire.return_value
        self.connection.__aenter__ = mock.AsyncMock(return_value=self.connection)
        self.connection.__aexit__ = mock.AsyncMock()
        self.connection.add_to = mock.AsyncMock(return_value=90)
        self.mailer = mock.AsyncMock()
        self.bank = Bank(self.pool, self.mailer)

    async def test_moves_the_money(self):
        await self.bank.transfer('ada', 'bob', 10)
        self.connection.add_to.assert_any_await('ada', -10)
        self.connection.add_to.assert_any_await('bob', 10)

    async def test_uses_a_transaction(self):
        await self.bank.transfer('ada', 'bob', 10)
        self.connection.transaction.assert_called_once_with()

    async def test_gives_the_connection_back(self):
        await self.bank.transfer('ada', 'bob', 10)
        self.connection.__aexit__.assert_awaited_once_with(None, None, None)

    async def test_mails_the_payer(self):
        await self.bank.transfer('ada', 'bob', 10)
        self.mailer.send.assert_awaited_once_with('ada', 'You have paid 10 to bob.')

    async def test_not_enough_money(self):
        self.connection.add_to.return_value = -1
        await self.bank.transfer('ada', 'bob', 100)
        self.connection.add_to.assert_any_await('ada', -100)

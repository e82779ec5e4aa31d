"""How do I mock an async property, or an attribute that is awaited?

`await account.balance` awaits what the attribute is, without calling it: neither a number nor a
mock will do, and a MagicMock cannot be given an `__await__`. Patch the property on its class with a
PropertyMock whose `side_effect` is an AsyncMock: each access makes a new coroutine. For a plain
attribute, set a Future that has its result: unlike a coroutine, it can be awaited many times.
"""

import asyncio
import unittest
from unittest import mock


class Account:
    def __init__(self, bank, number):
        self.bank = bank
        self.number = number

    @property
    async def balance(self):
        return await self.bank.fetch_balance(self.number)


class Shop:
    def __init__(self, account):
        self.account = account

    async def can_pay(self, amount):
        return await self.account.balance >= amount


class TestShop(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_with_a_number(self):
        account = mock.MagicMock(spec=Account)
        account.balance = 50
        message = "object int can't be used in 'await' expression|'int' object can't be awaited"
        with self.assertRaisesRegex(TypeError, message):
            await Shop(account).can_pay(20)

    async def test_wrong_way_with_a_mock(self):
        account = mock.AsyncMock()
        account.balance.return_value = 50
        message = (
            "object AsyncMock can't be used in 'await' expression"
            "|'AsyncMock' object can't be awaited"
        )
        with self.assertRaisesRegex(TypeError, message):
            await Shop(account).can_pay(20)

    async def test_right_way_for_a_property(self):
        balance = mock.PropertyMock()
        balance.side_effect = mock.AsyncMock(return_value=50)
        with mock.patch.object(Account, 'balance', new=balance):
            shop = Shop(Account(bank=None, number=1))
            self.assertTrue(await shop.can_pay(20))
            self.assertFalse(await shop.can_pay(80))

    async def test_right_way_for_an_attribute(self):
        account = mock.MagicMock(spec=Account)
        account.balance = asyncio.get_running_loop().create_future()
        account.balance.set_result(50)
        shop = Shop(account)
        self.assertTrue(await shop.can_pay(20))
        self.assertFalse(await shop.can_pay(80))

    async def test_right_way_one_level_deeper(self):
        bank = mock.AsyncMock()
        bank.fetch_balance.return_value = 50
        self.assertTrue(await Shop(Account(bank, number=1)).can_pay(20))
        bank.fetch_balance.assert_awaited_once_with(1)

"""What replaces asynctest, on Python 3.11 and later?

The standard library. asynctest uses `@asyncio.coroutine`, which Python 3.11 removed: "module
'asyncio' has no attribute 'coroutine'". In its place, write `async def`. Instead of
asynctest.TestCase and aiounittest.AsyncTestCase use unittest.IsolatedAsyncioTestCase, with its
asyncSetUp and asyncTearDown; instead of CoroutineMock unittest.mock.AsyncMock; instead of
asynctest.patch unittest.mock.patch, which makes an AsyncMock of a coroutine function by itself.
`assert_awaited_once_with` stays. A ClockedTestCase needs a clock of your own. ("module
'unittest.mock' has no attribute 'AsyncMock'" comes from Python 3.7 or older.)
"""

import asyncio
import unittest
from unittest import mock

import pytest


class Shop:
    def __init__(self, bank):
        self.bank = bank

    async def buy(self, price):
        receipt = await self.bank.pay(price)
        return f'paid: {receipt}'


def test_wrong_way():
    with pytest.raises(AttributeError, match="module 'asyncio' has no attribute 'coroutine'"):

        @asyncio.coroutine
        def pay(price): ...


class RightWay(unittest.IsolatedAsyncioTestCase):  # was: asynctest.TestCase
    async def asyncSetUp(self):  # was: async def setUp
        self.bank = mock.Mock()
        self.bank.pay = mock.AsyncMock(return_value='no. 1')  # was: asynctest.CoroutineMock
        self.shop = Shop(self.bank)

    async def test_right_way(self):
        self.assertEqual(await self.shop.buy(3), 'paid: no. 1')
        self.bank.pay.assert_awaited_once_with(3)

"""How do I test an `async def` function?

Calling it only makes a coroutine object, which equals nothing: somebody has to await it, on an
event loop. With unittest, write `async def` tests in a unittest.IsolatedAsyncioTestCase; with
pytest, install pytest-asyncio, and mark `async def` tests with `@pytest.mark.asyncio`. In a
synchronous test, `asyncio.run(...)` runs one coroutine. Mock what the function awaits with
unittest.mock.AsyncMock. Needs: `pytest_asyncio`.
"""

import asyncio
import unittest
from unittest import mock

import pytest


class Shop:
    def __init__(self, bank):
        self.bank = bank

    async def buy(self, item, price):
        await self.bank.pay(price)
        return f'one {item}'


@pytest.mark.filterwarnings('ignore:coroutine .* was never awaited')
def test_wrong_way():
    shop = Shop(mock.AsyncMock())
    with pytest.raises(AssertionError, match='<coroutine object Shop.buy'):
        assert shop.buy('tea', 3) == 'one tea'


class RightWay(unittest.IsolatedAsyncioTestCase):
    async def test_right_way_with_unittest(self):
        bank = mock.AsyncMock()
        self.assertEqual(await Shop(bank).buy('tea', 3), 'one tea')
        bank.pay.assert_awaited_once_with(3)


@pytest.mark.asyncio
async def test_right_way_with_pytest_asyncio():
    bank = mock.AsyncMock()
    assert await Shop(bank).buy('tea', 3) == 'one tea'
    bank.pay.assert_awaited_once_with(3)


def test_right_way_in_a_synchronous_test():
    bank = mock.AsyncMock()
    assert asyncio.run(Shop(bank).buy('tea', 3)) == 'one tea'
    bank.pay.assert_awaited_once_with(3)

"""How do I use Hypothesis with async tests?

`@given` runs a test many times, but awaits nothing: "Hypothesis doesn't know how to run async test
functions". Older versions say "Tests run under @given should return None". pytest-asyncio and
anyio, and their marks, teach it that for functions. In an IsolatedAsyncioTestCase, keep the test
synchronous, and run the coroutine with `asyncio.run`. Examples share function-scoped fixtures, and
with pytest-asyncio a loop: make what is under test anew in each.
Needs: `hypothesis`, `pytest_asyncio`.
"""

import asyncio
import unittest

import pytest
from hypothesis import given, settings, strategies
from hypothesis.errors import InvalidArgument


class Cart:
    def __init__(self):
        self.total = 0

    async def add(self, price):
        await asyncio.sleep(0)
        self.total += price


async def total_of(prices):
    cart = Cart()
    async with asyncio.TaskGroup() as tasks:
        for price in prices:
            tasks.create_task(cart.add(price))
    return cart.total


lists_of_prices = strategies.lists(strategies.integers(min_value=0))
# No deadline: the first example also pays for the event loop.
quick = settings(max_examples=20, deadline=None, database=None)


class WrongWay(unittest.IsolatedAsyncioTestCase):
    @pytest.mark.xfail(raises=InvalidArgument, strict=True, reason='Hypothesis awaits nothing')
    @given(prices=lists_of_prices)
    async def test_wrong_way(self, prices): ...  # once: Tests run under @given should return None


class RightWay(unittest.TestCase):
    @quick
    @given(prices=lists_of_prices)
    def test_right_way_with_unittest(self, prices):
        self.assertEqual(asyncio.run(total_of(prices)), sum(prices))


@pytest.mark.asyncio
@quick
@given(prices=lists_of_prices)
async def test_right_way_with_pytest_asyncio(prices):
    assert await total_of(prices) == sum(prices)

"""How do I parametrize async tests?

With pytest-asyncio or anyio, `@pytest.mark.parametrize` works as for any other test; each set of
parameters is a test of its own. It does not reach the methods of a TestCase, nor of an
IsolatedAsyncioTestCase: use `subTest` there. Do not pass coroutines as parameters: they are made
once, when the file is imported, and a coroutine can be awaited once. Pass functions.
Needs: `pytest_asyncio`.
"""

import unittest

import pytest


async def fare(zone):
    return 2 + zone


async def night_fare(zone):
    return 4 + zone


class TestFareWrong(unittest.IsolatedAsyncioTestCase):
    @pytest.mark.xfail(strict=True, raises=TypeError, reason='no parameters in a TestCase')
    @pytest.mark.parametrize(('zone', 'price'), [(1, 3), (2, 4)])
    async def test_wrong_way(self, zone, price): ...

    # TypeError: ... missing 2 required positional arguments: 'zone' and 'price'


@pytest.mark.asyncio
@pytest.mark.parametrize(('zone', 'price'), [(1, 3), (2, 4)])
async def test_right_way(zone, price):
    assert await fare(zone) == price


@pytest.mark.asyncio
@pytest.mark.parametrize(('function', 'price'), [(fare, 3), (night_fare, 5)])
async def test_right_way_with_functions(function, price):
    assert await function(1) == price


class TestFare(unittest.IsolatedAsyncioTestCase):
    async def test_right_way(self):
        for zone, price in [(1, 3), (2, 4)]:
            with self.subTest(zone=zone):
                self.assertEqual(await fare(zone), price)

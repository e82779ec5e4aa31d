"""Why is `MagicMock(spec=async_function)` asynchronous, and which other mocks are?

A mock follows its spec. `MagicMock(spec=f)` and `mock.patch` make an asynchronous mock for an
`async def` function; of a class, only the `async def` methods are asynchronous. A function that
merely returns an awaitable looks synchronous: one behind a plain decorator (retry, cache, log), or
one that returns a Task. Its mock cannot be awaited: say `new_callable=AsyncMock`. The other way
round, `new_callable=MagicMock` keeps the mock of an `async def` function synchronous.
"""

import functools
import unittest
from unittest import mock


def logged(function):
    @functools.wraps(function)
    def wrapper(*args):  # not `async def`, so nothing shows that its result is awaited
        return function(*args)

    return wrapper


async def fetch_rate(currency):
    return 1.5


@logged
async def fetch_fee(currency):
    return 2


async def convert(amount, currency):
    return amount * await fetch_rate(currency) + await fetch_fee(currency)


class TestConvert(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_to_mock_a_decorated_function(self):
        message = "object int can't be used in 'await' expression|'int' object can't be awaited"
        with mock.patch(f'{__name__}.fetch_fee', return_value=3):
            with self.assertRaisesRegex(TypeError, message):
                await convert(10, 'EUR')

    async def test_right_way_to_mock_a_decorated_function(self):
        with mock.patch(
            f'{__name__}.fetch_fee', new_callable=mock.AsyncMock, return_value=3
        ) as fetch_fee:
            self.assertEqual(await convert(10, 'EUR'), 18)
        fetch_fee.assert_awaited_once_with('EUR')

    async def test_right_way_to_mock_an_async_function(self):
        with mock.patch(f'{__name__}.fetch_rate', return_value=2) as fetch_rate:
            self.assertEqual(await convert(10, 'EUR'), 22)
        fetch_rate.assert_awaited_once_with('EUR')

    async def test_wrong_way_to_call_without_await(self):
        callback = mock.MagicMock(spec=fetch_rate, return_value=2)
        rate = callback('EUR')
        self.assertNotEqual(rate, 2)  # a coroutine: the mock is as asynchronous as its spec
        self.assertEqual(await rate, 2)

    async def test_right_way_to_call_without_await(self):
        callback = mock.MagicMock(return_value=2)
        self.assertEqual(callback('EUR'), 2)

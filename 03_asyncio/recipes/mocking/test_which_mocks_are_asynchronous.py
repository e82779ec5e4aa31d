"""Why is `MagicMock(spec=async_function)` asynchronous, and which other mocks are?

A mock follows its spec, and `mock.patch` its target: the mock of an `async def` function is
asynchronous, and of a class, only the `async def` methods are. A function that merely returns an
awaitable looks synchronous, such as one behind a plain decorator (retry, cache, log), so its mock
cannot be awaited: say `new_callable=AsyncMock`. The other way round, where the code passes a
coroutine on without awaiting it, `new_callable=MagicMock` gives a result that can be compared.
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


def convert_later(scheduler, amount, currency):
    scheduler.run(convert(amount, currency))


class TestConvert(unittest.IsolatedAsyncioTestCase):
    async def test_right_way_for_an_async_function(self):
        with mock.patch(f'{__name__}.fetch_rate', return_value=2) as mocked:
            self.assertEqual(await convert(10, 'EUR'), 22)
        mocked.assert_awaited_once_with('EUR')

    async def test_wrong_way_for_a_decorated_function(self):
        message = "object int can't be used in 'await' expression|'int' object can't be awaited"
        with mock.patch(f'{__name__}.fetch_fee', return_value=3):
            with self.assertRaisesRegex(TypeError, message):
                await convert(10, 'EUR')

    @mock.patch(f'{__name__}.fetch_fee', new_callable=mock.AsyncMock, return_value=3)
    async def test_right_way_for_a_decorated_function(self, mocked):
        self.assertEqual(await convert(10, 'EUR'), 18)
        mocked.assert_awaited_once_with('EUR')

    @mock.patch(f'{__name__}.convert')
    def test_wrong_way_for_a_coroutine_that_is_passed_on(self, mocked):
        scheduler = mock.MagicMock()
        convert_later(scheduler, 10, 'EUR')
        with self.assertRaisesRegex(AssertionError, 'coroutine object AsyncMockMixin'):
            scheduler.run.assert_called_once_with(mocked.return_value)
        scheduler.run.call_args.args[0].close()

    @mock.patch(f'{__name__}.convert', new_callable=mock.MagicMock)
    def test_right_way_for_a_coroutine_that_is_passed_on(self, mocked):
        scheduler = mock.MagicMock()
        convert_later(scheduler, 10, 'EUR')
        mocked.assert_called_once_with(10, 'EUR')
        scheduler.run.assert_called_once_with(mocked.return_value)

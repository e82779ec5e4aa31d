"""How do I mock `async for`?

An async generator function is not a coroutine function, so `mock.patch` replaces it with a
MagicMock. A loop over that runs zero times: nothing is tested, and nothing warns you. An AsyncMock
is refused, because calling it returns a coroutine. Set what `__aiter__` returns, or write a small
async generator, which can also fail halfway, as a connection does.
"""

import unittest
from unittest import mock


async def fetch_amounts():
    for amount in [10, 20]:  # in an application: the rows of a database
        yield amount


async def total():
    result = 0
    async for amount in fetch_amounts():
        result += amount
    return result


async def fail_halfway():
    yield 1
    raise ConnectionError


class TestTotal(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_loops_zero_times(self):
        self.assertEqual(await total(), 30)
        with mock.patch(f'{__name__}.fetch_amounts'):
            self.assertEqual(await total(), 0)

    @mock.patch(f'{__name__}.fetch_amounts', new_callable=mock.AsyncMock)
    async def test_wrong_way_is_refused(self, fetch_amounts):
        with self.assertWarnsRegex(RuntimeWarning, 'never awaited'):
            with self.assertRaisesRegex(TypeError, 'requires an object with __aiter__ method'):
                await total()

    @mock.patch(f'{__name__}.fetch_amounts')
    async def test_right_way(self, fetch_amounts):
        fetch_amounts.return_value.__aiter__.return_value = [1, 2]
        self.assertEqual(await total(), 3)

    @mock.patch(f'{__name__}.fetch_amounts', new=fail_halfway)
    async def test_right_way_fails_halfway(self):
        with self.assertRaises(ConnectionError):
            await total()

"""How do I mock `async for`?

What you loop over is the result of a plain call, without `await`: an AsyncMock is refused there,
since calling it returns a coroutine. A MagicMock (which is what `mock.patch` puts in the place of
an async generator function) loops zero times, so nothing is tested, and nothing warns you. Set
`__aiter__.return_value` to a list, or write a small async generator function: that one can also
fail half-way, as a connection does.
"""

import unittest
from unittest import mock


class Orders:
    def __init__(self, database):
        self.database = database

    async def total(self):
        result = 0
        async for order in self.database.rows('orders'):
            result += order['amount']
        return result


async def two_rows(table):
    yield {'amount': 10}
    yield {'amount': 20}


async def one_row_and_an_error(table):
    yield {'amount': 10}
    raise ConnectionError


class TestOrders(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_loops_zero_times(self):
        database = mock.MagicMock()
        self.assertEqual(await Orders(database).total(), 0)

    async def test_wrong_way_with_an_asyncmock(self):
        database = mock.AsyncMock()
        message = "'async for' requires an object with __aiter__ method, got coroutine"
        with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
            with self.assertRaisesRegex(TypeError, message):
                await Orders(database).total()

    async def test_wrong_way_with_a_list(self):
        database = mock.MagicMock()
        database.rows.return_value = [{'amount': 10}, {'amount': 20}]
        message = "'async for' requires an object with __aiter__ method, got list"
        with self.assertRaisesRegex(TypeError, message):
            await Orders(database).total()

    async def test_right_way(self):
        database = mock.MagicMock()
        rows = database.rows.return_value
        rows.__aiter__.return_value = [{'amount': 10}, {'amount': 20}]
        self.assertEqual(await Orders(database).total(), 30)
        database.rows.assert_called_once_with('orders')

    async def test_right_way_with_a_generator(self):
        database = mock.MagicMock()
        database.rows.side_effect = two_rows
        self.assertEqual(await Orders(database).total(), 30)
        database.rows.assert_called_once_with('orders')

    async def test_right_way_fails_half_way(self):
        database = mock.MagicMock()
        database.rows.side_effect = one_row_and_an_error
        with self.assertRaises(ConnectionError):
            await Orders(database).total()

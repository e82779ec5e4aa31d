"""How do I mock `async for`?

An async generator function is no coroutine function, so `mock.patch` puts a MagicMock there, over
which a loop runs zero times: nothing is tested, without a warning. An AsyncMock is refused, since
its call gives a coroutine. Set what `__aiter__` returns, or write a small async generator: it can
also fail half-way, as a connection does.
"""

import unittest
from unittest import mock


async def rows():
    yield 1
    raise ConnectionError


async def total(source):
    return sum([row async for row in source()])


class TestTotal(unittest.IsolatedAsyncioTestCase):
    @mock.patch(f'{__name__}.rows')
    async def test_wrong_way_is_empty(self, rows):
        self.assertEqual(await total(rows), 0)

    async def test_wrong_way_is_refused(self):
        with self.assertWarnsRegex(RuntimeWarning, 'never awaited'):
            with self.assertRaisesRegex(TypeError, 'requires an object with __aiter__ method'):
                await total(mock.AsyncMock())

    async def test_right_way(self):
        rows = mock.MagicMock()
        rows.return_value.__aiter__.return_value = [1, 2]
        self.assertEqual(await total(rows), 3)

    async def test_right_way_fails_half_way(self):
        with self.assertRaises(ConnectionError):
            await total(rows)

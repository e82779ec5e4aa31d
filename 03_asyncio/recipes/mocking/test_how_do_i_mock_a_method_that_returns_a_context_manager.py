"""How do I mock a method whose result goes into `async with`: `pool.acquire()`, `aiofiles.open()`?

The method itself is synchronous (no `await` before it), so it must not be an AsyncMock: that
returns a coroutine. Set its `return_value`: a `contextlib.nullcontext(connection)`, which enters
anything; or, with a MagicMock, its `__aenter__.return_value`, if you want to assert that the code
left the block, too. What you leave unset there is an AsyncMock, with asynchronous methods only.
"""

import contextlib
import unittest
from unittest import mock


class Orders:
    def __init__(self, pool):  # as in asyncpg
        self.pool = pool

    async def add(self, article):
        async with self.pool.acquire() as connection:
            async with connection.transaction():
                return await connection.fetchval('INSERT ... RETURNING id', article)


class TestOrders(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        pool = mock.AsyncMock()
        message = "'coroutine' object does not support the asynchronous context manager protocol"
        with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
            with self.assertRaisesRegex(TypeError, message):
                await Orders(pool).add('tea')

    async def test_wrong_way_one_level_deeper(self):
        pool = mock.MagicMock()  # what it enters is an AsyncMock
        message = "'coroutine' object does not support the asynchronous context manager protocol"
        with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
            with self.assertRaisesRegex(TypeError, message):
                await Orders(pool).add('tea')

    async def test_right_way(self):
        connection = mock.MagicMock()
        connection.fetchval = mock.AsyncMock(return_value=7)
        pool = mock.MagicMock()
        pool.acquire.return_value = contextlib.nullcontext(connection)
        self.assertEqual(await Orders(pool).add('tea'), 7)
        connection.fetchval.assert_awaited_once_with('INSERT ... RETURNING id', 'tea')

    async def test_right_way_asserts_that_it_was_left(self):
        connection = mock.MagicMock()
        connection.fetchval = mock.AsyncMock(side_effect=OSError('disk full'))
        pool = mock.MagicMock()
        pool.acquire.return_value.__aenter__.return_value = connection
        with self.assertRaises(OSError):
            await Orders(pool).add('tea')
        pool.acquire.return_value.__aexit__.assert_awaited_once()
        connection.transaction.return_value.__aexit__.assert_awaited_once()

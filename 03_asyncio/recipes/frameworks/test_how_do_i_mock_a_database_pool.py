"""How do I mock asyncpg's pool, with `async with pool.acquire() as connection`?

`acquire` is no coroutine function: it returns at once what `async with` enters, so an AsyncMock in
its place fails. Use MagicMocks with the specs Pool and Connection, and let `__aenter__` return the
connection: `acquire.return_value.__aenter__.return_value`. `connection.transaction()` then works
by itself. The same goes for aiopg, aiomysql and psycopg's AsyncConnectionPool.
Needs: `asyncpg`.
"""

import unittest
from unittest import mock

import asyncpg


class UserRepository:
    def __init__(self, pool):
        self.pool = pool

    async def rename(self, user_id, name):
        async with self.pool.acquire() as connection, connection.transaction():
            return await connection.fetchval('UPDATE users ... RETURNING name', user_id, name)


class TestRename(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        users = UserRepository(mock.AsyncMock())
        message = 'object does not support the asynchronous context manager protocol'
        with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
            with self.assertRaisesRegex(TypeError, message):
                await users.rename(1, 'Ada')

    async def test_right_way(self):
        connection = mock.MagicMock(spec=asyncpg.Connection)
        connection.fetchval.return_value = 'Ada'
        pool = mock.MagicMock(spec=asyncpg.Pool)
        pool.acquire.return_value.__aenter__.return_value = connection
        users = UserRepository(pool)
        self.assertEqual(await users.rename(1, 'Ada'), 'Ada')
        connection.transaction.assert_called_once_with()
        connection.fetchval.assert_awaited_once_with(mock.ANY, 1, 'Ada')

"""May two tasks share one AsyncSession of SQLAlchemy?

No. A session holds one connection and one transaction, and does one thing at a time. An AsyncMock
in its place takes any number of calls at once, so a test with a mock passes falsely: use a real
session, with SQLite. Give each task a session of its own, from an async_sessionmaker. (asyncpg says
"another operation is in progress" of one connection that two tasks share.)
Needs: `sqlalchemy` (`pip install "sqlalchemy[aiosqlite]"`).
"""

import asyncio
import tempfile
import unittest
from unittest import mock

from sqlalchemy import text
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine


async def count(session, table):
    return await session.scalar(text(f'SELECT count(*) FROM {table}'))


async def count_in_its_own_session(new_session, table):
    async with new_session() as session:
        return await count(session, table)


class TestCount(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.engine = create_async_engine(f'sqlite+aiosqlite:///{folder}/test.db')
        self.addAsyncCleanup(self.engine.dispose)

    async def test_wrong_way_passes_falsely(self):
        session = mock.AsyncMock(spec=AsyncSession)
        session.scalar.return_value = 1
        counts = await asyncio.gather(count(session, 'users'), count(session, 'posts'))
        self.assertEqual(counts, [1, 1])

    async def test_right_way_sees_that_it_fails(self):
        async with AsyncSession(self.engine) as session:
            counting = [count(session, 'sqlite_master'), count(session, 'sqlite_master')]
            results = await asyncio.gather(*counting, return_exceptions=True)
        errors = [str(result) for result in results if isinstance(result, InvalidRequestError)]
        self.assertRegex(errors[0], 'concurrent operations are not permitted')

    async def test_right_way(self):
        new_session = async_sessionmaker(self.engine)
        counts = await asyncio.gather(
            count_in_its_own_session(new_session, 'sqlite_master'),
            count_in_its_own_session(new_session, 'sqlite_master'),
        )
        self.assertEqual(counts, [0, 0])

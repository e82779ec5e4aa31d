"""How do I mock SQLAlchemy's AsyncSession?

`execute` is asynchronous, but `add` and the methods of its result are not, and an AsyncMock makes
coroutine functions of them all. Give the mock the spec AsyncSession, and `execute` a result with
the spec Result. That never checks the query: for this, use a real session, with SQLite in memory.
Needs: `sqlalchemy` (`pip install "sqlalchemy[aiosqlite]"`).
"""

import unittest
from unittest import mock

from sqlalchemy import Result, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = 'users'
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]


async def find_or_add(session, email):
    result = await session.execute(select(User).where(User.email == email))
    user = result.scalars().first()
    if user is None:
        user = User(email=email)
        session.add(user)
    return user


class TestFindOrAdd(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        session = mock.AsyncMock()
        with self.assertWarnsRegex(RuntimeWarning, '_execute_mock_call.* was never awaited'):
            session.add(User(email='me@example.org'))
        with self.assertWarnsRegex(RuntimeWarning, '_execute_mock_call.* was never awaited'):
            with self.assertRaisesRegex(AttributeError, "'coroutine' object has no attribute"):
                await find_or_add(session, 'me@example.org')

    async def test_wrong_way_in_the_code_without_await(self):
        session = mock.MagicMock(spec=AsyncSession)
        result = session.execute(select(User))  # has to be: await session.execute(...)
        with self.assertRaisesRegex(AttributeError, "object has no attribute 'scalars'"):
            result.scalars()
        await result

    async def test_right_way_with_mocks(self):
        result = mock.MagicMock(spec=Result)
        result.scalars.return_value.first.return_value = None
        session = mock.MagicMock(spec=AsyncSession)
        session.execute.return_value = result
        user = await find_or_add(session, 'me@example.org')
        session.add.assert_called_once_with(user)

    async def test_right_way_with_a_database(self):
        engine = create_async_engine('sqlite+aiosqlite:///:memory:')
        self.addAsyncCleanup(engine.dispose)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with AsyncSession(engine) as session:
            user = await find_or_add(session, 'me@example.org')
            self.assertIs(await find_or_add(session, 'me@example.org'), user)
            await find_or_add(session, 'you@example.org')
            self.assertEqual(len((await session.scalars(select(User))).all()), 2)

"""Why does SQLite in memory say "no such table", although I have created it?

Each connection to `:memory:` opens a new, empty database: a second engine, a second
`aiosqlite.connect` or a NullPool finds no tables. Give the application the test's engine, whose
pool keeps one connection (StaticPool), or use a file, which many connections can share. The other
cause: a model that is not imported before `create_all` gets no table. ("'AsyncEngine' object has
no attribute '_run_ddl_visitor'": write `await connection.run_sync(Base.metadata.create_all)`.)
Needs: `sqlalchemy` (`pip install "sqlalchemy[aiosqlite]"`).
"""

import tempfile
import unittest

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import NullPool, StaticPool

IN_MEMORY = 'sqlite+aiosqlite:///:memory:'


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = 'books'
    title: Mapped[str] = mapped_column(primary_key=True)


async def list_books(engine):
    async with AsyncSession(engine) as session:
        return list(await session.scalars(select(Book.title)))


class TestBooks(unittest.IsolatedAsyncioTestCase):
    async def create_database(self, engine):
        self.addAsyncCleanup(engine.dispose)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)

    async def test_wrong_way_a_new_connection_each_time(self):
        engine = create_async_engine(IN_MEMORY, poolclass=NullPool)
        await self.create_database(engine)
        with self.assertRaisesRegex(OperationalError, 'no such table: books'):
            await list_books(engine)

    async def test_wrong_way_two_engines(self):
        await self.create_database(create_async_engine(IN_MEMORY))
        engine_of_the_application = create_async_engine(IN_MEMORY)
        self.addAsyncCleanup(engine_of_the_application.dispose)
        with self.assertRaisesRegex(OperationalError, 'no such table: books'):
            await list_books(engine_of_the_application)

    async def test_right_way(self):
        engine = create_async_engine(IN_MEMORY, poolclass=StaticPool)
        await self.create_database(engine)
        self.assertEqual(await list_books(engine), [])

    async def test_right_way_with_a_file(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        engine = create_async_engine(f'sqlite+aiosqlite:///{folder}/test.db', poolclass=NullPool)
        await self.create_database(engine)
        self.assertEqual(await list_books(engine), [])

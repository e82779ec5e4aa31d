"""What is MissingGreenlet, and why does my test raise it?

SQLAlchemy wanted to ask the database where nothing is awaited: when a test reads a relationship
that was not loaded, or an attribute that a commit has expired. Load what you read with
`selectinload`, and create sessions with expire_on_commit=False. (If it says "the greenlet library
is required", install `sqlalchemy[asyncio]`: from 2.1 on greenlet is not installed otherwise.) A
URL with an async driver, as testcontainers may give it, needs `create_async_engine`.
Needs: `sqlalchemy` (`pip install "sqlalchemy[aiosqlite]"`).
"""

import unittest

import pytest
from sqlalchemy import ForeignKey, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload


class Base(DeclarativeBase):
    pass


class Post(Base):
    __tablename__ = 'posts'
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey('authors.id'))


class Author(Base):
    __tablename__ = 'authors'
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    posts: Mapped[list[Post]] = relationship()


async def add_author(session, name):
    author = Author(name=name, posts=[Post()])
    session.add(author)
    await session.commit()
    return author


class TestAuthor(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.engine = create_async_engine('sqlite+aiosqlite:///:memory:')
        self.addAsyncCleanup(self.engine.dispose)
        async with self.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)

    # 2.0 says "can't call await_only() here", 2.1 "can't call await_() here" and, with aiosqlite:
    @pytest.mark.filterwarnings("ignore:coroutine 'Connection.cursor' was never awaited")
    async def test_wrong_way(self):
        async with AsyncSession(self.engine) as session:
            author = await add_author(session, 'Ada')
            with self.assertRaisesRegex(SQLAlchemyError, 'greenlet_spawn has not been called'):
                str(author.name)  # expired by the commit
            await session.refresh(author)
            with self.assertRaisesRegex(SQLAlchemyError, 'greenlet_spawn has not been called'):
                list(author.posts)  # not loaded

    async def test_right_way(self):
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            author = await add_author(session, 'Ada')
            self.assertEqual(author.name, 'Ada')

        async with AsyncSession(self.engine) as session:
            query = select(Author).options(selectinload(Author.posts))
            author = await session.scalar(query)
            self.assertEqual(len(author.posts), 1)

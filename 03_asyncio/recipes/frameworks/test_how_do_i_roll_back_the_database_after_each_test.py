"""How do I roll back the database after each test, although the code commits?

Begin a transaction on a connection of the test, bind the session to that connection with
join_transaction_mode="create_savepoint", and roll the connection back at the end: a commit only
ends a savepoint. With SQLite this needs two listeners, since Python's sqlite3 sends no BEGIN
before a SAVEPOINT (from Python 3.12 on, connect_args={'autocommit': False} does the same).
Needs: `pytest_asyncio`, `sqlalchemy` (`pip install "sqlalchemy[aiosqlite]"`).
"""

import pytest
import pytest_asyncio
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

pytestmark = pytest.mark.asyncio(loop_scope='module')


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = 'orders'
    id: Mapped[int] = mapped_column(primary_key=True)


async def place_order(session):
    session.add(Order())
    await session.commit()


async def count_orders(session):
    return await session.scalar(select(func.count()).select_from(Order))


def leave_begin_to_sqlalchemy(connection, _record):
    connection.isolation_level = None


def begin(connection):
    connection.exec_driver_sql('BEGIN')


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def engine():
    engine = create_async_engine('sqlite+aiosqlite:///:memory:')
    event.listen(engine.sync_engine, 'connect', leave_begin_to_sqlalchemy)  # for SQLite only
    event.listen(engine.sync_engine, 'begin', begin)  # for SQLite only
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture(loop_scope='module')
async def session(engine):
    async with engine.connect() as connection:
        transaction = await connection.begin()
        async with AsyncSession(connection, join_transaction_mode='create_savepoint') as session:
            yield session
        await transaction.rollback()


async def test_right_way(session):
    await place_order(session)
    assert await count_orders(session) == 1


async def test_right_way_in_the_next_test(session):
    assert await count_orders(session) == 0


async def test_wrong_way(engine):
    async with AsyncSession(engine) as session:
        await place_order(session)
        await session.rollback()  # too late: nothing is left to roll back
        assert await count_orders(session) == 1  # and each later test will see that order

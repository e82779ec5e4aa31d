"""Why does my database engine work in the first test only?

Each test has its own event loop, but the pool of a global engine, and asyncpg's connections in it,
stay bound to the first one: "attached to a different loop", "Event loop is closed" and asyncpg's
"another operation is in progress" all mean this. In tests create the engine with NullPool, or
dispose of it at the end of each test, in a fixture, or run all tests on one loop (pytest-asyncio's
loop_scope="session", on the fixtures and on the tests).
Needs: `pytest_asyncio`, `sqlalchemy` (`pip install "sqlalchemy[aiosqlite]"`).
"""

import asyncio

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool


async def check_health(engine):
    async with engine.connect() as connection:
        return await connection.scalar(text('SELECT 1'))


async def check_health_twice(engine):
    return await asyncio.gather(check_health(engine), check_health(engine))


@pytest.fixture
def url(tmp_path):
    return f'sqlite+aiosqlite:///{tmp_path}/test.db'


def test_wrong_way(url):
    engine = create_async_engine(url, pool_size=1, max_overflow=0)
    with asyncio.Runner() as loop_of_first_test:
        loop_of_first_test.run(check_health_twice(engine))
        with asyncio.Runner() as loop_of_second_test:
            with pytest.raises(RuntimeError, match='is bound to a different event loop'):
                loop_of_second_test.run(check_health_twice(engine))
        loop_of_first_test.run(engine.dispose())


def test_right_way_with_nullpool(url):
    engine = create_async_engine(url, poolclass=NullPool)
    assert asyncio.run(check_health_twice(engine)) == [1, 1]
    assert asyncio.run(check_health_twice(engine)) == [1, 1]


@pytest_asyncio.fixture
async def engine(url):
    engine = create_async_engine(url)
    yield engine
    await engine.dispose()


@pytest.mark.asyncio
async def test_right_way_with_a_fixture(engine):
    assert await check_health_twice(engine) == [1, 1]

"""Why does my session-scoped fixture fail with "attached to a different loop"?

pytest-asyncio runs each test on a new event loop, unless told otherwise. `scope` says how long a
fixture lives, `loop_scope` on which loop it runs: the fixture, and every test that uses it, need
the same `loop_scope`. To have one loop for everything, set asyncio_default_fixture_loop_scope and
asyncio_default_test_loop_scope, both, to "session". If the first one is "function", `scope` without
`loop_scope` ends in a ScopeMismatch. Needs: `pytest_asyncio`.
"""

import asyncio

import pytest
import pytest_asyncio


class Database:
    """Runs its queries in a thread, as Motor and others do."""

    async def connect(self):
        self.loop = asyncio.get_running_loop()
        self.users = ['Ann', 'Bob']

    async def count_users(self):
        return await self.loop.run_in_executor(None, len, self.users)


@pytest_asyncio.fixture(scope='module', loop_scope='module')  # or 'session', twice
async def database():
    database = Database()
    await database.connect()
    return database


@pytest.mark.asyncio
async def test_wrong_way_only_the_fixture_has_a_loop_scope(database):
    with pytest.raises(RuntimeError, match='attached to a different loop'):
        await database.count_users()


@pytest_asyncio.fixture(scope='module')
async def session(): ...


@pytest.mark.xfail(
    raises=pytest.fail.Exception, strict=True, reason='the fixture has no loop_scope'
)
@pytest.mark.asyncio(loop_scope='module')
async def test_wrong_way_only_the_test_has_a_loop_scope(session): ...


# For all tests of a file: pytestmark = pytest.mark.asyncio(loop_scope='module')
# The "scope" keyword argument to the asyncio marker has been deprecated: it meant the same.
@pytest.mark.asyncio(loop_scope='module')
async def test_right_way(database):
    assert await database.count_users() == 2

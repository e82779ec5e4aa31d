"""May a fixture yield inside a cancel scope, a task group or a timeout?

Not with pytest-asyncio or IsolatedAsyncioTestCase: they run set-up, test and clean-up in three
tasks, and a task group or cancel scope must be left by the task that entered it. Clients of MCP,
httpx-ws and others, which use anyio, say "Attempted to exit cancel scope in a different task than
it was entered in"; `asyncio.timeout` around a `yield` does nothing, and an `asyncio.TaskGroup`
reports a failure only afterwards. So write `async with` in the test; or give the fixture a task of
its own, which enters and leaves; or let anyio's plugin run fixture and test in one task.
Needs: `anyio`, `pytest_asyncio`.
"""

import asyncio
import contextlib

import anyio
import pytest
import pytest_asyncio

pytest_plugins = ['pytester']  # runs a test whose clean-up fails


@contextlib.asynccontextmanager
async def open_feed(topic):
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(anyio.sleep_forever)  # receives, in a real program
        yield f'news about {topic}'
        tasks.cancel_scope.cancel()


def test_wrong_way(pytester):
    pytester.makepyfile("""
        import anyio
        import pytest
        import pytest_asyncio

        @pytest_asyncio.fixture
        async def feed():
            async with anyio.create_task_group() as tasks:
                yield 'news'

        @pytest.mark.asyncio
        async def test_feed(feed): ...
    """)
    plugins = ['--disable-plugin-autoload', '-p', 'pytest_asyncio.plugin']
    settings = ['-o', 'asyncio_default_fixture_loop_scope=function']
    result = pytester.runpytest(*plugins, *settings)
    result.assert_outcomes(passed=1, errors=1)
    message = 'Attempted to exit cancel scope in a different task than it was entered in'
    result.stdout.fnmatch_lines([f'*RuntimeError: {message}'])


@pytest.mark.asyncio
async def test_right_way():
    async with asyncio.timeout(5), open_feed('tea') as feed:
        assert feed == 'news about tea'


async def hold_open(manager, entered, leave):
    async with manager as value:
        entered.set_result(value)
        await leave.wait()


@pytest_asyncio.fixture
async def feed():
    entered = asyncio.get_running_loop().create_future()
    leave = asyncio.Event()
    task = asyncio.create_task(hold_open(open_feed('tea'), entered, leave))
    done, _ = await asyncio.wait([entered, task], return_when=asyncio.FIRST_COMPLETED)
    yield done.pop().result()  # what `async with` gives, or its error
    leave.set()
    await task


@pytest.mark.asyncio
async def test_right_way_as_a_fixture(feed):
    assert feed == 'news about tea'

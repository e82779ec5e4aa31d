"""Why "Attempted to exit cancel scope in a different task than it was entered in"?

pytest-asyncio, and IsolatedAsyncioTestCase, run set-up, test and clean-up in three tasks, but a task
group or a cancel scope must be left by the task that entered it. Clients of httpx-ws, MCP and
others, which use anyio inside, raise this error; `asyncio.timeout` around a `yield` is ignored, and
an `asyncio.TaskGroup` reports a failure only afterwards. So let the fixture hand over a function,
and write `async with` in the test; or let anyio's plugin run the test, in one task with its
fixtures. Needs: `anyio`, `pytest_asyncio`.
"""

import asyncio
import contextlib

import anyio
import pytest
import pytest_asyncio

pytest_plugins = ['pytester']  # runs a test whose clean-up fails


@contextlib.asynccontextmanager
async def open_feed(topic):
    """A subscription: a task of its own receives the news."""
    news, receive = anyio.create_memory_object_stream(1)
    async with anyio.create_task_group() as tasks, news, receive:
        tasks.start_soon(news.send, f'news about {topic}')
        yield receive
        tasks.cancel_scope.cancel()


def test_wrong_way(pytester):
    pytester.makepyfile("""
        import anyio
        import pytest
        import pytest_asyncio

        @pytest_asyncio.fixture
        async def tasks():
            async with anyio.create_task_group() as tasks:
                yield tasks

        @pytest.mark.asyncio
        async def test_tasks(tasks): ...
    """)
    result = pytester.runpytest(
        '-p', 'asyncio', '-o', 'asyncio_default_fixture_loop_scope=function'
    )
    result.assert_outcomes(passed=1, errors=1)
    message = 'Attempted to exit cancel scope in a different task than it was entered in'
    result.stdout.fnmatch_lines([f'*RuntimeError: {message}'])


@pytest_asyncio.fixture
async def timeout():
    async with asyncio.timeout(0.01):
        yield


@pytest.mark.asyncio
async def test_wrong_way_the_test_never_times_out(timeout):
    await asyncio.sleep(0.1)


@pytest.fixture
def open_weather():
    return lambda: open_feed('weather')


@pytest.mark.asyncio
async def test_right_way(open_weather):
    async with asyncio.timeout(5), open_weather() as feed:
        assert await feed.receive() == 'news about weather'

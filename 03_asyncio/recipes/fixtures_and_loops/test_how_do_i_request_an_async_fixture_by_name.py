"""Why does `request.getfixturevalue` fail in an async test?

It sets the fixture up at once, with `run_until_complete`, while the loop already runs the test. Ask
for an async fixture by name where no loop is running: in a synchronous fixture, which the test
takes as an argument. To choose between fixtures, parametrize that one.
Needs: `pytest_asyncio`.
"""

import pytest
import pytest_asyncio

pytest_plugins = ['pytester']  # runs a test that fails


class MemoryStore:
    def __init__(self):
        self.values = {}

    async def put(self, key, value):
        self.values[key] = value

    async def get(self, key):
        return self.values[key]


class LoggingStore(MemoryStore):
    async def put(self, key, value):
        await super().put(key, value)
        await super().put('last', key)


@pytest_asyncio.fixture
async def memory():
    return MemoryStore()


@pytest_asyncio.fixture
async def logging():
    return LoggingStore()


def test_wrong_way(pytester):
    pytester.makepyfile("""
        import pytest
        import pytest_asyncio

        @pytest_asyncio.fixture
        async def memory(): ...

        @pytest.mark.asyncio
        async def test_memory(request):
            request.getfixturevalue('memory')
    """)
    plugins = ['--disable-plugin-autoload', '-p', 'pytest_asyncio.plugin']
    settings = ['-o', 'asyncio_default_fixture_loop_scope=function']
    result = pytester.runpytest_subprocess(*plugins, *settings)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(['*Runner.run() cannot be called from a running event loop'])


@pytest.fixture(params=['memory', 'logging'])
def store(request):
    return request.getfixturevalue(request.param)


@pytest.mark.asyncio
async def test_right_way(store):
    await store.put('a', 1)
    assert await store.get('a') == 1

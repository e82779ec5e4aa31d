"""Why does a module-scoped async fixture raise ScopeMismatch with anyio's plugin?

An async fixture needs `anyio_backend`, and cannot live longer than that: a fixture of your own for
it has the scope of a function unless you say otherwise. Give `anyio_backend` scope='session'; the
tests and fixtures of a module then share one event loop, as long as an async fixture with that
scope is alive. pytest-asyncio's `loop_scope` has no effect here. Needs: `anyio`.
"""

import pytest

pytest_plugins = ['pytester']  # runs pytest with anyio's plugin
PLUGINS = ['--disable-plugin-autoload', '-p', 'anyio.pytest_plugin']
FUNCTION_SCOPE = """
    import pytest

    @pytest.fixture
    def anyio_backend():
        return 'asyncio'
"""
SESSION_SCOPE = FUNCTION_SCOPE.replace('@pytest.fixture', "@pytest.fixture(scope='session')")


@pytest.fixture
def project(pytester):
    pytester.makepyfile("""
        import asyncio
        import anyio
        import pytest

        @pytest.fixture(scope='module')
        async def loop_of_fixture():
            await anyio.sleep(0)
            yield asyncio.get_running_loop()

        @pytest.mark.anyio
        async def test_one(loop_of_fixture):
            assert asyncio.get_running_loop() is loop_of_fixture

        @pytest.mark.anyio
        async def test_two(loop_of_fixture):
            assert asyncio.get_running_loop() is loop_of_fixture
    """)
    return pytester


def test_wrong_way(project):
    project.makeconftest(FUNCTION_SCOPE)
    result = project.runpytest(*PLUGINS)
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines('*You tried to access the function scoped fixture anyio_backend*')


def test_right_way(project):
    project.makeconftest(SESSION_SCOPE)
    result = project.runpytest(*PLUGINS)
    result.assert_outcomes(passed=2)

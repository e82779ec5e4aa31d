"""pytest-asyncio and anyio are both installed: which one runs my test?

Each takes what carries its mark. But in auto mode pytest-asyncio takes every `async def` test, even
those with `pytest.mark.anyio`, and runs the variant called [trio] on asyncio, too. So leave
asyncio_mode at "strict", or use one of the two only. The anyio mark, which FastAPI's documentation
uses, runs each test on asyncio and, if it is installed, on trio; anyio before 4.12 tries in any
case: "No module named 'trio'". A fixture `anyio_backend` that returns 'asyncio' ends that.
Needs: `anyio`, `pytest_asyncio`.
"""

import pytest

pytest_plugins = ['pytester']  # runs pytest with both plugins


@pytest.fixture
def project(pytester):
    pytester.makeconftest("""
        import pytest

        @pytest.fixture(scope='session')  # or no async fixture may have a larger scope
        def anyio_backend():
            return 'asyncio'  # or else, before anyio 4.12: No module named 'trio'
    """)
    pytester.makepyfile("""
        import anyio
        import pytest

        @pytest.fixture
        async def task_of_fixture():
            return anyio.get_current_task()

        @pytest.mark.anyio
        async def test_same_task(task_of_fixture):  # which only anyio's plugin promises
            assert anyio.get_current_task() == task_of_fixture
    """)
    return pytester


PLUGINS = ['--disable-plugin-autoload', '-p', 'pytest_asyncio.plugin', '-p', 'anyio.pytest_plugin']
SETTINGS = ['-o', 'asyncio_default_fixture_loop_scope=function']


def test_wrong_way_auto_mode(project):
    result = project.runpytest(*PLUGINS, *SETTINGS, '--asyncio-mode=auto')
    result.assert_outcomes(failed=1)


def test_right_way_strict_mode(project):
    result = project.runpytest(*PLUGINS, *SETTINGS, '--asyncio-mode=strict')
    result.assert_outcomes(passed=1)

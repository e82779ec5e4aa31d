"""How do I run my tests on another event loop, such as uvloop?

Say how to make the loop: pass a `loop_factory` to asyncio.Runner (asyncio.run takes one from Python
3.12 on, IsolatedAsyncioTestCase from 3.13 on), and write the hook pytest_asyncio_loop_factories in
conftest.py (pytest-asyncio 1.4). For uvloop the factory is `uvloop.new_event_loop`; on Windows,
where aiodns, pyzmq and Psycopg refuse the ProactorEventLoop, it is `asyncio.SelectorEventLoop`.
Policies are going away: set_event_loop_policy warns from Python 3.14 on, and so does an
`event_loop_policy` fixture. Needs: `pytest_asyncio`.
"""

import asyncio
import sys
import unittest
import warnings

import pytest

pytest_plugins = ['pytester']  # runs pytest in a folder with a conftest.py


class FastLoop(asyncio.SelectorEventLoop):
    """Stands in for uvloop.Loop."""


async def is_fast():
    return isinstance(asyncio.get_running_loop(), FastLoop)


def test_wrong_way_a_policy():
    with warnings.catch_warnings(record=True, action='always') as caught:
        asyncio.set_event_loop_policy(None)
    # 'asyncio.set_event_loop_policy' is deprecated and slated for removal in Python 3.16
    assert bool(caught) == (sys.version_info >= (3, 14))


class TestWrongWay:
    @pytest.fixture
    def event_loop_policy(self): ...

    @pytest.mark.filterwarnings('error')
    @pytest.mark.xfail(raises=pytest.PytestDeprecationWarning, strict=True, reason='use the hook')
    @pytest.mark.asyncio
    async def test_wrong_way_a_fixture_for_the_policy(self): ...


def test_right_way():
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        assert runner.run(is_fast())


class RightWay(unittest.IsolatedAsyncioTestCase):
    loop_factory = FastLoop

    async def test_right_way_with_unittest(self):
        self.assertEqual(await is_fast(), sys.version_info >= (3, 13))


def test_right_way_with_pytest_asyncio(pytester):
    pytester.makeconftest("""
        import asyncio

        def pytest_asyncio_loop_factories(config, item):
            return {'selector': asyncio.SelectorEventLoop}
    """)
    pytester.makepyfile("""
        import asyncio
        import pytest

        @pytest.mark.asyncio
        async def test_loop():
            assert isinstance(asyncio.get_running_loop(), asyncio.SelectorEventLoop)
    """)
    plugins = ['--disable-plugin-autoload', '-p', 'pytest_asyncio.plugin']
    settings = ['-o', 'asyncio_default_fixture_loop_scope=function']
    pytester.runpytest(*plugins, *settings).assert_outcomes(passed=1)

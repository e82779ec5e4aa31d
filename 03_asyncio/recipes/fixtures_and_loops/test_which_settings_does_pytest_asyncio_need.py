"""Which settings does pytest-asyncio need?

Two lines in pyproject.toml, under [tool.pytest.ini_options]: asyncio_mode = "auto" runs every
`async def` test and fixture without marks, and asyncio_default_fixture_loop_scope says on which
loop fixtures run; if it is unset, pytest-asyncio warns, or stops with an INTERNALERROR where
warnings are errors. "Unknown config option: asyncio_mode" means that this Python does not have the
plugin: install pytest-asyncio for it, and run `python -m pytest`. "'FixtureDef' object has no
attribute 'unittest'" means that it is too old for this pytest: update it. Needs: `pytest_asyncio`.
"""

import pytest

pytest_plugins = ['pytester']  # runs pytest in a folder of its own

PLUGIN = ['--disable-plugin-autoload', '-p', 'pytest_asyncio.plugin']
SETTINGS = """
[tool.pytest.ini_options]
asyncio_mode = "auto"
asyncio_default_fixture_loop_scope = "function"
"""


@pytest.fixture(autouse=True)
def price_test(pytester):
    pytester.makepyfile("""
        import pytest

        @pytest.fixture
        async def price():
            return 100

        async def test_price(price):
            assert price == 100
    """)


def test_wrong_way_no_settings(pytester):
    result = pytester.runpytest(*PLUGIN, '-W', 'error')
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR
    result.stderr.fnmatch_lines(['INTERNALERROR*"asyncio_default_fixture_loop_scope" is unset*'])


def test_wrong_way_settings_without_the_plugin(pytester):
    pytester.makepyprojecttoml(SETTINGS)
    result = pytester.runpytest('--disable-plugin-autoload')
    result.stdout.fnmatch_lines(['*Unknown config option: asyncio_default_fixture_loop_scope*'])
    result.stdout.fnmatch_lines(['*Unknown config option: asyncio_mode*'])


def test_wrong_way_options_without_the_plugin(pytester):
    result = pytester.runpytest('--disable-plugin-autoload', '--asyncio-mode=auto')
    result.stderr.fnmatch_lines(['*unrecognized arguments: --asyncio-mode=auto*'])


def test_right_way(pytester):
    pytester.makepyprojecttoml(SETTINGS)
    result = pytester.runpytest(*PLUGIN, '-W', 'error')
    result.assert_outcomes(passed=1)

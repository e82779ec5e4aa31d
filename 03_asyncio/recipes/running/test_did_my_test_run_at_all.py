"""Did my test run at all?

A plain TestCase calls an `async def` test, drops the coroutine and reports OK, even under pytest
with pytest-asyncio; all you see is "coroutine 'test_...' was never awaited". Use
IsolatedAsyncioTestCase. Outside a TestCase, pytest 8.4 and later refuse an `async def` test, and
older versions skip it ("async def function and no async plugin installed"): install pytest-asyncio
or anyio, and mark the test, or set asyncio_mode = "auto". Turn warnings into errors, which exposes
all of these; and break the code once, and watch the test fail.
"""

import unittest

import pytest

pytest_plugins = ['pytester']  # for the last test


async def add_tax(price):
    return price * 120 / 100


class WrongPrices:
    async def test_add_tax(self):
        self.assertEqual(await add_tax(100), 999)


class PlainCase(WrongPrices, unittest.TestCase):
    __test__ = False  # pytest leaves it alone: it is run below


class IsolatedCase(WrongPrices, unittest.IsolatedAsyncioTestCase):
    __test__ = False


@pytest.mark.filterwarnings('ignore')
def test_wrong_way_passes_falsely():
    result = PlainCase('test_add_tax').run()
    assert result.wasSuccessful()


def test_right_way_fails():
    result = IsolatedCase('test_add_tax').run()
    assert len(result.failures) == 1


class RightWay(unittest.IsolatedAsyncioTestCase):
    async def test_right_way(self):
        self.assertEqual(await add_tax(100), 120)


# In pyproject.toml, under [tool.pytest.ini_options]: filterwarnings = ["error"]
@pytest.mark.filterwarnings('error', 'ignore:.*was never awaited')
def test_right_way_turns_warnings_into_errors():
    result = PlainCase('test_add_tax').run()
    _, traceback = result.errors[0]
    assert 'It is deprecated to return a value' in traceback


def test_right_way_pytest_refuses_a_bare_function(pytester):
    pytester.makepyfile('async def test_add_tax(): ...')
    result = pytester.runpytest('--disable-plugin-autoload')
    # Before pytest 8.4: SKIPPED, async def function and no async plugin installed
    result.stdout.fnmatch_lines(['*async def functions are not natively supported*'])
    result.assert_outcomes(failed=1)

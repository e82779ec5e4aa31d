"""Did my test run at all?

A plain TestCase calls an `async def` test, drops the coroutine and reports OK, even under pytest.
Use IsolatedAsyncioTestCase, and turn warnings into errors, which exposes the mistake. Outside a
TestCase, pytest itself refuses an `async def` test: mark it for pytest-asyncio or anyio.
Whatever you use: break the code once, and watch the test fail.
"""

import unittest

import pytest

pytest_plugins = ['pytester']  # for the last test


async def add_tax(price):
    return price  # a bug: no tax is added


class TaxChecks:
    async def test_add_tax(self):
        self.assertEqual(await add_tax(100), 120)


class PlainCase(TaxChecks, unittest.TestCase):
    __test__ = False  # pytest leaves it alone: it is run below


class IsolatedCase(TaxChecks, unittest.IsolatedAsyncioTestCase):
    __test__ = False


@pytest.mark.filterwarnings('ignore')
def test_wrong_way_passes_falsely():
    result = PlainCase('test_add_tax').run()
    assert result.wasSuccessful()


def test_right_way():
    result = IsolatedCase('test_add_tax').run()
    assert len(result.failures) == 1


@pytest.mark.filterwarnings('error', 'ignore:.*never awaited')
def test_right_way_turns_warnings_into_errors():
    result = PlainCase('test_add_tax').run()
    _, traceback = result.errors[0]
    assert 'It is deprecated to return a value' in traceback


def test_right_way_pytest_refuses_a_bare_function(pytester):
    pytester.makepyfile('async def test_add_tax(): ...')
    result = pytester.runpytest_subprocess()
    result.stdout.fnmatch_lines(['*async def functions are not natively supported*'])
    result.assert_outcomes(failed=1)

"""Did my test run at all?

A plain TestCase calls an `async def` test, drops the coroutine and reports OK, under pytest, too:
use IsolatedAsyncioTestCase, and warnings as errors, which catch this. pytest refuses only a bare
function: mark it for pytest-asyncio or anyio. Break the code once: see red, then trust green.
"""

import unittest

import pytest

pytest_plugins = ['pytester']


async def check(self):
    self.assertEqual(1 + 1, 3)  # must fail


def run_check_in(base):
    return type('Case', (base,), {'test': check})('test').run()


@pytest.mark.filterwarnings('ignore')
def test_wrong_way_passes_falsely():
    assert run_check_in(unittest.TestCase).wasSuccessful()


def test_right_way():
    assert run_check_in(unittest.IsolatedAsyncioTestCase).failures


@pytest.mark.filterwarnings('error', 'ignore:.*never awaited')
def test_right_way_warnings_are_errors():
    assert 'It is deprecated to return a value' in run_check_in(unittest.TestCase).errors[0][1]


def test_right_way_pytest_refuses(pytester):
    pytester.makepyfile('async def test(): ...')
    lines = ['*async def functions are not natively supported*', '*1 failed*']
    pytester.runpytest_subprocess().stdout.fnmatch_lines(lines)

"""Did my test run at all?

A plain TestCase calls an `async def` test, drops the coroutine and reports OK, where
IsolatedAsyncioTestCase runs it. With warnings as errors (`python -W error`, for pytest
`filterwarnings = error`) the plain one fails, too. Break the code once: see red, then trust green.
"""

import unittest

import pytest

pytest_plugins = ['pytester']


async def check(self):
    self.assertEqual(1 + 1, 3)  # must fail


def report(base):
    return type('Case', (base,), {'test': check})('test').run()


@pytest.mark.filterwarnings('ignore')
def test_wrong_way_passes_falsely():
    assert report(unittest.TestCase).wasSuccessful()


def test_right_way():
    assert report(unittest.IsolatedAsyncioTestCase).failures


@pytest.mark.filterwarnings('ignore:.*never awaited', 'error:It is deprecated to return a value')
def test_right_way_warnings_are_errors():
    assert report(unittest.TestCase).errors


def test_right_way_pytest_refuses(pytester):
    pytester.makepyfile('async def test(): ...')
    output = str(pytester.runpytest_subprocess().stdout)
    assert 'async def functions are not natively supported' in output

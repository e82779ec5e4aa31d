"""Was it awaited, or only called?

Python's AsyncMock counts a call when it is made: forget the `await`, and nothing is sent, yet
`assert_called_once_with` passes. Use `assert_awaited_once_with`. This kit's AsyncMock counts only
what is awaited, so it has a single set of assertions. A function made by `create_autospec` counts
calls up to Python 3.12, and awaits from 3.13 on; the methods of an autospecced class count calls.
Needs: the folder `helpers` of this kit, for the comparison.
"""

import asyncio
import sys
from unittest import mock

import pytest

import helpers


async def greet(send):
    send('hello')  # a bug: the await is missing


def run_greet(send):
    with pytest.warns(RuntimeWarning, match='was never awaited'):
        asyncio.run(greet(send))


def test_wrong_way_passes_falsely():
    send = mock.AsyncMock()
    run_greet(send)
    send.assert_called_once_with('hello')


def test_right_way():
    send = mock.AsyncMock()
    run_greet(send)
    with pytest.raises(AssertionError):
        send.assert_awaited_once_with('hello')


def test_right_way_with_this_kits_mock():
    send = helpers.AsyncMock()
    run_greet(send)
    with pytest.raises(AssertionError):
        send.mock.assert_called_once_with('hello')


def test_wrong_way_autospec_depends_on_the_version():
    send = mock.create_autospec(greet)
    run_greet(send)
    counts_calls = send.call_count == 1
    assert counts_calls == (sys.version_info < (3, 13))

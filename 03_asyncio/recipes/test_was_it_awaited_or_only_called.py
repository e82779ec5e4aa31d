"""Was it awaited, or only called?

Python's AsyncMock counts a call when it is called: where an `await` is forgotten, nothing happens,
and `assert_called_once_with` passes; ask `assert_awaited_once_with`. This kit's AsyncMock counts
when it is awaited, so there is only one question to ask. What `autospec` makes of a coroutine
function counted the call up to Python 3.12, and counts the await since 3.13.
Needs: the folder `helpers` of this kit, for the comparison.
"""

import asyncio
import sys
from unittest import mock

import pytest

from helpers import AsyncMock


def forget_to_await(f):
    with pytest.warns(RuntimeWarning, match='was never awaited'):
        f('data')


def test_wrong_way_passes_falsely():
    forget_to_await(f := mock.AsyncMock())
    f.assert_called_once_with('data')


def test_right_way():
    forget_to_await(f := mock.AsyncMock())
    pytest.raises(AssertionError, f.assert_awaited_once_with, 'data')
    forget_to_await(f := AsyncMock())
    pytest.raises(AssertionError, f.mock.assert_called_once_with, 'data')


def test_autospec_has_changed():
    forget_to_await(f := mock.create_autospec(asyncio.sleep))
    assert f.call_count == (0 if sys.version_info >= (3, 13) else 1)

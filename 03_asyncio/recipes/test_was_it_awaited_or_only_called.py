"""Was it awaited, or only called?

Python's AsyncMock counts a call when it is made: forget the `await`, and nothing is sent, yet
`assert_called_once_with` passes. Use `assert_awaited_once_with`. This kit's AsyncMock counts only
what is awaited, so one assertion is enough. A function made by `autospec` counted calls up to
Python 3.12, and awaits from 3.13 on.
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
    asyncio.run(f('data'))
    assert f.call_count == (1 if sys.version_info >= (3, 13) else 2)

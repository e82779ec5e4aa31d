"""What exercise 3 asks of my_helpers.py, one check after the other; the grader runs them."""

import asyncio
import contextlib
import inspect
from unittest import mock

import pytest

import my_helpers


@contextlib.contextmanager
def should(promise, next_step):
    """Fail with a promise that is not kept, and with what to do about it."""
    try:
        yield
    except BaseException as error:
        why = '' if isinstance(error, AssertionError) else f' It raises {error!r}.'
        pytest.fail(f'{promise}{why}\nNEXT: {next_step}')


async def add(a, b):
    await asyncio.sleep(0)
    return a + b


async def fail():
    raise ZeroDivisionError


def test_both_are_there():
    with should('my_helpers.py should have _run and AsyncMock.', 'Write def _run(coro): ...'):
        from my_helpers import AsyncMock, _run

        assert callable(_run)
        assert callable(AsyncMock)


def test_they_are_yours():
    for name in '_run', 'AsyncMock':
        with should(f'{name} should be your own, and it is imported.', 'Write it yourself.'):
            assert not vars(my_helpers)[name].__module__.startswith(('helpers', 'unittest'))


def test_run_returns_the_result():
    from my_helpers import _run

    with should(
        '_run(coro) should run a coroutine to its end and return its result.',
        'Make one event loop, outside _run: asyncio.Runner() and its run(), or '
        'asyncio.new_event_loop() and its run_until_complete().',
    ):
        assert _run(add(1, 2)) == 3


def test_run_raises_what_the_coroutine_raises():
    from my_helpers import _run

    with should('_run(coro) should raise what the coroutine raises.', 'Let the error through.'):
        with contextlib.suppress(ZeroDivisionError):
            _run(fail())
            raise AssertionError


def test_calls_share_one_loop():
    from my_helpers import _run

    async def loop():
        return asyncio.get_running_loop()

    async def start():
        return asyncio.create_task(add(1, 2))

    async def end(task):
        return await task

    with should(
        'Two calls of _run should share one event loop: a task that the first one starts is lost '
        'in the second.',
        'Make the loop once, outside _run. asyncio.run() makes a new one for every call.',
    ):
        assert _run(loop()) is _run(loop())
        assert _run(end(_run(start()))) == 3


def test_run_works_after_asyncio_run():
    from my_helpers import _run

    asyncio.run(add(1, 2))
    with should(
        '_run(coro) should work after somebody else has called asyncio.run().',
        'Keep the loop in a variable of your own; do not ask for the current one.',
    ):
        assert _run(add(1, 2)) == 3


def test_mock_returns_a_coroutine():
    from my_helpers import AsyncMock

    with should(
        'AsyncMock() should return something that can be called and gives a coroutine.',
        'Return an `async def` function, defined inside AsyncMock.',
    ):
        coro = AsyncMock()('data')
        assert inspect.isawaitable(coro)
        coro.close()


def test_mock_passes_on_its_arguments():
    from my_helpers import AsyncMock, _run

    with should(
        "AsyncMock(return_value='page') should give 'page' when it is awaited.",
        'Hand the arguments of AsyncMock on to a MagicMock, and return what that one returns.',
    ):
        assert _run(AsyncMock(return_value='page')()) == 'page'
        assert _run(AsyncMock(side_effect=str.upper)('data')) == 'DATA'
    with should(
        'AsyncMock(side_effect=ZeroDivisionError) should raise when it is awaited.',
        'Hand the arguments of AsyncMock on to a MagicMock.',
    ):
        with contextlib.suppress(ZeroDivisionError):
            _run(AsyncMock(side_effect=ZeroDivisionError)())
            raise AssertionError


def test_mock_remembers():
    from my_helpers import AsyncMock, _run

    with should(
        'The attribute `mock` of what AsyncMock() returns should be a MagicMock that remembers '
        'the arguments.',
        'Call the MagicMock inside the coroutine function; then mock_coro.mock = m.',
    ):
        f = AsyncMock()
        _run(f('data', key=1))
        assert isinstance(f.mock, mock.NonCallableMock)
        f.mock.assert_called_once_with('data', key=1)


def test_mock_counts_when_it_is_awaited():
    from my_helpers import AsyncMock

    with should(
        'A coroutine that is made and never awaited should not count as a call.',
        'Call the MagicMock inside the coroutine function, not before.',
    ):
        f = AsyncMock()
        f('data').close()
        f.mock.assert_not_called()


def test_each_mock_is_its_own():
    from my_helpers import AsyncMock, _run

    with should(
        'Two AsyncMock() should not share their memory.', 'Make the MagicMock inside AsyncMock.'
    ):
        first, second = AsyncMock(), AsyncMock()
        _run(first('data'))
        second.mock.assert_not_called()

"""What exercise 3 requires of my_helpers.py, one check per requirement; the grader runs it."""

import asyncio
import contextlib
import inspect
import re
from unittest import mock

import pytest

import my_helpers


@contextlib.contextmanager
def should(requirement, next_step):
    """Fail with a requirement that is not met, and with what to do about it."""
    try:
        yield
    except BaseException as error:
        takes_none = re.match(r'AsyncMock\.<locals>\.(\w+)\(\) takes', str(error))
        if isinstance(error, TypeError) and takes_none:
            name = takes_none[1]
            pytest.fail(
                f'AsyncMock returns {name}(), which takes no arguments, and gets some.\n'
                f'NEXT: Let it take all: async def {name}(*args, **kwargs).'
            )
        raised = '' if isinstance(error, AssertionError) else f' It raises {error!r}.'
        if isinstance(error, NameError):
            next_step = 'Import it, or define it, in my_helpers.py.'
        pytest.fail(f'{requirement}{raised}\nNEXT: {next_step}')


async def add(a, b):
    await asyncio.sleep(0)
    return a + b


async def fail():
    raise ZeroDivisionError('this one')


@pytest.mark.parametrize('name', ['_run', 'AsyncMock'])
def test_both_helpers_are_your_own(name):
    with should(f'my_helpers.py should have {name}.', f'Write def {name}(...): ...'):
        helper = getattr(my_helpers, name, None)
        assert callable(helper)
    with should(f'{name} should be your own, but it is imported.', 'Write it yourself.'):
        assert not helper.__module__.startswith(('helpers', 'unittest'))


def test_run_is_a_plain_function():
    run = my_helpers._run
    line = getattr(getattr(run, '__code__', None), 'co_firstlineno', '')
    with should(
        f'_run (line {line}) is itself an `async def`: calling it runs nothing.',
        'Write `def _run(coro)`, and let an event loop run the coroutine: run_until_complete().',
    ):
        assert not inspect.iscoroutinefunction(run)


def test_run_returns_the_result():
    with should(
        '_run(coro) should run a coroutine to completion.',
        'Make one event loop, outside _run: asyncio.Runner() and its run(), or '
        'asyncio.new_event_loop() and its run_until_complete().',
    ):
        result = my_helpers._run(add(1, 2))
    with should(f'_run(coro) should return 3 here, but it returns {result!r}.', 'Return it.'):
        assert result == 3


def test_run_can_be_called_twice():
    my_helpers._run(add(1, 2))
    with should(
        '_run(coro) should work a second time.', 'Keep the loop open: no `with`, no close().'
    ):
        my_helpers._run(add(1, 2))


def test_run_raises_what_the_coroutine_raises():
    with should(
        '_run(coro) should raise what the coroutine raises, a ZeroDivisionError here.',
        'Do not catch the error in _run.',
    ):
        with contextlib.suppress(ZeroDivisionError):
            my_helpers._run(fail())
            raise AssertionError


def test_calls_share_one_loop():
    async def loop():
        return asyncio.get_running_loop()

    async def start():
        return asyncio.create_task(add(1, 2))

    async def end(task):
        return await task

    with should(
        'Two calls of _run should share one event loop: the second '
        'one loses a task that the first one started.',
        'Make the loop once, outside _run. asyncio.run() makes a new one for every call, '
        'and so does a Runner that is created inside _run.',
    ):
        assert my_helpers._run(loop()) is my_helpers._run(loop())
        assert my_helpers._run(end(my_helpers._run(start()))) == 3


def test_run_works_after_asyncio_run():
    asyncio.run(add(1, 2))
    with should(
        '_run(coro) should work after other code has called asyncio.run().',
        'Keep the loop in a variable of your own; do not use the current event loop.',
    ):
        assert my_helpers._run(add(1, 2)) == 3


def test_mock_returns_a_coroutine():
    with should(
        'AsyncMock() should return something that can be called and gives a coroutine.',
        'Return an `async def` function, defined inside AsyncMock.',
    ):
        coro = my_helpers.AsyncMock()('data')
        assert inspect.isawaitable(coro)
        coro.close()


def test_mock_is_not_pythons_own():
    with should(
        "AsyncMock returns Python's own unittest.mock.AsyncMock.",
        'Write yours: an `async def`, defined inside, that calls a MagicMock.',
    ):
        assert not isinstance(my_helpers.AsyncMock(), mock.AsyncMock)


def test_mock_records_the_call():
    with should(
        'What AsyncMock() returns should have an attribute `mock`: a MagicMock.',
        'After the coroutine function: mock_coro.mock = m.',
    ):
        f = my_helpers.AsyncMock()
        assert isinstance(f.mock, mock.NonCallableMock)
    with should(
        'The MagicMock should be called when the coroutine runs.', 'Call it in the coroutine.'
    ):
        my_helpers._run(f('data'))
        f.mock.assert_called_once()
    with should(
        'The MagicMock should get all arguments, including keyword arguments.',
        'Accept *args and **kwargs in the coroutine function, and pass both on.',
    ):
        my_helpers._run(f('data', key=1))
        f.mock.assert_called_with('data', key=1)


def test_mock_counts_when_it_is_awaited():
    with should(
        'A coroutine that is created but never awaited should not count as a call.',
        'Call the MagicMock inside the coroutine function, not before.',
    ):
        f = my_helpers.AsyncMock()
        f('data').close()
        f.mock.assert_not_called()


def test_each_mock_is_its_own():
    with should(
        'Two calls of AsyncMock() should not share one MagicMock.',
        'Make the MagicMock inside AsyncMock.',
    ):
        first, second = my_helpers.AsyncMock(), my_helpers.AsyncMock()
        assert first.mock is not second.mock


def test_mock_takes_the_arguments_of_a_magicmock():
    with should(
        "AsyncMock(return_value='page') should return 'page' when it is awaited.",
        'Pass the arguments of AsyncMock on to a MagicMock, and return what it returns.',
    ):
        assert my_helpers._run(my_helpers.AsyncMock(return_value='page')()) == 'page'
    with should(
        "AsyncMock(side_effect=str.upper) should return 'DATA' when it is called with 'data'.",
        'Call the MagicMock with the arguments of the coroutine, and return what it returns.',
    ):
        assert my_helpers._run(my_helpers.AsyncMock(side_effect=str.upper)('data')) == 'DATA'
    with should(
        'AsyncMock(side_effect=ZeroDivisionError) should raise when it is awaited.',
        'Pass all arguments of AsyncMock on to a MagicMock: *args, **kwargs.',
    ):
        with contextlib.suppress(ZeroDivisionError):
            my_helpers._run(my_helpers.AsyncMock(side_effect=ZeroDivisionError)())
            raise AssertionError

"""Tests of _run, AsyncMock and async_patch."""

import asyncio
import contextvars
import inspect
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from helpers import AsyncMock, _run, async_patch

PROGRAMS = Path(__file__).with_name('programs')

name = contextvars.ContextVar('name')


async def add(a, b=0):
    return a + b


def run_program(file, *arguments):
    """Run a program with warnings as errors; return what it prints, errors included."""
    command = [sys.executable, '-W', 'error', '-X', 'dev', PROGRAMS / file, *arguments]
    ended = subprocess.run(
        command, encoding='utf-8', stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30
    )
    return ended.stdout


def test_run_returns_the_result():
    assert _run(add(1, 2)) == 3


def test_run_raises_what_the_coroutine_raises():
    with pytest.raises(ZeroDivisionError) as raised:
        _run(AsyncMock(side_effect=ZeroDivisionError)())
    assert raised.value.__context__ is None  # nothing of ours in the traceback's first screen


def test_calls_share_one_loop():
    async def start():
        return asyncio.create_task(add(1, 2)), asyncio.get_running_loop()

    task, loop = _run(start())
    assert _run(task) == 3
    assert _run(start())[1] is loop


def test_run_accepts_a_task_made_in_an_earlier_call():
    async def start():
        return asyncio.create_task(asyncio.sleep(0, 'done'))

    task = _run(start())
    assert not task.done()
    assert _run(task) == 'done'


def test_run_works_after_asyncio_run():
    asyncio.run(add(1))
    assert _run(add(1, 2)) == 3


def test_run_sees_the_callers_context_variables_and_keeps_its_own_inside():
    async def swap():
        seen = name.get()
        name.set('inside')
        return seen

    token = name.set('outside')
    try:
        assert _run(swap()) == 'outside'
        assert name.get() == 'outside'
    finally:
        name.reset(token)


@pytest.mark.parametrize('error', [KeyboardInterrupt, SystemExit])
def test_run_works_after_a_coroutine_that_raised(error):
    async def fail():
        raise error

    with pytest.raises(error):
        _run(fail())
    assert _run(add(1, 2)) == 3


def test_run_works_after_ctrl_c():
    assert run_program('interrupt_run.py').split() == ['KeyboardInterrupt', 'usable']


@pytest.mark.parametrize('wrong', [add, None, 3, mock.MagicMock()])
def test_run_refuses_what_cannot_be_awaited(wrong):
    with pytest.raises(TypeError, match=r'takes a coroutine, as in _run\(function\(...\)\)'):
        _run(wrong)


def test_run_refuses_to_run_inside_a_running_loop():
    async def nested():
        with pytest.raises(RuntimeError, match='await the coroutine'):
            _run(add(1))

    asyncio.run(nested())


@pytest.mark.parametrize(
    'what',
    [
        'no call at all',
        'a finished coroutine',
        'a thread',
        'a pending task',
        'an async generator',
    ],
)
def test_run_prints_nothing_at_exit_after(what):
    assert run_program('leave_behind.py', what) == ''


def test_importing_helpers_loads_the_standard_library_only():
    loaded = run_program('modules_of_helpers.py')
    packages = {name.partition('.')[0] for name in loaded.split() if not name.startswith('_')}
    assert packages - sys.stdlib_module_names == {'helpers'}


def test_mock_records_a_call_when_it_is_awaited():
    f = AsyncMock(return_value='hello!')
    coro = f('foo', 'bar')
    f.mock.assert_not_called()
    assert _run(coro) == 'hello!'
    f.mock.assert_called_once_with('foo', 'bar')


def test_mock_is_a_coroutine_function_with_a_synchronous_mock():
    f = AsyncMock()
    assert inspect.iscoroutinefunction(f)
    assert isinstance(f.mock, mock.MagicMock)
    assert not inspect.iscoroutine(f.mock())
    f.mock.return_value = 'later'
    assert _run(f()) == 'later'


@pytest.mark.parametrize('side_effect', [[1, 2], lambda: next(numbers)])
def test_mock_takes_side_effects_from_sequences_and_functions(side_effect):
    f = AsyncMock(side_effect=side_effect)
    assert [_run(f()), _run(f())] == [1, 2]


numbers = iter([1, 2])


@pytest.mark.parametrize('arguments', [{'spec': add}, {'spec_set': add}])
def test_mock_stays_synchronous_with_the_spec_of_a_coroutine_function(arguments):
    f = AsyncMock(**arguments, return_value='hello!')
    assert _run(f(1, b=2)) == 'hello!'
    f.mock.assert_called_once_with(1, 2)
    with pytest.raises(AttributeError):
        f.mock.no_such_attribute  # noqa: B018
    assert not inspect.iscoroutine(f.mock(1))


def test_spec_set_refuses_new_attributes():
    with pytest.raises(AttributeError):
        AsyncMock(spec_set=['attribute']).mock.other = 1
    with pytest.raises(AttributeError):
        AsyncMock(spec_set=['attribute'], other=1)


def test_mock_as_a_method_records_self():
    class Session:
        get = AsyncMock()

    session = Session()
    _run(session.get('url'))
    Session.get.mock.assert_called_once_with(session, 'url')


class TestAsyncPatch:
    @pytest.mark.parametrize('time', ['first', 'second'])
    @async_patch(f'{__name__}.add', return_value='patched')
    def test_each_test_gets_a_new_mock(self, add, time):
        assert _run(globals()['add'](time)) == 'patched'
        add.mock.assert_called_once_with(time)

    def test_works_as_a_context_manager(self):
        with async_patch(f'{__name__}.add', spec=True) as patched:
            assert add is patched
        assert add is not patched

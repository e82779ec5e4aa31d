"""Tests of _run, AsyncMock and async_patch."""

import asyncio
import contextlib
import contextvars
import functools
import inspect
import os
import subprocess
import sys
import warnings
from pathlib import Path
from unittest import mock

import pytest

from helpers import AsyncMock, _run, async_patch, async_testing

PROGRAMS = Path(__file__).with_name('programs')

name = contextvars.ContextVar('name')


needs_fork = pytest.mark.skipif(not hasattr(os, 'fork'), reason='this system cannot fork')


async def add(a, b=0):
    return a + b


async def async_numbers():
    yield 1


def plain_numbers():
    yield 1


class Connection:
    """What the tests patch on a class."""

    async def send(self, data):
        pass

    @staticmethod
    async def parse(data):
        pass

    @classmethod
    async def open(cls, url):
        pass

    @staticmethod
    def parse_later(data):
        pass

    @property
    def state(self):
        return 'open'

    @functools.cached_property
    def address(self):
        return 'localhost'

    async def lines(self):
        yield 'line'


class PooledConnection(Connection):
    pass


later = None
HERE = __name__


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
        task = asyncio.create_task(add(1))
        for awaitable in [add(1), task]:
            with pytest.raises(RuntimeError, match='await the coroutine'):
                _run(awaitable)
        assert await task == 1

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


@needs_fork
@pytest.mark.parametrize('end', ['os._exit', 'sys.exit'])
@pytest.mark.parametrize(
    ('what', 'printed'),
    [
        ('before the first call', ['None']),
        ('nothing', ['None']),
        ('a coroutine', ['child', 'None']),
        ('a thread', ['child', 'None']),
        ('a fork of its own', ['grandchild', 'child', 'None']),
    ],
)
def test_run_works_in_parent_and_child_after_a_fork(what, printed, end):
    assert run_program('fork_run.py', what, end).split() == printed


@pytest.fixture
def other_policy():
    """Yield an event loop policy whose loops have a type of their own; restore the present one."""

    class OtherLoop(asyncio.SelectorEventLoop):
        pass

    with warnings.catch_warnings():
        warnings.simplefilter('ignore', DeprecationWarning)  # Python 3.16 will have no policies
        before = asyncio.get_event_loop_policy()

        class OtherPolicy(type(before)):
            def new_event_loop(self):
                return OtherLoop()

        yield OtherPolicy()
        asyncio.set_event_loop_policy(before)


async def get_loop():
    return asyncio.get_running_loop()


def test_run_refuses_a_policy_that_is_set_after_the_first_call(other_policy):
    loop = _run(get_loop())
    before = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(other_policy)
    with pytest.raises(RuntimeError, match='before the first _run'):
        _run(get_loop())
    asyncio.set_event_loop_policy(before)
    assert _run(get_loop()) is loop


def test_run_keeps_its_loop_when_the_default_policy_is_reset(other_policy):
    loop = _run(get_loop())
    asyncio.set_event_loop_policy(None)
    assert _run(get_loop()) is loop
    asyncio.get_event_loop_policy()  # makes a new one, of the same type
    assert _run(get_loop()) is loop


def test_run_uses_the_policy_that_is_set_before_the_first_call(other_policy, monkeypatch):
    monkeypatch.setattr(async_testing, '_runner', asyncio.Runner())
    asyncio.set_event_loop_policy(other_policy)
    loop = _run(get_loop())
    assert type(loop).__name__ == 'OtherLoop'
    async_testing._close()
    assert loop.is_closed()


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
def test_mock_refuses_a_coroutine_function_as_its_spec(arguments):
    message = r'spec is a coroutine function: use mock.create_autospec\(\) or mock.patch\(\)'
    with pytest.raises(TypeError, match=message):
        AsyncMock(**arguments)
    with pytest.raises(TypeError, match=message):
        AsyncMock(add)
    with pytest.raises(TypeError, match=message), async_patch(f'{HERE}.add', spec=True):
        pass


def test_mock_can_have_the_spec_of_a_coroutine_function_as_the_message_says():
    f = mock.create_autospec(add, return_value='hello!')
    assert _run(f(1, b=2)) == 'hello!'
    f.assert_awaited_once_with(1, b=2)
    for option in ['spec', 'spec_set', 'autospec']:
        with mock.patch(f'{HERE}.add', **{option: True}) as patched:
            patched.return_value = 'hello!'
            assert _run(add(1)) == 'hello!'


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


@pytest.mark.parametrize('name', ['return_value', 'side_effect'])
def test_mock_refuses_what_is_set_on_the_function(name):
    f = AsyncMock()
    setattr(f, name, None)
    with pytest.raises(AttributeError, match='set .*on f.mock, not on f itself'):
        _run(f())


def test_mock_keeps_other_attributes_of_the_function():
    f = AsyncMock(return_value='hello!')
    f.event = 'message'
    f.__doc__ = 'Say hello.'
    assert _run(functools.wraps(add)(f)()) == 'hello!'
    assert f.event == 'message'


class Adder:
    async def __call__(self, a, b):
        return a + b

    add = __call__


FUNCTIONS = [
    add,
    functools.partial(add, b=2),
    Adder(),
    Adder().add,
    mock.AsyncMock(side_effect=add),
    AsyncMock(wraps=add),
    lambda *args: add(*args),
    lambda a, b: a + b,
]


@pytest.mark.parametrize('function', FUNCTIONS)
def test_mock_returns_the_result_of_the_function_that_it_wraps(function):
    f = AsyncMock(wraps=function)
    arguments = [1] if isinstance(function, functools.partial) else [1, 2]
    assert _run(f(*arguments)) == 3
    f.mock.assert_called_once_with(*arguments)


def test_mock_returns_the_result_of_what_it_wraps_if_its_side_effect_returns_default():
    f = AsyncMock(wraps=add, side_effect=lambda *args: mock.DEFAULT)
    assert _run(f(1, 2)) == 3


def test_mock_raises_what_the_wrapped_function_raises():
    with pytest.raises(TypeError, match='int'):
        _run(AsyncMock(wraps=add)(1, 'a'))


@pytest.mark.parametrize('arguments', [{'return_value': 3}, {'side_effect': [3]}])
def test_mock_returns_the_value_that_it_was_given_and_does_not_call_what_it_wraps(arguments):
    f = AsyncMock(wraps=add, **arguments)
    assert _run(f('wrong')) == 3


def test_mock_returns_the_result_of_a_coroutine_that_it_was_given():
    assert _run(AsyncMock(return_value=add(1, 2))()) == 3
    assert _run(AsyncMock(side_effect=add)(1, 2)) == 3


def test_mock_keeps_a_task_that_the_wrapped_function_returns():
    async def start():
        return asyncio.create_task(add(1, 2))

    task = _run(start())
    assert _run(AsyncMock(wraps=lambda: task)()) is task
    assert _run(task) == 3


class TestAsyncPatch:
    @pytest.mark.parametrize('time', ['first', 'second'])
    @async_patch(f'{__name__}.add', return_value='patched')
    def test_each_test_gets_a_new_mock(self, add, time):
        assert _run(globals()['add'](time)) == 'patched'
        add.mock.assert_called_once_with(time)

    def test_works_as_a_context_manager(self):
        with async_patch(f'{__name__}.add') as patched:
            assert add is patched
        assert add is not patched

    def test_works_with_start_and_stop(self):
        patcher = async_patch(f'{HERE}.add')
        assert patcher.start() is add
        patcher.stop()
        assert not hasattr(add, 'mock')
        assert async_patch(f'{HERE}.add').start() is add
        mock.patch.stopall()
        assert not hasattr(add, 'mock')

    def test_works_on_a_class(self):
        @async_patch(f'{HERE}.add')
        class Tests:
            def test(self, patched):
                assert add is patched

        Tests().test()

    def test_works_on_a_coroutine_function(self):
        @async_patch(f'{HERE}.add', return_value=3)
        async def test(patched):
            return await patched()

        assert _run(test()) == 3

    def test_works_among_other_patches(self):
        @async_patch(f'{HERE}.add')
        @mock.patch(f'{HERE}.later')
        @async_patch(f'{HERE}.Connection.send')
        def test(*patched):
            assert patched == (Connection.send, later, add)

        test()

    def test_imports_the_target_when_the_test_starts(self):
        patcher = async_patch('no_such_module.function')
        with pytest.raises(ModuleNotFoundError), patcher:
            pass

    def test_object_patches_an_attribute_of_an_object(self):
        @async_patch.object(Connection, 'send', return_value='sent')
        def test(send):
            connection = Connection()
            assert _run(connection.send('data')) == 'sent'
            send.mock.assert_called_once_with(connection, 'data')

        test()
        connection = Connection()
        with async_patch.object(connection, 'send') as send:
            _run(connection.send('data'))
        send.mock.assert_called_once_with('data')
        with async_patch.object(sys.modules[HERE], 'add') as patched:
            assert add is patched

    def test_mock_has_the_name_of_the_target(self):
        with async_patch(f'{HERE}.add') as patched:
            pass
        with pytest.raises(AssertionError, match="^Expected 'add' to be called once"):
            patched.mock.assert_called_once_with()
        with async_patch.object(Connection, 'send', name='post') as patched:
            pass
        with pytest.raises(AssertionError, match="^Expected 'post' to be called once"):
            patched.mock.assert_called_once_with()

    @pytest.mark.parametrize('name', ['add', 'later'])
    def test_mock_refuses_what_is_set_on_the_function(self, name):
        with async_patch(f'{HERE}.{name}') as patched:
            patched.return_value = 1
            with pytest.raises(AttributeError, match='set return_value and .* on f.mock'):
                _run(globals()[name]())

    @pytest.mark.parametrize('owner', [Connection, PooledConnection])
    @pytest.mark.parametrize('name', ['parse', 'open', 'parse_later', 'state', 'address', 'lines'])
    def test_refuses_what_is_not_a_plain_coroutine_method(self, owner, name):
        original = inspect.getattr_static(owner, name)
        message = f'^{name} is <.*>, not a coroutine function: use mock.patch'
        for patch in [
            async_patch(f'{HERE}.{owner.__name__}.{name}'),
            async_patch.object(owner, name),
        ]:
            with pytest.raises(TypeError, match=message), patch:
                pass
        assert inspect.getattr_static(owner, name) is original

    @pytest.mark.parametrize('name', ['Connection', 'plain_numbers', 'async_numbers'])
    def test_refuses_what_is_not_a_function_to_await(self, name):
        original = globals()[name]
        message = f'^{name} is <.*{name}.*>, not a coroutine function: use mock.patch'
        with pytest.raises(TypeError, match=message), async_patch(f'{HERE}.{name}'):
            pass
        assert globals()[name] is original

    @pytest.mark.parametrize('owner', [Connection, PooledConnection])
    @pytest.mark.parametrize('name', ['parse', 'open'])
    def test_static_and_class_methods_can_be_patched_as_the_message_says(self, owner, name):
        with mock.patch(f'{HERE}.{owner.__name__}.{name}', return_value='ok') as patched:
            for caller in [owner, owner()]:
                assert _run(getattr(caller, name)('data')) == 'ok'
                patched.assert_awaited_once_with('data')
                patched.reset_mock()

    @pytest.mark.parametrize('name', ['state', 'address'])
    def test_properties_can_be_patched_as_the_message_says(self, name):
        with mock.patch(f'{HERE}.Connection.{name}', new='patched'):
            assert getattr(Connection(), name) == 'patched'

    def test_classes_can_be_patched_as_the_message_says(self):
        with mock.patch(f'{HERE}.Connection', autospec=True) as patched:
            patched.return_value.send.return_value = 'sent'
            assert _run(Connection().send('data')) == 'sent'

    def test_generators_can_be_patched_as_the_message_says(self):
        async def collect():
            return [number async for number in async_numbers()]

        with mock.patch(f'{HERE}.async_numbers') as patched:
            patched.return_value.__aiter__.return_value = [2, 3]
            assert _run(collect()) == [2, 3]
        with mock.patch(f'{HERE}.plain_numbers', return_value=[2, 3]):
            assert list(plain_numbers()) == [2, 3]

    @pytest.mark.parametrize('target', ['later', 'parse_headers', 'asyncio.sleep'])
    def test_replaces_whatever_can_be_awaited(self, target):
        create = target == 'parse_headers'
        with async_patch(f'{HERE}.{target}', create=create, return_value='ok') as patched:
            assert _run(patched()) == 'ok'

    @pytest.mark.parametrize(
        ('args', 'kwargs'),
        [
            ([AsyncMock()], {}),
            ([], {'new': AsyncMock()}),
            ([], {'new_callable': mock.AsyncMock}),
            ([], {'autospec': True}),
        ],
    )
    def test_refuses_to_use_another_mock(self, args, kwargs):
        message = 'makes the mock itself: to choose one, use mock.patch'
        with pytest.raises(TypeError, match=message):
            async_patch(f'{HERE}.add', *args, **kwargs)
        with pytest.raises(TypeError, match=message):
            async_patch.object(Connection, 'send', *args, **kwargs)

    def test_gives_the_mock_attributes_of_any_name(self):
        attributes = {'patch': 1, 'new_mock': 2, 'owner': 3, 'args': 4}
        with async_patch(f'{HERE}.add', **attributes) as patched:
            assert [getattr(patched.mock, name) for name in attributes] == [1, 2, 3, 4]

    @pytest.mark.parametrize('target', [add, Connection, contextlib])
    def test_refuses_a_target_that_is_no_name(self, target):
        with pytest.raises(TypeError, match='Need a valid target to patch'):
            async_patch(target)

    def test_object_refuses_a_name_for_the_object(self):
        with pytest.raises(TypeError, match='must be the actual object to be patched, not a str'):
            async_patch.object(f'{HERE}.Connection', 'send')

    @pytest.mark.parametrize('new', [{'new': AsyncMock(return_value=3)}, {'autospec': True}])
    def test_another_mock_can_be_chosen_as_the_message_says(self, new):
        with mock.patch(f'{HERE}.add', **new) as patched:
            getattr(patched, 'mock', patched).return_value = 3
            assert _run(add(1)) == 3

    @pytest.mark.parametrize(
        'function',
        [
            plain_numbers,
            async_numbers,
            pytest.fixture(add),
            pytest.fixture(plain_numbers),
            contextlib.contextmanager(plain_numbers),
            mock.patch(f'{HERE}.later')(plain_numbers),
        ],
    )
    def test_refuses_to_decorate_what_goes_on_after_the_patch(self, function):
        message = r'ends too early: use `with async_patch\(...\)` in <'
        with pytest.raises(TypeError, match=message):
            async_patch(f'{HERE}.add')(function)

    def test_works_in_a_fixture_that_yields(self, patched_add):
        assert add is patched_add


@pytest.fixture
def patched_add():
    with async_patch(f'{HERE}.add') as patched:
        yield patched

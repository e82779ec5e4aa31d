"""What happened, as plain data: taken from exceptions, their tracebacks, mocks and coroutines.

The worker imports this; explain.py turns it into sentences.
"""

import asyncio
import difflib
import inspect
import os
import re
import sys
import traceback
import types
import unittest.case
import warnings
import weakref
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from unittest import IsolatedAsyncioTestCase, mock

import pytest

TREE = Path.cwd()
MAX_FRAMES = 40  # at each end of a traceback
MAX_TEXT = 2000  # characters
# Attributes that look like an assertion. Up to Python 3.11 a mock makes them up.
MISSPELT_ASSERTIONS = {
    'called_once',
    'called_once_with',
    'called_with',
    'any_call',
    'has_calls',
    'not_called',
    'awaited_once',
    'awaited_once_with',
    'awaited_with',
}
Facts = dict[str, Any]


def clean(text: str) -> str:
    """Return a text without addresses of objects and without the path of the scratch tree."""
    text = re.sub(r' at 0x[0-9A-Fa-f]+', '', text)
    text = re.sub(r" id='\d+'", '', text)
    for folder in str(TREE) + os.sep, str(TREE):
        text = text.replace(folder, '').replace(folder.replace('\\', '\\\\'), '')
    return text.encode('utf-8', 'backslashreplace').decode()[:MAX_TEXT]


def show(value: object) -> str:
    """Return the repr of anything."""
    try:
        return clean(repr(value))
    except BaseException:
        return f'a {type(value).__name__}'


class Observer:
    """Notes what exceptions do not say while the learner's code runs."""

    def __init__(self) -> None:
        """Watch assertRaises and pytest.raises, event loops, coroutines and mocks."""
        self.files: list[str] = []  # the names of the learner's files
        self.source = ''  # the path of the code under test
        self.test: str | None = None
        self.reset()
        watch_raises(self, unittest.case._AssertRaisesContext, lambda context: context.expected)
        for kind in pytest.RaisesExc, pytest.RaisesGroup:
            watch_raises(self, kind, lambda context: getattr(context, 'expected_exceptions', ()))
        watch_close(self, asyncio.BaseEventLoop)
        watch_close(self, asyncio.Runner)
        watch_coroutines(self)
        watch_attributes(self)
        watch_calls(self)

    def reset(self) -> None:
        """Forget the run before."""
        self.events: list[str] | None = None  # what the code under test does, if that is asked
        self.lines: set[int] = set()  # its lines that have called a mock
        self.watched: list[tuple[BaseException, Facts]] = []
        self.closed: weakref.WeakKeyDictionary[Any, Facts] = weakref.WeakKeyDictionary()
        self.never_awaited: list[Facts] = []
        self.misspelt: list[Facts] = []

    def place(self) -> Facts:
        """Return which test runs now, and the innermost line of the learner's files."""
        frame: types.FrameType | None = sys._getframe(1)
        while frame is not None:
            name = Path(frame.f_code.co_filename).name
            if name in self.files:
                return {'test': self.test, 'file': name, 'line': frame.f_lineno}
            frame = frame.f_back
        return {'test': self.test, 'file': '', 'line': None}

    def trace(self, frame: types.FrameType, event: str, arg: Any) -> Any:
        """Note what goes into a function of the code under test, and what comes out of it."""
        if frame.f_code.co_filename != self.source or self.events is None:
            return None
        frame.f_trace_lines = False
        if event == 'call':
            values = {name: show(value) for name, value in frame.f_locals.items()}
            self.events.append(f'{frame.f_code.co_name} {values}')
        elif event == 'exception':
            self.events.append(f'{arg[0].__name__}: {text_of(arg[1])}')
        elif event == 'return':
            self.events.append(show(arg))
        return self.trace

    def note_call(self, call: str) -> None:
        """Note a call of a mock, and the line of the code under test that it comes from."""
        if self.events is None:
            return
        self.events.append(call)
        frame: types.FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self.source:
                self.lines.add(frame.f_lineno)
                return
            frame = frame.f_back

    def expected_of(self, error: BaseException) -> Facts | None:
        """Return what was expected where an exception came instead, or nothing did."""
        return next((facts for seen, facts in self.watched if seen is error), None)


def watch_raises(observer: Observer, kind: Any, expected: Callable[[Any], Any]) -> None:
    """Note what a context manager that expects exceptions does not catch."""
    original = kind.__exit__

    def __exit__(
        self: Any, exc_type: Any, exc_value: Any, tb: Any, /
    ) -> Any:  # named as what it replaces
        __tracebackhide__ = True
        kinds = expected(self)
        kinds = kinds if isinstance(kinds, tuple) else (kinds,)
        facts: Facts = {
            'types': [getattr(each, '__name__', str(each)) for each in kinds],
            'came': type(exc_value).__name__ if exc_value is not None else None,
        }
        types = tuple(each for each in kinds if isinstance(each, type))
        if exc_value is not None and not isinstance(exc_value, types):
            # unittest clears the frames below: what they hold must be read before.
            below = [frame for frame, _ in traceback.walk_tb(tb)]
            facts['details'] = _details(exc_value, below, observer)
        try:
            caught = original(self, exc_type, exc_value, tb)
        except BaseException as failure:
            observer.watched.append((failure, facts))
            raise
        if exc_value is not None and not caught:
            observer.watched.append((exc_value, facts))
        return caught

    kind.__exit__ = __exit__


def watch_close(observer: Observer, kind: Any) -> None:
    """Note who closes an event loop."""
    original = kind.close

    def close(self: Any) -> None:
        observer.closed.setdefault(self, observer.place())
        original(self)

    kind.close = close


def watch_coroutines(observer: Observer) -> None:
    """Note each coroutine that is never awaited, and where it was made."""
    original = warnings._warn_unawaited_coroutine  # type: ignore[attr-defined]

    def warn(coroutine: Any) -> None:
        observer.never_awaited.append(unawaited(coroutine, observer))
        original(coroutine)

    warnings._warn_unawaited_coroutine = warn  # type: ignore[attr-defined]


def unawaited(coroutine: Any, observer: Observer) -> Facts:
    """Return which coroutine this is, and where the learner's files made it."""
    code = coroutine.cr_code
    origin = coroutine.cr_origin or ()
    maker = Path(origin[0][0]).name if origin else ''
    made = [
        {'file': Path(file).name, 'line': line, 'function': function}
        for file, line, function in origin
        if Path(file).name in observer.files
    ]
    return {
        'name': coroutine.__name__,
        'qualname': coroutine.__qualname__,
        'file': Path(code.co_filename).name,
        'line': code.co_firstlineno,
        'under_test': code.co_filename == observer.source,
        'ours': Path(code.co_filename).name in observer.files,
        'made': made[0] if made else None,
        'made_directly': maker in observer.files,
        'by_raises': bool(made) and maker in ('case.py', 'raises.py'),
        'test': observer.test,
    }


def watch_attributes(observer: Observer) -> None:
    """Note each attribute that a mock makes up although it looks like an assertion."""
    original = mock.NonCallableMock.__getattr__  # type: ignore[attr-defined]

    def __getattr__(self: Any, name: str) -> Any:
        value = original(self, name)
        if name in MISSPELT_ASSERTIONS:
            observer.misspelt.append({'name': name} | observer.place())
        return value

    mock.NonCallableMock.__getattr__ = __getattr__  # type: ignore[method-assign]


def watch_calls(observer: Observer) -> None:
    """Note the calls of mocks, where that is asked."""
    original = mock.CallableMixin._mock_call  # type: ignore[attr-defined]

    def _mock_call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if observer.events is not None:
            observer.note_call(_call(self._mock_name or 'mock', args, kwargs))
        return original(self, *args, **kwargs)

    mock.CallableMixin._mock_call = _mock_call  # type: ignore[attr-defined]


def root(error: BaseException) -> BaseException:
    """Return the RecursionError that an exception follows from, if any; else the exception."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, RecursionError):
            return seen
        seen = seen.__context__
    return error


def text_of(error: BaseException) -> str:
    """Return what an exception says."""
    try:
        text = clean(str(error))
        if isinstance(error, BaseExceptionGroup):
            first = error.exceptions[0]
            text += f': {type(first).__name__}: {text_of(first)}'
        return text
    except BaseException:
        return 'an error that cannot be shown'


def describe(error: BaseException, observer: Observer, item: Any = None) -> Facts:
    """Return what was raised, where, and what is known about it."""
    error = root(error)
    frames = list(traceback.walk_tb(error.__traceback__))
    described = [_frame(frame, line, observer) for frame, line in frames]
    lines = {facts['file']: facts['line'] for facts in described if facts['file']}
    if isinstance(error, SyntaxError) and error.lineno:
        lines[Path(error.filename or '').name] = error.lineno
    # The line of the tests, which come last, says more than that of helpers which they call.
    file = next((name for name in observer.files[::-1] if name in lines), '')
    facts: Facts = {
        'type': type(error).__name__,
        'bases': [kind.__name__ for kind in type(error).__mro__],
        'text': text_of(error),
        'file': file,
        'line': lines.get(file),
        'at': next((f['line'] for f in described[::-1] if f['under_test']), None),
        'expected': observer.expected_of(error),
        'cause': _brief(error.__cause__, observer),
        'context': _brief(error.__context__, observer),
    }
    if len(described) > 2 * MAX_FRAMES:
        described = described[:MAX_FRAMES] + described[-MAX_FRAMES:]
    for frame_facts, (frame, _) in zip(described, frames, strict=False):
        if frame_facts['file'] == file and item is not None and 'arguments' not in facts:
            facts['arguments'] = dict(_mock_arguments(frame))
    details = _details(error, [frame for frame, _ in frames], observer)
    if facts['expected']:
        details |= facts['expected'].pop('details', {})
    details['positions'] = positions(error, observer)
    return facts | {'frames': described} | details


def _brief(error: BaseException | None, observer: Observer) -> Facts | None:
    if error is None:
        return None
    frames = [_frame(f, line, observer) for f, line in traceback.walk_tb(error.__traceback__)]
    return {
        'type': type(error).__name__,
        'text': text_of(error),
        'frames': frames[-MAX_FRAMES:],
        'test_raised_it': bool(frames) and bool(frames[-1]['file']),
    }


def _frame(frame: types.FrameType, line: int, observer: Observer) -> Facts:
    code = frame.f_code
    name = Path(code.co_filename).name
    return {
        'file': name if name in observer.files else '',
        'line': line,
        'function': code.co_name,
        'module': str(frame.f_globals.get('__name__')),
        'under_test': code.co_filename == observer.source,
        'coroutine': bool(code.co_flags & inspect.CO_COROUTINE),
    }


def positions(error: BaseException, observer: Observer) -> list[list[Any]]:
    """Return where in the learner's files each call stands that led to an exception."""
    found = []
    tb = root(error).__traceback__
    while tb is not None:
        code = tb.tb_frame.f_code
        if Path(code.co_filename).name in observer.files:
            places = list(code.co_positions())
            found.append([Path(code.co_filename).name, *places[tb.tb_lasti // 2]])
        tb = tb.tb_next
    return found


def _mock_arguments(frame: types.FrameType) -> Iterator[tuple[str, str]]:
    """Yield each argument of a test that is a mock, and what the mock replaces."""
    code = frame.f_code
    for name in code.co_varnames[: code.co_argcount]:
        value = frame.f_locals.get(name)
        made = getattr(value, 'mock', None) if inspect.isfunction(value) else value
        if isinstance(made, mock.NonCallableMock):
            yield name, str(vars(made).get('_mock_name') or '')


def _details(error: BaseException, frames: list[types.FrameType], observer: Observer) -> Facts:
    facts: Facts = {}
    if isinstance(error, pytest.FixtureLookupError):
        facts['fixture'] = _fixture(error)
    if isinstance(error, ImportError):
        facts['import'] = _import(error)
    if isinstance(error, AttributeError | NameError):
        facts['attribute'] = _attribute(error, frames, observer)
    if isinstance(error, LookupError) and error.args and isinstance(error.args[0], ContextVar):
        facts['context_var'] = error.args[0].name
    facts['python_async_mock'] = any(
        isinstance(value, mock.AsyncMock) for frame in frames for value in frame.f_locals.values()
    )
    for frame in frames:
        module, name = frame.f_globals.get('__name__'), frame.f_code.co_name
        if module == 'unittest.mock':
            facts |= _patching(frame, name)
            if name.startswith('assert_'):
                facts['mock'] = _mock(frame, name)
        closed = _closed(frame, observer)
        if closed:
            facts['closed_by'] = closed
    facts['unrun'] = [
        unawaited(value, observer)
        for frame in frames
        for value in list(frame.f_locals.values())
        if inspect.iscoroutine(value) and inspect.getcoroutinestate(value) == 'CORO_CREATED'
    ]
    return facts


def _fixture(error: Any) -> Facts:
    text = str(error.formatrepr().errorstring)
    available = re.search('available fixtures: (.*)', text)
    return {
        'name': error.argname,
        'text': clean(error.msg or ''),
        'available': available[1].split(', ') if available else [],
        'asked_by': error.fixturestack[-1].argname if error.fixturestack else '',
    }


def _import(error: ImportError) -> Facts:
    module = sys.modules.get(error.name or '')
    found = re.match(r"cannot import name '(\w+)'", str(error))
    names = [name for name in vars(module) if not name.startswith('__')] if module else []
    missing = found[1] if found else ''
    file = getattr(module, '__file__', None)
    return {
        'module': error.name or '',
        'missing': missing,
        'close': difflib.get_close_matches(missing, names, 1),
        'ours': bool(file) and str(file).startswith(str(TREE)),
        'names': [n for n in names if getattr(vars(module)[n], '__module__', '') == error.name],
    }


def _attribute(error: Any, frames: list[types.FrameType], observer: Observer) -> Facts:
    if isinstance(error, NameError):
        known = {*frames[-1].f_globals, *frames[-1].f_locals} if frames else set()
        return {
            'name': error.name,
            'of': '',
            'close': difflib.get_close_matches(error.name or '', sorted(known), 1),
        }
    owner, name = error.obj, error.name
    for frame in frames:  # a mock says neither
        if frame.f_code.co_name == '__getattr__' and 'name' in frame.f_locals and name is None:
            owner, name = frame.f_locals.get('self'), frame.f_locals['name']
    code = getattr(owner, '__code__', None)
    inner = vars(owner).get('mock') if inspect.isfunction(owner) else None
    names = dir(owner) if owner is not None else []
    return {
        'name': name or '',
        'of': getattr(owner, '__name__', type(owner).__name__),
        'kind': type(owner).__name__,
        'is_mock': isinstance(owner, mock.NonCallableMock),
        'lacks_assert': f'assert_{name}' in names,
        'is_async_mock': isinstance(owner, mock.AsyncMock),
        'is_the_real_one': getattr(code, 'co_filename', '') == observer.source,
        'has_a_mock_inside': isinstance(inner, mock.NonCallableMock),
        'close': difflib.get_close_matches(name or '', names, 1),
    }


def _patching(frame: types.FrameType, function: str) -> Facts:
    """Return what mock.patch was about to replace when it failed."""
    values = frame.f_locals
    if function == 'get_original':
        target = values.get('target')
        return {
            'patching': {
                'target': getattr(target, '__name__', type(target).__name__),
                'kind': type(target).__name__,
                'name': values.get('name'),
                'close': difflib.get_close_matches(str(values.get('name')), dir(target), 1),
            }
        }
    if function == '_get_target':
        return {'patching': {'target': '', 'kind': 'str', 'name': str(values.get('target'))}}
    return {}


def _names_of_mocks(args: Any, kwargs: Any) -> list[str]:
    """Return the names of the mocks among the arguments of a call."""
    values = [*args, *kwargs.values()]
    mocks = [value for value in values if isinstance(value, mock.NonCallableMock)]
    return [value._extract_mock_name() for value in mocks]  # type: ignore[attr-defined]


def _mock(frame: types.FrameType, assertion: str) -> Facts:
    """Return what a mock was expected to have recorded, and what it has."""
    values = frame.f_locals
    asked = values.get('self') if 'self' in values else values.get('mock')
    if not isinstance(asked, mock.NonCallableMock):
        return {}
    name = asked._mock_name or 'mock'  # type: ignore[attr-defined]
    awaited = 'await' in assertion
    calls = list(asked.await_args_list if awaited else asked.call_args_list)
    parent = vars(asked).get('_mock_new_parent')
    top = asked
    while vars(top).get('_mock_new_parent') is not None:
        top = vars(top)['_mock_new_parent']
    results = []
    for call in calls:
        results += _names_of_mocks(call.args, call.kwargs)
    expected = values.get('args', ()), values.get('kwargs', {})
    return {
        'name': name,
        'assertion': assertion,
        'expected': _call(name, *expected),
        'calls': [_call(name, call.args, call.kwargs) for call in calls[:5]],
        'count': len(calls),
        'called': len(asked.call_args_list),
        'results': [result for result in results if result.endswith('()')],
        'expected_results': _names_of_mocks(*expected),
        'mock_of_async_mock': isinstance(parent, mock.AsyncMock)
        and vars(asked).get('_mock_new_name') == 'mock',
        'owner': str(vars(parent).get('_mock_name') or 'mock') if parent is not None else '',
        'others': [show(call).removeprefix('call.') for call in top.mock_calls[:5]]
        if top is not asked
        else [],
    }


def _call(name: str, args: Any, kwargs: Any) -> str:
    shown = [show(value) for value in args]
    shown += [f'{key}={show(value)}' for key, value in kwargs.items()]
    return f'{name}({", ".join(shown)})'


def _closed(frame: types.FrameType, observer: Observer) -> Facts | None:
    owner = frame.f_locals.get('self')
    try:
        return observer.closed.get(owner)
    except TypeError:  # it has no weak references
        return None


def body(item: Any) -> types.CodeType | None:
    """Return the code of a test's own body, whatever decorators have put around it."""
    name = getattr(item, 'originalname', None) or item.name
    waiting = [getattr(item, 'function', None) or getattr(item, 'obj', None)]
    seen: set[int] = set()
    found = None
    while waiting and len(seen) < 50:
        function = waiting.pop(0)
        if id(function) in seen or function is None:
            continue
        seen.add(id(function))
        code = getattr(function, '__code__', None)
        if isinstance(code, types.CodeType) and code.co_filename == str(item.path):
            if code.co_name == name:
                found = code  # and go on: a wrapper may have the name of what it wraps
            found = found or code
        attributes = vars(function) if hasattr(function, '__dict__') else {}
        waiting += [attributes.get('__wrapped__'), getattr(function, '__func__', None)]
        waiting += [getattr(function, 'func', None)]
        waiting += [_content(cell) for cell in getattr(function, '__closure__', None) or ()]
    return found


def _content(cell: Any) -> Any:
    try:
        value = cell.cell_contents
    except ValueError:  # empty
        return None
    return value if callable(value) else None


def of_test(item: Any) -> Facts:
    """Return what kind of test this is, and what it takes."""
    function = getattr(item, 'function', None)
    code = body(item)
    flags = code.co_flags if code else 0
    patchings = getattr(function, 'patchings', [])
    cls = getattr(item, 'cls', None)
    static = cls is not None and isinstance(
        inspect.getattr_static(cls, getattr(item, 'originalname', item.name), None), staticmethod
    )
    return {
        'kind': _kind(flags),
        'line_of_body': code.co_firstlineno if code else None,
        'parameters': list(code.co_varnames[: code.co_argcount]) if code else [],
        'mocks': [p.attribute for p in patchings if p.new is mock.DEFAULT],
        'method': cls is not None and not static,
        'test_case': cls is not None and issubclass(cls, unittest.TestCase),
        'isolated': cls is not None and issubclass(cls, IsolatedAsyncioTestCase),
        'never_called': [
            name
            for name in ('asyncSetUp', 'asyncTearDown')
            if cls is not None
            and hasattr(cls, name)
            and not issubclass(cls, IsolatedAsyncioTestCase)
        ],
        'marks': [mark.name for mark in item.iter_markers()],
        'patched': [_target(patch) for patch in patchings],
    }


def _target(patch: Any) -> list[str]:
    """Return the module and the name that a patch replaces."""
    named = getattr(patch.getter, 'args', ())  # of a functools.partial, for a target by name
    if named:
        return [str(named[0]), patch.attribute]
    try:
        target = patch.getter()
    except Exception:
        return ['', patch.attribute]
    return [getattr(target, '__name__', type(target).__name__), patch.attribute]


def _kind(flags: int) -> str:
    if flags & inspect.CO_ASYNC_GENERATOR:
        return 'async generator'
    if flags & inspect.CO_COROUTINE:
        return 'coroutine'
    if flags & inspect.CO_GENERATOR:
        return 'generator'
    return 'function'

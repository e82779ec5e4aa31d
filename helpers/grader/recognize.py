"""What goes wrong in a test: each function recognizes one thing.

The worker says what happened (sandbox/failure_facts.py). A function checks its conditions, and
returns what to say about it and what to do, or None.
"""

import ast
import builtins
import difflib
import re
import sys
from collections.abc import Callable
from typing import Any

from helpers.grader.failure import Advice, Failure, counted, listed, sentence, short
from helpers.grader.source import Code, Source

# Fixtures and modules that people know from elsewhere, and what they belong to.
PLUGINS = {
    'mocker': 'pytest-mock',
    'event_loop': 'pytest-asyncio',
    'anyio_backend': 'anyio',
    'benchmark': 'pytest-benchmark',
    'freezer': 'pytest-freezer',
    'httpserver': 'pytest-httpserver',
    'aiohttp_client': 'pytest-aiohttp',
    'faker': 'Faker',
}
INSTEAD = {
    'pytest_mock': 'Use mock.patch: from unittest import mock.',
    'mock': 'It is part of Python: from unittest import mock.',
    'hypothesis': 'Choose the values yourself, for instance with pytest.mark.parametrize.',
    'parameterized': 'Use pytest.mark.parametrize, outside any TestCase.',
    'ddt': 'Use pytest.mark.parametrize, outside any TestCase.',
    'nose': 'Use unittest or pytest.',
}
ASYNC_RUNNERS = 'pytest_asyncio', 'anyio', 'aiounittest', 'asynctest'  # they run asynchronous tests
DEBUGGERS = {'pdb', 'bdb', '_pytest.debugging', 'IPython', 'ipdb'}
STOPPING = 'SystemExit', 'KeyboardInterrupt', 'Exit'


# The test has not been written, or does not run to its end.


def not_written_yet(f: Failure) -> Advice:
    """Recognize the starter's placeholder."""
    if f.kind != 'AssertionError' or not f.text.startswith('Write this test: '):
        return None
    return f.text, f'Replace line {f.line}, then save.'


def debugger(f: Failure) -> Advice:
    """Recognize a breakpoint, which has no terminal here."""
    modules = {frame['module'] for frame in f.frames}
    packages = {module.partition('.')[0] for module in modules}
    if not (modules | packages) & DEBUGGERS:
        return None
    return (
        'a breakpoint() or a debugger cannot stop here: there is no terminal.',
        f'Remove it, or run the test yourself: {f.command}',
    )


def ends_the_program(f: Failure) -> Advice:
    """Recognize SystemExit and the like."""
    if f.kind not in STOPPING:
        return None
    if f.kind == 'SystemExit' and any(frame['module'] == 'unittest.main' for frame in f.frames):
        return (
            'unittest.main() runs the tests by itself, and then ends the program.',
            'Remove it: pytest runs your tests.',
        )
    if f.in_code and not f.raised_by_code:
        return (
            f'the test ends the program: {f.kind}. {f.in_code[-1]}() lets it through.',
            'Raise another exception, such as ValueError, or expect this one.',
        )
    return f'the test ends the program: {f.kind}.', 'Remove that: a test ends by returning.'


def recursion(f: Failure) -> Advice:
    """Recognize a RecursionError."""
    if f.kind != 'RecursionError':
        return None
    return (
        'the test calls itself, over and over.',
        'Look for a function, or a mock, that calls itself.',
    )


def async_without_a_runner(f: Failure) -> Advice:
    """Recognize a coroutine function that pytest itself refuses to run."""
    if f.facts.get('kind') not in ('coroutine', 'async generator') or f.body_began:
        return None
    if f.kind != 'Failed' or 'async def' not in f.text:
        return None
    return never_ran(f)


def never_ran(f: Failure) -> tuple[str, str]:
    """Say why the body of a test has not run."""
    kind = f.facts.get('kind')
    what = f'{f.name} (line {f.first_line}) never ran:'
    if kind == 'generator':
        return (
            f'{what} its `yield` makes it a generator, and nobody iterates over it.',
            'Remove the yield: a test is a plain function.',
        )
    if kind == 'async generator':
        return (
            f'{what} its `yield` makes it an asynchronous generator, and nobody iterates over it.',
            'Remove the yield.',
        )
    if kind == 'coroutine':
        return (
            f'{what} it is an `async def`, and nobody awaits it.',
            _let_it_run(f),
        )
    return (
        f'{what} pytest calls what decorates it, and that does not call the test.',
        'Let the decorator call the function that it is given.',
    )


def _let_it_run(f: Failure) -> str:
    """Return what to do about a test that is a coroutine function, which nobody awaits."""
    if not f.code.asynchronous:
        return 'Make it a plain `def`: nothing here has to be awaited.'
    if f.code.runner:
        return (
            f'Make it a plain `def` and use {f.code.runner}(...), or make its class a '
            'unittest.IsolatedAsyncioTestCase.'
        )
    if f.code.plugins and not f.facts.get('test_case'):
        return 'Mark it: @pytest.mark.asyncio.'
    if f.facts.get('test_case'):
        return 'Derive its class from unittest.IsolatedAsyncioTestCase.'
    return 'Put it into a class that is derived from unittest.IsolatedAsyncioTestCase.'


# What the test is handed.


def missing_fixture(f: Failure) -> Advice:
    """Recognize an argument of a test, or of a fixture, that pytest knows nothing about."""
    fixture = f.error.get('fixture')
    if not fixture:
        return None
    name = fixture['name']
    if not name:
        return f'pytest says: {sentence(f.text)}', f'See it whole: {f.command}'
    asked = fixture['asked_by']
    who = f'{asked}()' if asked and asked != f.name.partition('[')[0] else 'the test'
    if name == 'self':
        return (
            f'{f.name} (line {f.first_line}) takes self, and is in no class.',
            'Remove self, or move the test into a class.',
        )
    return _argument_from_nowhere(f, name, who, fixture['available'])


def _argument_from_nowhere(f: Failure, name: str, who: str, available: list[str]) -> Advice:
    plain = f.source.functions.get(name)
    if name in PLUGINS:
        return (
            f'{who} takes {name}, a fixture of {PLUGINS[name]}, which is not available here.',
            'Use mock.patch.' if name == 'mocker' else f'Write it without {PLUGINS[name]}.',
        )
    if plain is not None and not f.facts.get('test_case'):
        return (
            f'{who} takes {name}, and {name}() (line {plain.lineno}) is a plain function.',
            f'Write @pytest.fixture above {name}.',
        )
    if name in f.code.names and not f.facts.get('test_case'):
        return (
            f'{who} takes {name}, and nothing hands that over.',
            _patch_above(f.code, name),
        )
    if f.source.dict_patches(f.function):
        return _nothing_from_a_dict_patch(who, name)
    close = _close(name, available)
    if close:
        return (
            f'{who} takes {name}, and pytest has no fixture of that name.',
            f'Did you mean {close}?',
        )
    return (
        f'{who} takes {name}, and nothing hands that over: no patch, and no fixture.',
        f'Remove {name} from the arguments, or write a fixture: @pytest.fixture, def {name}().',
    )


def _patch_above(code: Code, name: str) -> str:
    """Return the patch to write so that the test is handed a mock of a name."""
    new = ', new_callable=AsyncMock' if code.functions.get(name) and code.mocks_from else ''
    return f"Write @mock.patch('{code.module}.{name}'{new}) above the test."


def _nothing_from_a_dict_patch(who: str, name: str) -> tuple[str, str]:
    return (
        f'{who} takes {name}, and mock.patch.dict hands over nothing.',
        f'Remove {name} from the arguments.',
    )


def _close(name: str, names: list[str]) -> str:
    return next(iter(difflib.get_close_matches(name, names, 1)), '')


def wrong_arguments(f: Failure) -> Advice:
    """Recognize a test that is handed more or fewer arguments than it takes."""
    if f.kind != 'TypeError' or f.body_began or not f.facts:
        return None
    if not re.search(r'\b(takes|missing|got an unexpected)\b', f.text):
        return None
    takes, mocks = f.facts['parameters'], f.facts['mocks']
    wanted = takes[1:] if f.facts['method'] else takes
    if f.facts['method'] and len(takes) <= len(mocks) and takes[:1] not in (['self'], ['cls']):
        return (
            f'{f.name} (line {f.first_line}) has no self.',
            'A method of a class takes self first.',
        )
    if len(wanted) > len(mocks):
        return _too_few_handed_over(f, wanted[len(mocks) :])
    if len(wanted) < len(mocks):
        names = [mock.replace('.', '_') for mock in mocks]
        arguments = ', '.join(['self', *names] if f.facts['method'] else names)
        test = f.name.partition('[')[0]
        define = 'async def' if f.facts['kind'] == 'coroutine' else 'def'
        return (
            f'its patches hand it more mocks than it names: {counted(len(mocks), "mock")}, '
            f'for {listed(mocks)}.',
            f'Each @mock.patch hands the test one mock: write {define} {test}({arguments}).',
        )
    return None


def _too_few_handed_over(f: Failure, missing: list[str]) -> Advice:
    name, marks = missing[0], f.facts['marks']
    if 'parametrize' in marks and f.facts['test_case']:
        return (
            'pytest.mark.parametrize does nothing for the methods of a unittest.TestCase.',
            'Move the test out of the class, or loop with self.subTest().',
        )
    if name in PLUGINS:
        return _argument_from_nowhere(f, name, 'the test', [])
    if f.facts['test_case'] and name in f.source.functions:
        return (
            f'the test takes {name}, and a unittest.TestCase is handed no fixtures.',
            f'Move the test out of the class, or call {name} in setUp.',
        )
    if f.source.dict_patches(f.function):
        return _nothing_from_a_dict_patch('the test', name)
    if f.facts['test_case'] and name in BUILT_IN_FIXTURES:
        return (
            f'the test takes {name}, and a unittest.TestCase is handed no fixtures.',
            'Move the test out of the class.',
        )
    if f.facts['patched'] and not f.facts['mocks']:
        return (
            f'the test takes {listed(missing)}, and mock.patch hands over nothing when it is given '
            'new=...',
            f'Remove {name} from the arguments and import it inside the test, or write '
            'new_callable= instead of new=.',
        )
    if not f.facts['patched']:
        next_step = f'Remove {name} from the arguments, or patch what it should replace.'
        if name in f.code.names:
            next_step = _patch_above(f.code, name)
        return (
            f'the test takes {listed(missing)}, but nothing hands it over: it has no @mock.patch.',
            next_step,
        )
    return (
        f'its patches hand it fewer mocks than it names: nothing for {listed(missing)}.',
        f'Each @mock.patch hands the test one mock: add one for {name}, or remove the argument.',
    )


BUILT_IN_FIXTURES = {
    'cache', 'caplog', 'capsys', 'capfd', 'doctest_namespace', 'monkeypatch', 'pytestconfig',
    'record_property', 'recwarn', 'request', 'subtests', 'tmp_path', 'tmp_path_factory',
}  # fmt: skip


def swapped_mocks(f: Failure) -> Advice:
    """Recognize mocks whose names are those of each other's arguments."""
    real: list[str] = f.facts.get('mocks', [])
    takes: list[str] = f.facts.get('parameters', [])
    arguments = (takes[1:] if f.facts.get('method') else takes)[: len(real)]
    if f.kind != 'AssertionError' or len(real) < 2 or len({*real}) < len(real):
        return None
    meant = [_meant(argument, real) for argument in arguments]
    if sorted(meant) != sorted(real) or meant == real:
        return None
    return (
        f'{f.name} (line {f.first_line}) names its mocks in the wrong order. They arrive bottom '
        f'up, the one from the decorator nearest to the function first: {", ".join(real)}.',
        'Swap the arguments, not the decorators.',
    )


def _meant(argument: str, names: list[str]) -> str:
    """Return which of some patched names an argument is called after."""
    for name in names:
        if name in argument:
            return name
    words = {*argument.split('_')}
    for name in names:
        if words & {*name.split('_')}:
            return name
    return ''


# Event loops and coroutines.


def async_setup_never_called(f: Failure) -> Advice:
    """Recognize an asyncSetUp where nobody calls it."""
    names = f.facts.get('never_called', [])
    if not names or f.kind != 'AttributeError':
        return None
    return (
        f'{names[0]} never ran: only a unittest.IsolatedAsyncioTestCase calls it.',
        'Derive the class from that, or write a plain setUp.',
    )


def loop_closed(f: Failure) -> Advice:
    """Recognize a loop, or a Runner, that somebody has closed."""
    closed = f.error.get('closed_by')
    if f.kind != 'RuntimeError' or 'closed' not in f.text or not closed:
        return None
    if closed['test'] == f.name:
        return (
            f'the event loop is closed: line {closed["line"]} of this test closes it.',
            'Use it before it is closed, or leave it open.',
        )
    who = closed['test'] or 'your file, when it is imported,'
    where = f' (line {closed["line"]})' if closed['line'] else ''
    return (
        f'the event loop is closed, and {who}{where} has closed it.',
        'Do not close the loop that all tests share.',
    )


def loop_already_running(f: Failure) -> Advice:
    """Recognize asyncio.run(), or the like, where a coroutine is running."""
    if f.kind != 'RuntimeError' or not f.in_coroutine:
        return None
    if not re.search('running event loop|loop is (already )?running|loop is running', f.text):
        return None
    call = f.call()
    runner = ast.unparse(call.func) if call else ''
    if not runner.endswith(('run', 'run_until_complete')):
        runner = f.code.runner or 'asyncio.run'
    inside = ast.unparse(call.args[-1]) if call and call.args else ''
    awaited = f'await {inside}' if '(' in inside else f'await {f.code.a_coroutine}'
    return (
        f'a loop is running already: an asynchronous test needs no {runner}.',
        f'Write {awaited}, or make the test a plain `def`.',
    )


def no_loop_running(f: Failure) -> Advice:
    """Recognize create_task() and the like where no event loop runs."""
    if f.kind != 'RuntimeError' or f.in_coroutine:
        return None
    if not re.search('no running event loop|no current event loop', f.text):
        return None
    call = f.call()
    what = f'{ast.unparse(call.func)}()' if call else 'this'
    return (
        f'{what} needs a running event loop, and there is none in a plain `def`.',
        f'Put it into a coroutine of its own, and give that to {f.code.runner}(...).'
        if f.code.runner
        else 'Make the test an `async def`, in a unittest.IsolatedAsyncioTestCase.',
    )


def not_given_a_coroutine(f: Failure) -> Advice:
    """Recognize the runner with the function and its arguments, instead of a coroutine."""
    runner = f.code.runner
    takes = rf'(\w+\.)*{re.escape(runner)}\(\) takes \d+ positional'
    if not runner or f.kind != 'TypeError' or not re.match(takes, f.text):
        return None
    return (
        f'{runner} takes one coroutine.',
        f'Keep the parentheses of the call: {runner}, {f.code.a_coroutine}.',
    )


def cannot_be_awaited(f: Failure) -> Advice:
    """Recognize what cannot be awaited: a mock, or a handler that is a `def`."""
    what = _not_awaitable(f.kind, f.text)
    if what and f.raised_by_code:
        at, line = f.error['at'], f.code.line(f.error['at'])
        if what == 'function':
            return (
                f'line {at} of {f.code.module}.py awaits a function: {line}',
                'Call what you hand to new=, as in new=AsyncMock().',
            )
        return (
            f'the code awaits {_a(what)}, which cannot be awaited (line {at} of '
            f'{f.code.module}.py: {line})',
            _await_there(f, line),
        )
    call = f.call()
    if what and call and f.frames[-1]['file']:
        name = ast.unparse(call.func).rpartition('.')[2]
        next_step = f'Write {ast.unparse(call)} without await.'
        if f.code.is_plain(name):
            return (
                f'{name}() is a `def`, and no `async def`: it returns {_a(what)}, which cannot be '
                'awaited.',
                next_step,
            )
        if what == 'NoneType':
            return f'{name}() has returned None, which cannot be awaited.', next_step
    cause = f.error.get('cause') or {}
    what = _not_awaitable(cause.get('type', ''), cause.get('text', ''))
    at = next((part['line'] for part in cause.get('frames', []) if part['under_test']), None)
    if what and at and not cause['test_raised_it']:
        return (
            f'line {at} of {f.code.module}.py awaits what it calls, and gets {_a(what)}, which '
            f'cannot be awaited: {f.code.line(at)}',
            'What it calls must be a coroutine function: an `async def`, or AsyncMock(...).',
        )
    return None


def coroutine_of_a_mock(f: Failure) -> Advice:
    """Recognize a method of an AsyncMock whose result the code uses without awaiting it."""
    if f.kind not in ('TypeError', 'AttributeError') or not f.raised_by_code:
        return None
    waiting = [*f.error.get('unrun', []), *f.run['never_awaited']]
    made = [each for each in waiting if each['test'] == f.name]
    if "'coroutine' object" not in f.text or '_execute_mock_call' not in [c['name'] for c in made]:
        return None
    at = f.error['at']
    instead = 'Mock'
    if 'context manager' in f.text:  # which a Mock is not
        instead = 'MagicMock'
    return (
        f'line {at} of {f.code.module}.py uses what a mock has returned, and that is a coroutine: '
        f'{f.code.line(at)}',
        'Every method of an AsyncMock is asynchronous. What the code calls without await has to be '
        f'a mock.{instead}: set one as return_value, or as an attribute.',
    )


def no_context_manager(f: Failure) -> Advice:
    """Recognize a Mock after `async with` or `async for`, which only a MagicMock supports."""
    kind = r'(?:unittest\.mock\.)?(Mock|NonCallableMock)'  # from Python 3.14 on with its module
    found = re.search(f"'{kind}' object does not support the asynchronous", f.text)
    found = found or re.search(f'__aiter__ method, got {kind}$', f.text)
    if f.kind != 'TypeError' or not found or not f.raised_by_code:
        return None
    at = f.error['at']
    return (
        f'line {at} of {f.code.module}.py gets a {found[1]}, and that has neither __aenter__ nor '
        f'__aiter__: {f.code.line(at)}',
        'Put a mock.MagicMock there.',
    )


def _await_there(f: Failure, line: str) -> str:
    """Return where to put an AsyncMock, if what the line awaits is a plain call."""
    call = _awaited_call(line)
    if call is not None and isinstance(call.func, ast.Attribute):
        method = ast.unparse(call.func)
        owner = ast.unparse(call.func.value)
        if owner in f.code.names and owner in sys.stdlib_module_names:
            return f'Put an AsyncMock in the place of {method}, when you patch it.'
        if f.code.mocks_from:
            return f'Give the mock one, before the call: {method} = AsyncMock().'
        return f'Let {method} be an AsyncMock, or {owner} itself.'
    if call is not None and ast.unparse(call.func) in f.code.names:
        return f'Put an AsyncMock in the place of {ast.unparse(call.func)}, when you patch it.'
    if call is not None:
        return f'Let {ast.unparse(call.func)} be an AsyncMock.'
    return 'Put an AsyncMock there.'


def _awaited_call(line: str) -> ast.Call | None:
    """Return the first call that a line of code awaits, if that line can be read by itself."""
    for body in '', ' pass':  # a line such as `if await f():` has one
        try:
            tree = ast.parse(f'async def awaits():\n    {line}{body}')
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
                return node.value
    return None


def _a(noun: str) -> str:
    """Return a noun with its article."""
    return f'an {noun}' if noun[:1] in 'AEIOUaeiou' else f'a {noun}'


def _not_awaitable(kind: str, text: str) -> str:
    found = re.match(r"(?:object |')(\w+)(?:' object)? can't be (?:used in 'await'|awaited)", text)
    return found[1] if found and kind == 'TypeError' else ''


def never_awaited(f: Failure) -> Advice:
    """Recognize a coroutine that the failing test has made, and that nobody has run."""
    coroutine = f.unrun()
    if not coroutine or f.kind not in ('AssertionError', 'Failed', 'TypeError', 'AttributeError'):
        return None
    advice = unawaited(coroutine, f.source, f.code, f.facts.get('isolated', False))
    if advice is None or not coroutine['made']:
        return advice
    message, next_step = advice
    if message.startswith(('setUp', 'tearDown')):
        return message, next_step
    f.line = coroutine['made']['line']
    return message, next_step


def unawaited(
    coroutine: dict[str, Any], source: Source, code: Code, isolated: bool = False
) -> Advice:
    """Explain a coroutine that was made and never run."""
    name, made = coroutine['name'], coroutine['made']
    fixture = name in ('setUp', 'tearDown', 'setUpClass', 'tearDownClass')
    if fixture and not coroutine['under_test']:
        return (
            f'{name} (line {coroutine["line"]}) never ran: it is an `async def`, and unittest '
            'awaits no such method.',
            f'Make it a plain `def`, or use {_async_name(name)} in a '
            'unittest.IsolatedAsyncioTestCase.',
        )
    if not made:
        return None
    if f'{name}(' not in source.line(made['line']) and not coroutine['by_raises']:
        written = source.line(made['line']).strip()  # it is called by another name there
        return (
            f'this makes a coroutine that nobody runs: {written}',
            f'Give it to {code.runner}(...), or await it.'
            if code.runner and not isolated
            else 'Await it.',
        )
    message = f'{name}(...) makes a coroutine that nobody runs, so nothing is tested.'
    call = source.call_in_line(made['line'], name)
    if source.is_of_a_side_effect(call):
        return (
            f'the lambda in line {made["line"]} makes a coroutine that nobody runs: {name}(...).',
            'Replace the lambda by an `async def` function: as a side_effect, that is awaited.',
        )
    if attribute := source.attribute_of_a_mock(call):
        return (
            f'line {made["line"]} makes a coroutine that nobody runs, as {attribute}: {name}(...).',
            f'Give {attribute} what the mock should return.'
            if attribute == 'return_value'
            else 'Give side_effect a function: one with `async def` is awaited at each call.',
        )
    if coroutine['by_raises']:
        call = _raises_call(source, made['line'])
        if call is not None:
            return message, f'Write {_with_runner(call, code.runner)}'
    if isolated or not code.runner:
        written = _written_call(source, made['line'], name)
        return message, f'Write await {written}{_if_it_may(source, made, isolated)}.'
    if coroutine['under_test']:
        return message, f'Write {code.runner}({name}(...)), or await it in an asynchronous test.'
    return message, f'Write {code.runner}({name}(...)), or await it.'


def _if_it_may(source: Source, made: dict[str, Any], isolated: bool) -> str:
    """Say what else it takes to await something in a function of the tests, if anything."""
    function = source.functions.get(made['function'])
    if not isinstance(function, ast.FunctionDef):
        return ''
    holder = source.parents.get(id(function))
    bases = [ast.unparse(base) for base in holder.bases] if isinstance(holder, ast.ClassDef) else []
    if isolated or any(base.endswith('IsolatedAsyncioTestCase') for base in bases):
        return f', and make {function.name} an `async def`'
    return ', in an `async def` test of a unittest.IsolatedAsyncioTestCase'


def _written_call(source: Source, line: int, name: str) -> str:
    """Return the call of a function as it is written in a line of the tests."""
    call = source.call_in_line(line, name)
    return ast.unparse(call) if call else f'{name}(...)'


def _async_name(name: str) -> str:
    return {'setUp': 'asyncSetUp', 'tearDown': 'asyncTearDown'}.get(name, 'asyncSetUp')


def _raises_call(source: Source, line: int) -> ast.Call | None:
    """Return the call of assertRaises, or of pytest.raises, in a line."""
    for node in source.nodes:
        if not isinstance(node, ast.Call) or not node.lineno <= line <= (node.end_lineno or 0):
            continue
        if _is_raises(node) and len(node.args) >= 2:
            return node
    return None


def _is_raises(call: ast.Call) -> bool:
    return ast.unparse(call.func).rpartition('.')[2].lower().endswith('raises')


def _with_runner(call: ast.Call, runner: str) -> str:
    """Return assertRaises(E, f, x) as assertRaises(E, RUNNER, f(x)); without one, as a `with`."""
    expected, function, *arguments = call.args
    inner = ast.unparse(ast.Call(function, arguments, call.keywords))
    raises = f'{ast.unparse(call.func)}({ast.unparse(expected)}'
    if not runner:
        return f'with {raises}): await {inner}'
    return f'{raises}, {runner}, {inner})'


# Exceptions that were expected, or should have been.


def called_before_it_was_watched(f: Failure) -> Advice:
    """Recognize assertRaises(E, f()), where f() is called before assertRaises."""
    call = f.call()
    if call is None or f.error.get('expected') or not f.in_code:
        return None
    outer = f.source.call_around(call)
    if outer is None or not _is_raises(outer):
        return None
    handed_over = outer.args[1:]
    awaited = [part.value for part in handed_over if isinstance(part, ast.Await)]
    if call not in handed_over and call not in awaited:
        return None
    raises = ast.unparse(outer.func)
    message = f'{ast.unparse(call.func)}() ran, and raised {f.kind}, before {raises} could watch.'
    if call in awaited:
        expected = ast.unparse(outer.args[0])
        return message, f'Write `with {raises}({expected}):`, and in it: await {ast.unparse(call)}'
    apart = ', '.join(ast.unparse(part) for part in (outer.args[0], call.func, *call.args))
    return message, f'Hand over the function, then its arguments: {raises}({apart}).'


def results_ran_out(f: Failure) -> Advice:
    """Recognize a mock whose list of results has ended."""
    ended = f.kind in ('StopAsyncIteration', 'StopIteration')
    if not ended or not f.in_code or f.frames[-1]['module'] != 'unittest.mock':
        return None
    if any(f.kind in line for line in f.source.lines):  # the test itself says what is raised
        return None
    at = next(frame['line'] for frame in reversed(f.frames) if frame['under_test'])
    return (
        f'the list of results that you gave to side_effect has ended: line {at} of '
        f'{f.code.module}.py asks for one more ({f.kind}): {f.code.line(at)}',
        'Put a result, or an exception, in the list for each call.',
    )


def another_exception(f: Failure) -> Advice:
    """Recognize an exception that is not the one that the test expects."""
    expected = f.error.get('expected')
    if not expected or not expected['came'] or not expected['types']:
        return None
    types = ' or '.join(expected['types'])
    came = expected['came']
    if came in expected['types']:  # its text is not the one
        return f'{came} came, with another text: {sentence(f.text)}', f'See it whole: {f.command}'
    where = _raised_where(f)
    said = ''
    if f.text and f.kind == came:
        said = f' ({sentence(f.text)[:-1]})'
    real = _real_function(f)
    if real and (f.error.get('context_var') or 'not JSON serializable' in f.text):
        where, next_step = f': {real[0].rstrip(".")}', real[1]
    elif f.in_code:
        next_step = f'The code is right: expect {came}, or change what the test calls or prepares.'
        call = f.call()
        if call and _is_raises(call) and len(call.args) > 1 and hasattr(builtins, came):
            arguments = [ast.Name(came), *call.args[1:]]
            right = ast.unparse(ast.Call(call.func, arguments, call.keywords))
            next_step = f'The code is right: write {right}, or change what the test calls.'
    else:
        next_step = f'Expect {came}, or change what the test calls.'
    return f'your test expects {types}, and {came} came{said}{where}.', next_step


def _raised_where(f: Failure) -> str:
    if f.error.get('at') and f.raised_by_code:
        return f', raised in line {f.error["at"]} of {f.code.module}.py'
    last = next((frame for frame in f.frames[::-1] if frame['file']), None)
    if last and f.frames[-1] is last:
        return f', raised in line {last["line"]}'
    if f.in_code:
        return f', out of {f.in_code[0]}()'
    return ''


def nothing_raised(f: Failure) -> Advice:
    """Recognize an assertRaises that has seen nothing."""
    expected = f.error.get('expected')
    if not expected or expected['came']:
        return None
    types = ' or '.join(expected['types']) or 'an exception'
    text = f.text if f.kind == 'AssertionError' else f'{types} not raised'
    next_step = f'Which call raises {types}? Read {f.code.module}.py once more.'
    if line := f.source.exit_that_swallows():
        next_step = (
            f'What line {line} puts there returns a mock, which is true: so the `with` swallows '
            'every exception. Let it return None, or leave the one of a MagicMock as it is.'
        )
    return (
        f'the code is right here; your test expects {types}, and nothing is raised '
        f'({sentence(text)[:-1]}).',
        next_step,
    )


def real_function_ran(f: Failure) -> Advice:
    """Recognize a function of the code under test that should be replaced, and is not."""
    return None if f.error.get('expected') else _real_function(f)


def _real_function(f: Failure) -> Advice:
    functions = list(dict.fromkeys(name for name in f.in_code if name in f.code.functions))
    if f.error.get('context_var') and functions[-1:] and f.raised_by_code:
        variable = f.error['context_var']
        if len(functions) == 1:
            return (
                f'{functions[0]}() uses {variable}, and in a test there is none.',
                f"Give it one: @mock.patch('{f.code.module}.{variable}') above the test.",
            )
    if len(functions) < 2 or not f.code.may_patch(functions[-1]):
        return None
    outer, inner = functions[0], functions[-1]
    if wrong := patched_elsewhere(f, inner):
        return wrong
    if f.error.get('context_var'):
        why = f'the real {inner} ran, and in a test there is no {f.error["context_var"]}.'
    elif 'Mock is not JSON serializable' in f.text:
        why = f'the real {inner} ran, and was given a mock.'
    else:
        why = f'{outer}() called the real {inner}, which raised {short(f.kind, f.text)}'
    replace = f'Replace it: {f.code.patch(inner)} above the test.'
    if inner in _used_results(f.code):
        replace = replace[:-1] + ', and set its return_value.'
    return why, replace


def _used_results(code: Code) -> set[str]:
    """Return the functions whose result the code under test uses."""
    text = '\n'.join(code.lines)
    return {name for name in code.functions if re.search(rf'[=(] *(await )?{name}\(', text)}


def patched_elsewhere(f: Failure, name: str = '') -> Advice:
    """Recognize a patch of this very test, of a name where the code does not look it up."""
    for module, patched in f.facts.get('patched', []):
        if patched in f.code.names and module != f.code.module and name in ('', patched):
            where = f'{module}.{patched}' if module else patched
            line = next(
                (at for target, at in f.source.targets(f.function) if target == where),
                f.first_line,
            )
            return _patched_elsewhere(f, where, line, patched)
    for target, line in f.source.targets(f.function):
        module, _, patched = target.rpartition('.')
        if patched in f.code.names and module != f.code.module and name in ('', patched):
            return _patched_elsewhere(f, target, line, patched)
    return None


def _patched_elsewhere(f: Failure, target: str, line: int, name: str) -> tuple[str, str]:
    return (
        f"{f.name} fails, line {f.line}. Line {line} patches '{target}', but the code looks the "
        f"name up in its own module: '{f.code.module}.{name}'.",
        'Patch the name where it is looked up.',
    )


def patched_elsewhere_and_not_called(f: Failure) -> Advice:
    """Recognize a mock that nobody has called, since it is not where the code looks."""
    asked = f.error.get('mock') or {}
    if f.kind == 'AssertionError' and asked.get('called') == 0:
        return patched_elsewhere(f)
    if f.kind == 'ModuleNotFoundError' and not f.body_began:
        return patched_elsewhere(f)
    patching = f.error.get('patching')
    if f.kind == 'AttributeError' and patching:
        return patched_elsewhere(f, patching['name']) if patching['name'] in f.code.names else None
    return None


def code_raises(f: Failure) -> Advice:
    """Recognize that the code under test raises, and rightly so."""
    if not f.raised_by_code or f.error.get('expected') or f.kind in ('TypeError', 'AssertionError'):
        return None
    cause = f.error.get('cause')
    why = f' It was raised from {short(cause["type"], cause["text"])}' if cause else ''
    at = f.error['at']
    if not f.code.line(at).startswith('raise'):
        return None
    expect = f'Is that the case you test? Then expect it: self.assertRaises({f.kind}, ...).'
    return (
        f'{f.in_code[-1]}() raises {f.kind} here, and rightly so: {sentence(f.text)}{why}',
        f'{expect} If not, change what the test calls or prepares: line {at} of '
        f'{f.code.module}.py should not be reached.',
    )


# Names, attributes and imports.


def patch_never_started(f: Failure) -> Advice:
    """Recognize mock.patch(...) that is neither a decorator, nor in a `with`, nor started."""
    call = next(f.source.patches_never_started(f.function), None)
    if call is None:
        if f.kind != 'AttributeError' or not f.text.startswith("'_patch' object has no attribute"):
            return None
        return (
            f'what mock.patch(...) returns is a patch, and no mock: {sentence(f.text)}',
            'Start it, and take what that returns: `with mock.patch(...) as name:`, or, in a '
            'TestCase, name = self.enterContext(mock.patch(...)).',
        )
    written = ast.unparse(call)
    next_step = f'Write `with {written}:` around what it is for.'
    if f.source.is_method(f.function):
        next_step = f'Write self.enterContext({written}).'
    return f'line {call.lineno} makes a patch, and nothing starts it: {written}', next_step


def patch_cannot_begin(f: Failure) -> Advice:
    """Recognize a mock.patch whose target is not there."""
    patching = f.error.get('patching')
    if not patching:
        return None
    name = patching['name']
    if patching['kind'] == 'str' and f.kind == 'TypeError':
        return f"'{name}' says which name to patch and not where.", patch_where(f.code, name)
    if f.kind != 'AttributeError':
        return None
    if patching['kind'] == 'function':
        return (
            f'{patching["target"]} is the function here, not the module.',
            f'Write {f.code.patch(name)}, or import the module itself.'
            if name in f.code.names
            else f'Import the module itself: import {f.code.module}.',
        )
    close = patching.get('close')
    if close:
        next_step = f'Did you mean {close[0]}?'
    else:
        next_step = f'Patch a name that {patching["target"]} has.'
    if patching['target'] == f.code.module:
        names = f.code.patch_only or f.code.names
        next_step += f' The code under test has {listed(sorted(names))}.'
    return f'there is no {name} in {patching["target"]} to patch.', next_step


def patch_where(code: Code, name: str) -> str:
    """Return what to write in a patch of a name."""
    if name in code.names:
        return f"Write '{code.module}.{name}': the module in which the code looks the name up."
    return f"Write '{code.module}.NAME': the module, a dot, the name."


def import_fails(f: Failure) -> Advice:
    """Recognize an import inside a test, or in a patch's target."""
    if 'import' not in f.error:
        return None
    return import_advice(f.error, f.source, f.code)


def another_module(f: Failure) -> Advice:
    """Recognize the functions of another stage, tested instead."""
    elsewhere = f.source.imported_from_elsewhere(set(f.code.public), f.code.module)
    if elsewhere is None or f.reaches_the_code:
        return None
    line, module = elsewhere
    return (
        f'{f.name} fails, and runs none of {f.code.module}.py. Line {line} imports from {module}, '
        'which is not what you are to test here.',
        f.code.import_line,
    )


def module_called(f: Failure) -> Advice:
    """Recognize the module under test, called as if it were its function."""
    if f.kind != 'TypeError' or not f.text.startswith("'module' object is not callable"):
        return None
    return (
        'this is the module, and not a function of it.',
        f'Import the function: {f.code.import_line}.',
    )


def real_one_asked(f: Failure) -> Advice:
    """Recognize the real function, asked what only a mock knows."""
    attribute = f.error.get('attribute') or {}
    if f.kind != 'AttributeError' or not attribute.get('is_the_real_one'):
        return None
    name, wanted = attribute['of'], attribute['name']
    arguments = f.error.get('arguments') or {}
    mocks = [argument for argument, patched in arguments.items() if patched == name]
    if mocks:
        return (
            f'{name} is the real function here; the mock is the argument {mocks[0]}.',
            f'Write {mocks[0]}.{_called(wanted)}.',
        )
    if any(patched == name for _, patched in f.facts.get('patched', [])):
        return (
            f'{name} is the real function here: it was imported before it was patched.',
            f'Import it once more, inside the test: from {f.code.module} import {name}.',
        )
    return (
        f'{name} is the real function here, and no mock: nothing has replaced it.',
        f'Patch it: {f.code.patch(name)} above the test.',
    )


def mock_inside(f: Failure) -> Advice:
    """Recognize the function of an AsyncMock, asked what the MagicMock inside knows."""
    attribute = f.error.get('attribute') or {}
    if not attribute.get('has_a_mock_inside'):
        return None
    name = _of_a_magic_mock(attribute['name'])
    return f'{attribute["name"]} belongs to the MagicMock inside.', f'Write .mock.{_called(name)}.'


def _of_a_magic_mock(name: str) -> str:
    """Return what a MagicMock calls what an AsyncMock of Python's calls by another name."""
    if name.startswith(('assert_', 'await')):
        return name.replace('awaited', 'called').replace('await_', 'call_')
    return name


def _called(name: str) -> str:
    return f'{name}(...)' if name.startswith('assert_') else name


def not_an_assertion(f: Failure) -> Advice:
    """Recognize an attribute that a mock takes for a misspelt assertion."""
    attribute = f.error.get('attribute') or {}
    if f.kind != 'AttributeError' or not attribute.get('is_mock'):
        return None
    name = attribute['name']
    if attribute['lacks_assert']:
        return (
            f'{f.name} fails. Line {f.line}: {name} only looks like an assertion.',
            f'Write .assert_{name}(...), with assert_ and with parentheses.',
        )
    if 'await' in name and not attribute['is_async_mock']:
        return (
            f'a MagicMock has no {name}: it is called, and not awaited.',
            f'Write {_called(_of_a_magic_mock(name))}: the coroutine calls it when it is awaited.',
        )
    close = attribute['close']
    close = [] if close == [name] else close
    if close:
        return f'a mock has no {name}.', f'Did you mean {close[0]}?'
    return f'{sentence(f.text)}', f'See it whole: {f.command}'


def unknown_name(f: Failure) -> Advice:
    """Recognize a NameError, or an AttributeError of something else."""
    if f.kind not in ('NameError', 'UnboundLocalError', 'AttributeError'):
        return None
    if f.frames and not (f.frames[-1]['file'] or f.frames[-1]['under_test']):
        return None
    attribute = f.error.get('attribute') or {}
    name = attribute.get('name')
    last_call = re.search(r'\w+\.(call_args|await_args)\b', f.source.line(f.line))
    if attribute.get('of') == 'NoneType' and last_call:
        return (
            f'nobody has called this mock: its {last_call[1]} is None.',
            'Does the test call the function under test, and is this mock in its place then?',
        )
    if f.kind == 'NameError' and name in f.code.public:
        next_step = f'Import it: from {f.code.module} import {name}.'
    elif attribute.get('close'):
        next_step = f'Did you mean {attribute["close"][0]}?'
    else:
        next_step = 'A typo, or a missing import?'
    return sentence(f.text), next_step


def wrong_call(f: Failure) -> Advice:
    """Recognize a call with arguments that the function does not take."""
    found = re.match(r'(?:[\w<>]+\.)*(\w+)\(\) (takes|missing|got) ', f.text)
    cause = f.error.get('cause') or {}
    refused = re.match(r'(?:[\w<>]+\.)*([\w<>]+)\(\) (takes|missing|got) ', cause.get('text', ''))
    if refused and cause['type'] == 'TypeError' and cause['frames'][-1:]:
        last = cause['frames'][-1]
        if last['under_test'] and not f.error.get('expected'):
            return _wrong_call_of_the_code(f, refused[1], last['line'], cause['text'])
    if f.kind != 'TypeError' or not found or not f.body_began:
        return None
    if f.frames[-1]['under_test']:
        return _wrong_call_of_the_code(f, found[1], f.error['at'], f.text)
    return sentence(f.text), f'Look at the call of {found[1]}.'


def _wrong_call_of_the_code(f: Failure, name: str, at: int, text: str) -> tuple[str, str]:
    return (
        f'line {at} of {f.code.module}.py calls what your test has put there: {sentence(text)}',
        f'Let {name} take what the code hands over: {f.code.line(at)}',
    )


# What was asserted, and what happened.


def python_async_mock(f: Failure) -> Advice:
    """Python's own AsyncMock, asked as if it had a MagicMock inside."""
    asked = f.error.get('mock') or {}
    if not asked.get('mock_of_async_mock') or asked['count']:
        return None
    owner = asked['owner']
    call = f.call()
    asking = ast.unparse(call.func) if call else f'{owner}.mock.{asked["assertion"]}'
    asking = asking.replace('.mock.', '.').replace('called', 'awaited')
    shadowed = f.source.imported('unittest.mock')
    if shadowed and 'AsyncMock' in shadowed[1]:
        other = f', or remove the import of AsyncMock in line {shadowed[0]}.'
    elif f.code.mocks_from:
        other = f', or patch it with new=AsyncMock(), from {f.code.mocks_from}.'
    else:
        other = '.'
    return (
        f"this is Python's own AsyncMock ({owner}); its .mock is one more mock, which nobody "
        'calls.',
        f'Ask it without .mock: {asking}(...){other}',
    )


def never_called(f: Failure) -> Advice:
    """Recognize a mock that nobody has called."""
    asked = f.error.get('mock') or {}
    if f.kind != 'AssertionError' or not asked or asked['count']:
        return None
    if 'not_' in asked['assertion']:
        return None
    name, expected = asked['name'], asked['expected']
    if asked['called']:
        next_step = 'Await it.'
        if line := f.code.calls_without_await(name.rpartition('.')[2]):
            next_step = f'The code calls it without await ({line}): assert that it was called.'
        return (
            f'your test expects {name} to be awaited, and it was called and never awaited.',
            next_step,
        )
    if 'any_call' not in asked['assertion'] and not asked['assertion'].endswith('with'):
        expected = f'{name}(...)'
    message = f'your test expects {expected}, and nobody has called this mock.'
    if asked['others']:
        return (
            f'{message} What was called: {", ".join(asked["others"])}.',
            'Ask the mock that was called.',
        )
    return message, (
        'Does the test call the function under test, and is this mock in its place then?'
    )


def mock_as_result(f: Failure) -> Advice:
    """Recognize a mock whose result went on, and nobody has set it."""
    asked = f.error.get('mock') or {}
    if f.kind != 'AssertionError' or not asked.get('results'):
        return None
    if asked['results'][0] in asked['expected_results']:
        return None  # that is what the test expects
    result = asked['results'][0].removesuffix('()')
    if result in ('mock', 'm'):
        result = next((n for n in f.code.functions if n in _used_results(f.code)), result)
    return (
        f'{result} has no return_value, so it returned a mock.',
        "Set it, in its patch or before the call: return_value='my response'.",
    )


def other_calls(f: Failure) -> Advice:
    """Recognize a mock that was called with other arguments, or another number of times."""
    asked = f.error.get('mock') or {}
    if f.kind != 'AssertionError' or not asked or not asked['count']:
        return None
    next_step = f'Which of the two should it be? Read {f.code.module}.py once more.'
    calls, count = asked['calls'], asked['count']
    shown = ', '.join(calls) + (', ...' if count > len(calls) else '')
    if 'not_' in asked['assertion']:
        return (
            f'your test expects that nobody calls {asked["name"]}, and the code does {shown}.',
            next_step,
        )
    if asked['expected'] in calls or not asked['assertion'].endswith(('with', 'any_call')):
        if count > 1:
            return (
                f'your test expects one call of {asked["name"]}, and there were {count}: {shown}.',
                'Is this mock shared with another test, or called twice by this one?',
            )
        return None
    return (
        f'the code is right here; your test expects {asked["expected"]}, and it does {shown}.',
        next_step,
    )


def task_for_its_result(f: Failure) -> Advice:
    """Recognize a task that is compared, or asked for a result that it does not have yet."""
    if f.kind == 'InvalidStateError' and f.text == 'Result is not set.':
        return 'the task has not ended yet, so it has no result.', 'Await the task.'
    if f.kind != 'AssertionError' or not re.search(r'<Task \w+', f.text):
        return None
    if 'all_tasks' in f.source.line(f.line) and 'current_task' not in f.source.line(f.line):
        return (
            'the task in which your test runs is one of asyncio.all_tasks(), too.',
            'Take it away: asyncio.all_tasks() - {asyncio.current_task()}.',
        )
    if re.match(r'<Task [^!]*?!= ', f.text):
        return (
            f'this compares a task, and not its result: {f.source.line(f.line).strip()}',
            'Await the task, and compare that.',
        )
    return None


def alike_and_not_equal(f: Failure) -> Advice:
    """Recognize two exceptions, or other objects, that look alike and are not equal."""
    found = re.match(r'(?s)(\w+\(.*\)) != \1(?:$|\n| : )', f.text)
    if f.kind != 'AssertionError' or not found:
        return None
    return (
        f'two objects look alike, {found[1][:100]}, and are not equal: two exceptions never '
        'are, nor are other objects whose class has no __eq__.',
        'Compare their attributes, such as args, or str() of both.',
    )


def other_value(f: Failure) -> Advice:
    """Recognize an assertion about a value."""
    if f.kind != 'AssertionError' or not f.body_began:
        return None
    if f.text in ('', 'False is not true', 'True is not false', 'None is not true'):
        text = f.source.line(f.line).strip()
        return (
            f'the code is right here, and this does not hold: {text}',
            f'Look at line {f.line}: what does it expect, and why?',
        )
    return (
        f'the code is right here, and your test fails: {short(f.kind, f.text)}',
        f'Look at line {f.line}: what does it expect, and why?',
    )


def unexpected_success(f: Failure) -> Advice:
    """Recognize a test that is marked as one that fails, and passes."""
    if f.kind != 'Failed' or 'Unexpected success' not in f.text:
        return None
    return 'it is expected to fail, and it passes.', 'Remove the mark.'


# In the order in which they are tried: what says most about a cause comes first.
RECOGNIZED: list[Callable[[Failure], Advice]] = [
    not_written_yet,
    debugger,
    ends_the_program,
    recursion,
    async_without_a_runner,
    unexpected_success,
    missing_fixture,
    wrong_arguments,
    another_module,
    async_setup_never_called,
    loop_closed,
    loop_already_running,
    no_loop_running,
    not_given_a_coroutine,
    patched_elsewhere_and_not_called,
    patch_never_started,
    patch_cannot_begin,
    import_fails,
    module_called,
    cannot_be_awaited,
    coroutine_of_a_mock,
    no_context_manager,
    called_before_it_was_watched,
    wrong_call,
    never_awaited,
    results_ran_out,
    another_exception,
    nothing_raised,
    real_function_ran,
    code_raises,
    real_one_asked,
    mock_inside,
    not_an_assertion,
    unknown_name,
    swapped_mocks,
    python_async_mock,
    mock_as_result,
    never_called,
    other_calls,
    task_for_its_result,
    alike_and_not_equal,
    other_value,
]


def import_advice(error: dict[str, Any], source: Source, code: Code) -> Advice:
    """Say why an import fails, and what to import instead."""
    facts = error['import']
    module, missing, line = facts['module'], facts['missing'], error['line'] or 0
    why = sentence(re.sub(r' \((unknown location|[^()]*\.py)\)', '', error['text']))
    own = error['file'].removesuffix('.py')
    relative = source.relative_import(line)
    if relative:
        return why, f'Write it without the dot: {relative}.'
    if module == own and own:
        return why, f'Remove line {line}: the file imports itself, which is circular.'
    if missing:
        if facts['close']:
            return why, f'Did you mean {facts["close"][0]}? {_what_is_there(facts, code)}'.strip()
        return why, _what_is_there(facts, code) or f'Fix line {line}.'
    top = module.partition('.')[0]
    if _close(module, [code.module]):
        return why, f'The code under test: {code.import_line}.'
    if top in INSTEAD:
        return why, INSTEAD[top]
    if top in ASYNC_RUNNERS:
        return why, _instead_of_a_runner(top, code)
    close = _close(top, sorted(sys.stdlib_module_names))
    if close and close != top:
        return why, f'Did you mean {close}?'
    return why, (
        f'Write it without {top}: there are pytest and what comes with Python, the code under '
        f'test ({code.module}), and no other file of yours.'
    )


def _what_is_there(facts: dict[str, Any], code: Code) -> str:
    if facts['module'] == code.module:
        return f'The code under test: {code.import_line}.'
    if facts['ours']:
        return f'{facts["module"]} has {listed(sorted(facts["names"]))}.'
    return ''


def _instead_of_a_runner(package: str, code: Code) -> str:
    if package == 'asynctest' and code.mocks_from:
        return f'Use {code.runner}(...) and AsyncMock, from {code.mocks_from}.'
    if package == 'asynctest':
        return 'Use unittest.IsolatedAsyncioTestCase and unittest.mock.AsyncMock.'
    if code.runner:
        return f'Use {code.runner}(...), or unittest.IsolatedAsyncioTestCase.'
    return 'Use unittest.IsolatedAsyncioTestCase.'

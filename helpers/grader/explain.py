"""What to say about a file that cannot be imported, a test that fails, a process that ends."""

import re
from typing import Any

from helpers.grader.source import Source
from helpers.grader.supervisor import WorkerDied
from helpers.grader.verdict import GateFailed

FUNCTIONS = ['receive', 'send_to_client', 'trigger_event']
NO_TARGET = "Need a valid target to patch.*'(?P<name>.*)'"
# The line of a test that fails on the correct code, then its error; what to say; what to do.
EXPLAINED = [
    (
        'AssertionError: (?P<task>Write this test: .*)',
        '{task}',
        'Write it in the place of {line}, then save.',
    ),
    (
        r"send_to_client\([^\n]*\nLookupError: <ContextVar name='client'",
        'send_to_client() writes to a client, and in a test there is none.',
        "Give it one: @mock.patch('{module}.client') above the test.",
    ),
    (
        r"LookupError: <ContextVar name='client'",
        'the real send_to_client ran, and in a test there is no client.',
        "Replace it: @mock.patch('{module}.send_to_client') above the test.",
    ),
    (
        'TypeError: Object of type \\w*Mock is not JSON serializable',
        'the real send_to_client ran, and was given a mock.',
        "Replace it as well: @mock.patch('{module}.send_to_client') above the test.",
    ),
    (
        r'\breceive\([^\n]*\nValueError: No handler for',
        'the real trigger_event ran, and there is no handler for it to call.',
        "Replace it as well, @mock.patch('{module}.trigger_event'), and tell it what to return.",
    ),
    (
        r'[rR]aises\([^\n]*\b(?P<name>receive|send_to_client|trigger_event)\([^\n]*\n(?!Assert|Type)',
        '{name}() ran, and raised, before assertRaises could watch.',
        'Hand over the function, then its arguments: assertRaises(..., {name}, ...).',
    ),
    (
        r'\n(?:ValueError|RuntimeError): (?:Invalid packet|No handler for|The \w+ handler failed)',
        'the code raises {kind} here, and rightly so.',
        'Is that the case you test? Then expect it: self.assertRaises({kind}, ...).',
    ),
    (
        r"AttributeError: <function (?P<where>\w+) .*does not have the attribute '(?P<name>\w+)'",
        '{where} is the function here, not the module.',
        "Write @mock.patch('{module}.{name}'), or import the module itself.",
    ),
    (
        "TypeError: 'module' object is not callable",
        'this is the module, and not a function of it.',
        'Import the function: from {module} import {functions}.',
    ),
    (
        "AttributeError: 'function' object has no attribute 'mock'",
        'this function is no mock; it was imported before it was patched, or not patched at all.',
        'Import it once more, inside the test: from {module} import send_to_client.',
    ),
    (
        r"AttributeError: 'function' object has no attribute '(?P<name>assert_\w+|call\w*)'",
        '{name} belongs to the MagicMock inside.',
        'Write .mock.{name}.',
    ),
    (
        r'AssertionError: .*<coroutine object (?P<name>\w+) at',
        '{name}(...) makes a coroutine that nobody runs, so nothing is tested.',
        'Write _run({name}(...)), or await it in an asynchronous test.',
    ),
    (
        'RuntimeError: .*(?:running event loop|loop is (?:already )?running)',
        'a loop is running already: an asynchronous test needs no _run.',
        'Write await receive(...), or make the test a plain `def`.',
    ),
    (
        r"FixtureLookupError: \('(?P<name>\w+)'",
        'it asks for {name}, and nothing hands that over.',
        "Is there a @mock.patch('{module}.{name}') above it?",
    ),
    (
        'Failed: Unexpected success',
        'it is expected to fail, and it passes.',
        'Take the mark away.',
    ),
    (
        r"AttributeError: <module '(?P<where>\w+)' .*does not have the attribute '(?P<name>\w+)'",
        'there is no {name} in {where} to patch.',
        'The code under test is in {module}: {functions}.',
    ),
    (
        '(?:ModuleNotFoundError|ImportError): (?P<why>.*)',
        '{why}.',
        'The code under test is in the module {module}.',
    ),
    (
        f'TypeError: {NO_TARGET}',
        "'{name}' says which name to patch and not where.",
        "Write '{module}.{name}': the module in which the code looks the name up.",
    ),
    (
        r'TypeError: (?:\w+\.)*test\w*\(\) (?:takes|missing) ',
        'its patches hand it more or fewer mocks than it names.',
        'Each @mock.patch hands the test one mock, unless it is told new=...',
    ),
    (
        r'TypeError: _run\(\) takes ',
        '_run takes one coroutine.',
        'Keep the brackets of the call: _run, receive(...).',
    ),
    (
        r'TypeError: (?:\w+\.)*(?P<name>\w+)\(\) (?P<why>(?:takes|missing) .*)',
        '{name}() {why}.',
        'Look at the call of {name}.',
    ),
    (
        "TypeError: (?:object |')function(?:' object)? can't be (?:used in 'await'|awaited)",
        'line {at} of {module}.py awaits a function.',
        'Call what you hand to new=, as in new=AsyncMock().',
    ),
    (
        r"TypeError: (?:object |')(?P<what>\w+)(?:' object)? can't be (?:used in 'await'|awaited)",
        'the code awaits a {what}, which cannot be awaited (line {at} of {module}.py).',
        'Put an AsyncMock there.',
    ),
    (
        r'Actual: .*<\w*Mock name=.(?:trigger_event|mock)\(\)',
        'trigger_event was not told what to return, so it returned a mock.',
        "Tell it, in its patch or before the call: return_value='my response'.",
    ),
    (
        r'Expected: (?P<expected>.*?)\s+Actual: (?P<actual>.*)',
        'the code is right here; your test expects {expected}, it does {actual}.',
        'Which of the two should it be? Read {module}.py once more.',
    ),
    (
        r"Expected '(?P<name>[^']*)' to (?P<what>.*? once)\. (?P<count>.*? 0 times)\.",
        'your test expects {name} to {what}, and nobody has called this mock.',
        'Does the test call the function under test, and is this mock in its place then?',
    ),
    (
        r'\n(?:SystemExit|KeyboardInterrupt|Exit)',
        'the test ends the program: {kind}.',
        'Take the exit away: a test ends by returning.',
    ),
    (
        r'\nRecursionError',
        'the test calls itself, over and over.',
        'Look for a function, or a mock, that calls itself.',
    ),
    (
        r'\n(?:NameError|AttributeError): (?P<why>.*)',
        '{why}.',
        'A typo, or a missing import?',
    ),
]


def failed(test: dict[str, Any], source: Source, module: str) -> GateFailed:
    """Explain a test that fails on the correct code."""
    error, name = test['error'] or {}, test['name']
    kind, text = error.get('type', ''), error.get('text', '')
    number = error.get('line') or test['line']
    if kind == 'AssertionError' and (swapped := source.swapped(name)):
        return GateFailed(swapped, 'Swap the arguments, not the decorators.')
    if kind == 'TypeError' and (without := source.without_self(name)):
        return GateFailed(without, 'A method of a class takes self first.')
    if module != 'receive' and (imported := source.imports('receive')):
        return GateFailed(
            f'{name} fails. Line {imported} imports receive, the code of stage 1.',
            f'from {module} import {", ".join(FUNCTIONS)}',
        )
    if (wrong := source.wrong_target(module)) and kind != 'RecursionError':
        return GateFailed(f'{name} fails. {wrong}', 'Patch the name where it is looked up.')
    known = {
        'kind': kind,
        'line': f'line {number}',
        'at': error.get('at'),
        'module': module,
        'functions': ', '.join(FUNCTIONS),
    }
    for pattern, message, next_step in EXPLAINED:
        if found := re.search(pattern, f'{source.line(number)}\n{kind}: {text}', re.DOTALL):
            known |= {group: value[:150] for group, value in found.groupdict().items()}
            message = message.format(**known)
            return GateFailed(f'{name}, line {number}: {message}', next_step.format(**known))
    return GateFailed(
        f'{name}, line {number}: the code is right here, and your test fails: {_short(kind, text)}',
        f'Look at line {number}: what does it expect, and why?',
    )


def _short(kind: str, text: str) -> str:
    lines = [line for line in f'{kind}: {text}'.splitlines() if line.strip()]
    return ' '.join(' '.join(lines[:4]).split())[:300]


def not_imported(error: dict[str, Any], module: str) -> GateFailed:
    """Explain why a file cannot be imported."""
    kind, text, line = error['type'], error['text'], error['line']
    where = f'{error["file"]}, line {line}' if line else 'Your file'
    if kind in ('SyntaxError', 'IndentationError', 'TabError'):
        why = re.sub(r' ?\([\w.<>]+, line \d+\)$', '', text)
        return GateFailed(f'{where} is not Python yet: {why}.', f'Mend line {line}, and save.')
    if kind in ('ImportError', 'ModuleNotFoundError'):
        why = re.sub(r' \((unknown location|[^()]*\.py)\)', '', text)
        return GateFailed(
            f'{where}: {why}.',
            f'The code under test: from {module} import {", ".join(FUNCTIONS)}. '
            'No other file of yours is graded.',
        )
    if kind in ('Skipped', 'SkipTest'):
        return GateFailed('Your file skips itself: not one test runs.', 'Take the skip away.')
    if kind in ('SystemExit', 'KeyboardInterrupt', 'Exit'):
        why = f'{where}: importing your file ends the program: {kind}.'
        return GateFailed(why, 'Take the exit away.')
    if found := re.search(NO_TARGET, text):
        return GateFailed(
            f"{where}: '{found['name']}' says which name to patch and not where.",
            f"Write '{module}.{found['name']}': the module in which the code looks the name up.",
        )
    next_step = 'A typo, or a missing import?' if kind == 'NameError' else 'Mend that line.'
    return GateFailed(f'{where}: importing your file raises {_short(kind, text)}', next_step)


def ended(ended: WorkerDied, when: str = '') -> GateFailed:
    """Explain why the worker ended before its work was done."""
    line = f', line {ended.line}' if ended.line else ''
    who = f'{ended.test}{line}' if ended.test else f'Importing your file{line}'
    if str(ended) == 'stuck':
        return GateFailed(
            f'{who}: stuck{when}, and stopped when its time was up.',
            'A test must end by itself, also when the code is wrong: with a timeout below 2 s.'
            if when
            else 'Look for a loop that never ends, or a wait for what never comes.',
        )
    return GateFailed(
        f'{who}: ended the whole process{when} ({ended}), and with it the grading.',
        'A test must return or raise: no os._exit, no signals.',
    )


def never_awaited(run: dict[str, Any], file: str) -> GateFailed | None:
    """Explain the first coroutine that a run made in the tests and never awaited, if any."""
    errors = [test.get('error') or {} for test in run['tests'].values()]
    if any(e.get('type') == 'RuntimeError' and 'running' in e['text'] for e in errors):
        return None  # it was given to _run, inside a running loop
    for text in run['never_awaited']:
        # The warning ends with where the coroutine was made, the most recent call last.
        made = re.findall(r'File "[^"]*?([^"\\/]+)", line (\d+), in (\w+)', text)
        name = re.search(r"coroutine '(?:\w+\.)*(\w+)' was never awaited", text)
        if name and name[1] in FUNCTIONS:
            made = [place for place in made if place[0] == file]  # even if assertRaises called it
        if name and made and made[-1][0] == file:
            _, line, test = made[-1]
            return GateFailed(
                f'{test}, line {line}: {name[1]}(...) makes a coroutine that nobody runs, so '
                'nothing is tested.',
                f'Write _run({name[1]}(...)), or await it in an asynchronous test.',
            )
    return None

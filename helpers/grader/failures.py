"""What to say about a file that cannot be imported, a test that fails, a process that ends."""

import re
from typing import Any

from helpers.grader.mistakes import Source
from helpers.grader.supervisor import Ended
from helpers.grader.verdict import NotYet

FUNCTIONS = ['receive', 'send_to_client', 'trigger_event']
NO_TARGET = "Need a valid target to patch.*'(?P<name>.*)'"
# Kind and text of the error of a test that fails on the correct code; what to say; what to do.
EXPLAINED = [
    (
        '^AssertionError: (?P<task>Write this test: .*)',
        '{test}, {line}: {task}',
        'Write it in the place of {line}, then save.',
    ),
    (
        r"LookupError: <ContextVar name='client'",
        '{test}, {line}: the real send_to_client ran, and in a test there is no client.',
        "Replace it: @mock.patch('{module}.send_to_client') above the test.",
    ),
    (
        r"AttributeError: <function (?P<where>\w+) .*does not have the attribute '(?P<name>\w+)'",
        '{test}, {line}: {where} is the function here, not the module.',
        "Write @mock.patch('{module}.{name}'), or import the module itself.",
    ),
    (
        r"AttributeError: 'function' object has no attribute 'mock'",
        '{test}, {line}: this function is no mock; it was imported before it was patched, or not '
        'patched at all.',
        'Import it once more, inside the test: from {module} import send_to_client.',
    ),
    (
        r"AttributeError: 'function' object has no attribute '(?P<name>assert_\w+|call\w*)'",
        '{test}, {line}: {name} belongs to the MagicMock inside.',
        'Write .mock.{name}.',
    ),
    (
        r'AssertionError: .*<coroutine object (?P<name>\w+) at',
        '{test}, {line}: {name}(...) makes a coroutine that nobody runs, so nothing is tested.',
        'Write _run({name}(...)), or await it in an asynchronous test.',
    ),
    (
        r'RuntimeError: .*(?:running event loop|loop is (?:already )?running)',
        '{test}, {line}: a loop is running already: an asynchronous test needs no _run.',
        'Write await receive(...), or make the test a plain `def`.',
    ),
    (
        r"FixtureLookupError: \('(?P<name>\w+)'",
        '{test}, {line}: it asks for {name}, and nothing hands that over.',
        "Is there a @mock.patch('{module}.{name}') above it?",
    ),
    (
        r'Failed: Unexpected success',
        '{test}, {line}: it is expected to fail, and it passes.',
        'Take the mark away.',
    ),
    (
        r"AttributeError: <module '(?P<where>\w+)' .*does not have the attribute '(?P<name>\w+)'",
        '{test}, {line}: there is no {name} in {where} to patch.',
        'The code under test is in {module}: {functions}.',
    ),
    (
        r'(?:ModuleNotFoundError|ImportError): (?P<why>.*)',
        '{test}, {line}: {why}.',
        'The code under test is in the module {module}.',
    ),
    (
        f'TypeError: {NO_TARGET}',
        "{test}: '{name}' says which name to patch and not where.",
        "Write '{module}.{name}': the module in which the code looks the name up.",
    ),
    (
        r'TypeError: .*\w+\(\) (?P<why>takes|missing) \d+ (?:required )?positional',
        '{test}, {line}: it gets more or fewer arguments than it names.',
        'Each @mock.patch hands the test one mock, unless it is told new=...',
    ),
    (
        r"TypeError: (?:object |')(?P<what>\w+)(?:' object)? can't be (?:used in 'await'|awaited)",
        '{test}, {line}: the code awaits a {what}, which cannot be awaited.',
        'Put an AsyncMock in its place.',
    ),
    (
        r'Expected: (?P<expected>.*?)\s+Actual: (?P<actual>.*)',
        '{test}, {line}: the code is right here; your test expects {expected}, it does {actual}.',
        'Which of the two should it be? Read receive() once more.',
    ),
    (
        r"Expected '(?P<name>[^']*)' to (?P<what>.*? once)\. (?P<count>.*? 0 times)\.",
        '{test}, {line}: your test expects {name} to {what}, and nobody has called this mock.',
        'Does the test call the function under test, and does it patch {module}.{name}?',
    ),
    (
        r'^(?:SystemExit|KeyboardInterrupt|Exit)',
        '{test}, {line}: the test ends the program: {kind}.',
        'Take the exit away: a test ends by returning.',
    ),
    (
        r'^RecursionError',
        '{test}, {line}: the test calls itself, over and over.',
        'Look for a function, or a mock, that calls itself.',
    ),
]


def failed(test: dict[str, Any], source: Source, module: str) -> NotYet:
    """Explain a test that fails on the correct code."""
    error, name = test['error'] or {}, test['name']
    kind, text = error.get('type', ''), error.get('text', '')
    line = f'line {error.get("line") or test["line"]}'
    if kind == 'AssertionError' and (swapped := source.swapped(name)):
        return NotYet(swapped, 'Swap the arguments, not the decorators.')
    if module != 'receive' and (imported := source.imports('receive')):
        return NotYet(
            f'{name} fails. Line {imported} imports receive, the code of stage 1.',
            f'from {module} import {", ".join(FUNCTIONS)}',
        )
    if (wrong := source.wrong_target(module)) and kind != 'RecursionError':
        return NotYet(f'{name} fails. {wrong}', 'Patch the name where it is looked up.')
    for pattern, message, next_step in EXPLAINED:
        if found := re.search(pattern, f'{kind}: {text}', re.DOTALL):
            known = found.groupdict() | {
                'test': name,
                'kind': kind,
                'line': line,
                'module': module,
                'functions': ', '.join(FUNCTIONS),
            }
            return NotYet(message.format(**known), next_step.format(**known))
    return NotYet(
        f'{name}, {line}: the code is right here, and your test fails: {_short(kind, text)}',
        f'Look at {line}: what does it expect, and why?',
    )


def _short(kind: str, text: str) -> str:
    lines = [line for line in f'{kind}: {text}'.splitlines() if line.strip()]
    return ' '.join(' '.join(lines[:4]).split())[:300]


def not_imported(error: dict[str, Any], module: str) -> NotYet:
    """Explain why a file cannot be imported."""
    kind, text, line = error['type'], error['text'], error['line']
    where = f'{error["file"]}, line {line}' if line else 'Your file'
    if kind in ('SyntaxError', 'IndentationError', 'TabError'):
        why = re.sub(r' ?\([\w.<>]+, line \d+\)$', '', text)
        return NotYet(f'{where} is not Python yet: {why}.', f'Mend line {line}, and save.')
    if kind in ('ImportError', 'ModuleNotFoundError'):
        why = re.sub(r' \((unknown location|[^()]*\.py)\)', '', text)
        return NotYet(
            f'{where}: {why}.',
            f'The code under test: from {module} import {", ".join(FUNCTIONS)}.',
        )
    if kind in ('Skipped', 'SkipTest'):
        return NotYet('Your file skips itself: not one test runs.', 'Take the skip away.')
    if kind in ('SystemExit', 'KeyboardInterrupt', 'Exit'):
        why = f'{where}: importing your file ends the program: {kind}.'
        return NotYet(why, 'Take the exit away.')
    if found := re.search(NO_TARGET, text):
        return NotYet(
            f"{where}: '{found['name']}' says which name to patch and not where.",
            f"Write '{module}.{found['name']}': the module in which the code looks the name up.",
        )
    return NotYet(f'{where}: importing your file raises {_short(kind, text)}', 'Mend that line.')


def ended(ended: Ended, when: str = '') -> NotYet:
    """Explain why the worker ended before its work was done."""
    line = f', line {ended.line}' if ended.line else ''
    who = f'{ended.test}{line}' if ended.test else f'Importing your file{line}'
    if str(ended) == 'stuck':
        return NotYet(
            f'{who}: stuck{when}, and stopped when its time was up.',
            'Look for a loop that never ends, or a wait for what never comes.',
        )
    return NotYet(
        f'{who}: ended the whole process{when} ({ended}), and with it the grading.',
        'A test must return or raise: no os._exit, no signals.',
    )


def forgotten(run: dict[str, Any], file: str) -> NotYet | None:
    """Explain the first coroutine that a run made in the tests and never awaited, if any."""
    errors = [test.get('error') or {} for test in run['tests'].values()]
    if any(e.get('type') == 'RuntimeError' and 'running' in e['text'] for e in errors):
        return None  # it was given to _run, inside a running loop
    for text in run['forgotten']:
        # The warning ends with where the coroutine was made, the most recent call last.
        made = re.findall(r'File "[^"]*?([^"\\/]+)", line (\d+), in (\w+)', text)
        name = re.search(r"coroutine '(?:\w+\.)*(\w+)' was never awaited", text)
        if name and name[1] in FUNCTIONS:
            made = [place for place in made if place[0] == file]  # even if assertRaises called it
        if name and made and made[-1][0] == file:
            _, line, test = made[-1]
            return NotYet(
                f'{test}, line {line}: {name[1]}(...) makes a coroutine that nobody runs, so '
                'nothing is tested.',
                f'Write _run({name[1]}(...)), or await it in an asynchronous test.',
            )
    return None

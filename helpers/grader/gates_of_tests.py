"""The gates of exercises 1 and 3, which ask for tests."""

import contextlib
import re
from pathlib import Path
from typing import Any

from helpers.grader.exercises import WORK, Exercise, Variant
from helpers.grader.gates import check_file
from helpers.grader.mistakes import Source
from helpers.grader.supervisor import Ended, Worker
from helpers.grader.verdict import Bug, NotYet, Verdict

LIMIT = 2  # seconds for a test, or ten times the normal run if that is longer
FUNCTIONS = ['receive', 'send_to_client', 'trigger_event']


class TestsGrading:
    """One hand-in of tests on its way through the gates."""

    def __init__(self, exercise: Exercise, files: dict[str, Path], verdict: Verdict) -> None:
        """Read the learner's files; nothing runs yet."""
        self.exercise, self.files, self.verdict = exercise, files, verdict
        self.source = Source(files[exercise.tests])
        self.module = exercise.source.stem
        self.worker: Worker
        self.first: dict[str, Any] = {}  # the run on the correct code
        self.limit: float = LIMIT
        self.runs = 0

    def start(self, tree: Path, stack: contextlib.ExitStack) -> None:
        """Start the worker."""
        self.worker = stack.enter_context(Worker(tree))
        self.worker.wait_until_ready()

    def ended(self, ended: Ended) -> NotYet:
        """Say what ended the worker, or kept it busy, and where."""
        return _ended(ended)

    def run(self, variant: Variant, check: str = '', **request: Any) -> dict[str, Any]:
        """Run the tests on a variant of the code under test."""
        self.runs += 1
        stage = self.exercise.stage
        defaults = {
            'file': f'{stage}/{WORK}/{check or self.exercise.tests}',
            'module': self.module,
            'source': f'{stage}/{self.exercise.source.name}',
            'text': variant.text,
            'files': list(self.files),
            'stamp': self.runs * 10,
            'only': None,
            'reverse': False,
            'measure': False,
            'explain': True,
            'stop': False,
        }
        return self.worker.ask(self.limit, **defaults | request)

    def helpers(self) -> str:
        """Gate: my_helpers.py has a _run and an AsyncMock of the learner's own."""
        helpers = Source(self.files['my_helpers.py'])
        kits = [s for s in (self.source, helpers) if s.imports('helpers')]
        if kits:
            raise NotYet(
                'Your tests work with the _run or AsyncMock of the kit.',
                'Write your own in my_helpers.py: from my_helpers import AsyncMock, _run.',
                stop=False,
            )
        check_file(self.files['my_helpers.py'])
        run = self.run(self.exercise.correct[0], check='check_my_helpers.py')
        if run['error']:
            raise _not_imported(run['error'], self.module, 'my_helpers.py')
        for name, test in run['tests'].items():
            if test['outcome'] != 'passed':
                error = test['error'] or {}
                text, _, next_step = error.get('text', '').partition('\nNEXT: ')
                where = f' (line {error["line"]})' if error.get('line') else ''
                if error.get('type') not in ('AssertionError', 'Failed'):
                    text = f'{name.rpartition("::")[2]}: {error.get("type")}{where}: {text}'
                raise NotYet(text.strip(), next_step or 'Mend my_helpers.py.')
        return f'_run and AsyncMock do what they should, in {len(run["tests"])} checks'

    def found(self) -> str:
        """Gate: the file is there, can be imported, and has tests."""
        check_file(self.files[self.exercise.tests])
        try:
            self.first = self.run(self.exercise.correct[0], measure=True)
        except Ended as ended:
            if ended.test is None:
                raise
            self.first = {'ended': ended}
            return 'your tests are found'
        if self.first['error']:
            raise _not_imported(self.first['error'], self.module, self.exercise.tests)
        if not self.first['tests']:
            why = self.source.unfound() or 'A test is a function whose name starts with test_.'
            raise NotYet(f'No test found. {why}', 'Write the first test: def test_...')
        self.limit = max(LIMIT, 10 * self.first['seconds'])
        return _count(len(self.first['tests']), 'test')

    def passes(self) -> str:
        """Gate: every test runs and passes on the correct code, in both its shapes and orders."""
        if 'ended' in self.first:
            raise _ended(self.first['ended'])
        self._tests_something()
        for test in self.first['tests'].values():
            if test['outcome'] == 'failed':
                raise self._failed(test)
        for test in self.first['tests'].values():
            if test['outcome'] == 'skipped':
                raise NotYet(
                    f'{test["name"]} (line {test["line"]}) is skipped or expected to fail: '
                    'it checks nothing.',
                    'Take the mark away, and let the test pass.',
                )
        for name, test in self.first['changed'].items():
            who = test or 'Importing your file'
            raise NotYet(
                f'{who} leaves {name} changed: the tests after it no longer test the real code.',
                'Put it back, as mock.patch does: as a decorator, in a `with` block, or by '
                'addCleanup(patcher.stop).',
            )
        self._in_any_order()
        return 'on the correct code, in any order'

    def _tests_something(self) -> None:
        for test in self.first['tests'].values():
            if test['never_ran']:
                raise NotYet(
                    f'{test["name"]} (line {test["line"]}) never ran: it is an `async def`, and '
                    'nobody awaits it.',
                    'Make it a plain `def` and use _run(...), or make its class an '
                    'unittest.IsolatedAsyncioTestCase.',
                )
        for text in self.first['forgotten']:
            if forgotten := _forgotten(text, self.exercise.tests):
                raise forgotten
        if pretended := self.source.pretends():
            raise NotYet(*pretended)

    def _in_any_order(self) -> None:
        original, other = self.exercise.correct
        if not (red := _red(self.run(other, reverse=True))):
            return
        if not _red(self.run(original, reverse=True)):
            raise NotYet(
                f'{red["name"]} fails on code that makes the same calls and is only written with '
                '`match` instead of `if`.',
                'Test what the code does, and not how it is written.',
            )
        raise NotYet(
            f'{red["name"]} passes in this order and fails in the reverse one: it lives on what '
            'another test has left behind.',
            f'Let {red["name"]} prepare all that it needs by itself.',
        )

    def _failed(self, test: dict[str, Any]) -> NotYet:
        error, name = test['error'] or {}, test['name']
        kind, text = error.get('type', ''), error.get('text', '')
        line = f'line {error.get("line") or test["line"]}'
        if kind == 'AssertionError' and (swapped := self.source.swapped(name)):
            return NotYet(swapped, 'Swap the arguments, not the decorators.')
        if (wrong := self.source.wrong_target(self.module)) and kind != 'RecursionError':
            return NotYet(f'{name} fails. {wrong}', 'Patch the name where it is looked up.')
        for pattern, message, next_step in EXPLAINED:
            if found := re.search(pattern, f'{kind}: {text}', re.DOTALL):
                known = found.groupdict() | {
                    'test': name,
                    'line': line,
                    'module': self.module,
                    'functions': ', '.join(FUNCTIONS),
                }
                return NotYet(message.format(**known), next_step.format(**known))
        return NotYet(
            f'{name}, {line}: the code is right here, and your test fails: {_short(kind, text)}',
            f'Look at {line}: what does it expect, and why?',
        )

    def branches(self) -> str:
        """Gate: every line and every branch of the code under test is reached by a test."""
        coverage, path = self.first['coverage'], f'{self.exercise.stage}/{self.module}.py'
        tests = {name for reached in coverage['tests'].values() for name in reached} - {''}
        if not tests:
            own = self.source.own_copy(set(FUNCTIONS))
            raise NotYet(
                f'Your tests pass, and none of them runs any of {path}. {own}'.strip(),
                f'Import what you test: from {self.module} import receive.',
            )
        text = self.exercise.correct[0].text.splitlines()
        if lines := coverage['lines']:
            also = f' ({len(lines)} lines in all)' if len(lines) > 1 else ''
            raise NotYet(
                f'Line {lines[0]} of {path} never runs{also}: {text[lines[0] - 1].strip()}',
                self.source.twice() or f'Which call gets to line {lines[0]}? Write that test.',
            )
        if branches := coverage['branches']:
            start, end = branches[0]
            where = f'to line {end}' if end > 0 else 'out of the function'
            raise NotYet(
                f'Line {start} of {path} never jumps {where}: {text[start - 1].strip()}',
                'Write the test in which it goes the other way.',
            )
        return f'every line and branch of {path} runs'

    def bugs(self) -> str:
        """Gate: every planted bug turns a test red that is green on the correct code."""
        bugs = self.exercise.bugs
        for bug in bugs:
            self.verdict.bugs.append(self._caught(bug))
        missed = [place for place, bug in enumerate(self.verdict.bugs) if not bug.caught_by]
        if not missed:
            return f'all {len(bugs)} caught'
        self.verdict.missed = missed[0]
        raise NotYet(
            f'{len(bugs) - len(missed)} of {len(bugs)} caught. '
            + self.verdict.bugs[missed[0]].missed,
            'Your tests run everything and ask nothing: assert what should have happened.'
            if len(missed) == len(bugs)
            else 'Assert that, and save.',
        )

    def _reach(self, bug: Variant) -> list[str]:
        reached = self.first['coverage']['tests']
        names = {name for line in bug.lines for name in reached.get(str(line), ())}
        return [name for name in self.first['tests'] if name in names]

    def _caught(self, bug: Variant) -> Bug:
        reach = self._reach(bug)
        if not reach:
            return Bug(missed=f'No test runs this line. {bug.ask}')
        try:
            red = _red(self.run(bug, only=reach, stop=True, explain=False))
        except Ended as ended:
            raise _ended(ended, ' once the code is wrong') from None
        if red and red['body']:
            return Bug(bug.name, [red['name']])
        first, *others = dict.fromkeys(self.first['tests'][name]['name'] for name in reach)
        if not others:
            return Bug(missed=f'{first} runs the broken line and does not notice. {bug.ask}')
        who = f'{first} and {others[0] if len(others) == 1 else f"{len(others)} others"}'
        return Bug(missed=f'{who} run the broken line and do not notice. {bug.ask}')


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
        r"TypeError: Need a valid target to patch.*'(?P<name>.*)'",
        "{test}: '{name}' says which name to patch and not where.",
        "Write '{module}.{name}': the module in which the code looks the name up.",
    ),
    (
        r'TypeError: .*\w+\(\) (?P<why>takes|missing) \d+ (?:required )?positional',
        '{test} gets more or fewer arguments than it names.',
        'Each @mock.patch hands the test one mock, unless it is told new=...',
    ),
    (
        r"TypeError: .*(?:can't be used in 'await' expression|can't be awaited)",
        '{test}, {line}: the code awaits a mock that cannot be awaited.',
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
        r'^SystemExit',
        '{test}, {line}: the test ends the program.',
        'Take the exit away: a test ends by returning.',
    ),
    (
        r'^RecursionError',
        '{test}, {line}: the test calls itself, over and over.',
        'Look for a function, or a mock, that calls itself.',
    ),
]


def _red(run: dict[str, Any]) -> dict[str, Any] | None:
    return next((test for test in run['tests'].values() if test['outcome'] == 'failed'), None)


def _short(kind: str, text: str) -> str:
    lines = [line for line in f'{kind}: {text}'.splitlines() if line.strip()]
    return ' '.join(' '.join(lines[:4]).split())[:300]


def _count(number: int, noun: str) -> str:
    return f'{number} {noun}' + ('s' if number != 1 else '')


def _not_imported(error: dict[str, Any], module: str, file: str) -> NotYet:
    kind, text, line = error['type'], error['text'], error['line']
    where = f'{error["file"] or file}, line {line}' if line else file
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
    if kind == 'SystemExit':
        return NotYet(f'{where}: importing your file ends the program.', 'Take the exit away.')
    return NotYet(f'{where}: importing your file raises {_short(kind, text)}', 'Mend that line.')


def _ended(ended: Ended, when: str = '') -> NotYet:
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


def _forgotten(text: str, file: str) -> NotYet | None:
    # The warning ends with where the coroutine was made, the most recent call last.
    made = re.findall(r'File "[^"]*?([^"\\/]+)", line (\d+), in (\w+)', text)
    name = re.search(r"coroutine '(?:\w+\.)*(\w+)' was never awaited", text)
    if not (made and name and made[-1][0] == file):
        return None
    _, line, test = made[-1]
    return NotYet(
        f'{test}, line {line}: {name[1]}(...) makes a coroutine that nobody runs, so nothing is '
        'tested.',
        f'Write _run({name[1]}(...)), or await it in an asynchronous test.',
    )

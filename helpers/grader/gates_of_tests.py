"""The gates of exercises 1 and 3, which ask for tests."""

import contextlib
from pathlib import Path
from typing import Any

from helpers.grader import explain
from helpers.grader.exercises import WORK, Exercise, Variant
from helpers.grader.gates import check_file
from helpers.grader.source import Source
from helpers.grader.supervisor import WorkerDied, WorkerProcess
from helpers.grader.verdict import Bug, GateFailed, Verdict

LIMIT = 2  # seconds for a test, or ten times the normal run if that is longer


class TestsGrading:
    """One hand-in of tests on its way through the gates."""

    def __init__(self, exercise: Exercise, files: dict[str, Path], verdict: Verdict) -> None:
        """Read the learner's files; nothing runs yet."""
        self.exercise, self.files, self.verdict = exercise, files, verdict
        self.source = Source(files[exercise.tests])
        self.module = exercise.source.stem
        self.worker: WorkerProcess
        self.first: dict[str, Any] = {}  # the run on the correct code
        self.limit: float = LIMIT
        self.runs = 0

    def start(self, tree: Path, stack: contextlib.ExitStack) -> None:
        """Start the worker."""
        self.worker = stack.enter_context(WorkerProcess(tree))
        # A slow machine is slow to begin, too.
        self.limit = max(LIMIT, 10 * self.worker.wait_until_ready())

    def ended(self, ended: WorkerDied) -> GateFailed:
        """Say what ended the worker, or kept it busy, and where."""
        return explain.ended(ended)

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
        for name, source in {self.exercise.tests: self.source, 'my_helpers.py': helpers}.items():
            if not (line := source.imports('helpers', 'helpers.async_testing')):
                continue
            raise GateFailed(
                f'{name}, line {line}: this is the _run or AsyncMock of the kit.',
                'Write your own in my_helpers.py, and import them from there.',
                stop=False,
            )
        check_file(self.files['my_helpers.py'], self.exercise)
        try:
            run = self.run(self.exercise.correct[0], check='check_my_helpers.py')
        except WorkerDied as ended:
            ended.test = 'my_helpers.py'  # rather than a check that nobody has heard of
            raise
        if run['error']:
            raise explain.not_imported(run['error'], self.module)
        for name, test in run['tests'].items():
            if test['outcome'] != 'passed':
                error = test['error'] or {}
                text, _, next_step = error.get('text', '').partition('\nNEXT: ')
                where = f' (line {error["line"]})' if error.get('line') else ''
                if error.get('type') not in ('AssertionError', 'Failed'):
                    text = f'{name.rpartition("::")[2]}: {error.get("type")}{where}: {text}'
                raise GateFailed(text.strip(), next_step or 'Mend my_helpers.py.')
        return f'_run and AsyncMock do what they should, in {len(run["tests"])} checks'

    def found(self) -> str:
        """Gate: the file is there, can be imported, and has tests."""
        check_file(self.files[self.exercise.tests], self.exercise)
        try:
            self.first = self.run(self.exercise.correct[0], measure=True)
        except WorkerDied as ended:
            if ended.test is None:
                raise
            self.first = {'ended': ended}
            return 'your tests begin to run'
        if self.first['error']:
            raise explain.not_imported(self.first['error'], self.module)
        if not self.first['tests']:
            why = (
                self.source.why_not_collected()
                or 'A test is a function whose name starts with test_.'
            )
            raise GateFailed(f'No test found. {why}', 'Write the first test: def test_...')
        self.limit = max(LIMIT, 10 * self.first['seconds'])
        return f'{_count(len(self.first["tests"]), "test")}. {self.source.duplicate_test()}'.strip(
            '. '
        )

    def passes(self) -> str:
        """Gate: every test runs and passes on the correct code, in both its shapes and orders."""
        if 'ended' in self.first:
            raise explain.ended(self.first['ended'])
        self._tests_something()
        for test in self.first['tests'].values():
            if test['outcome'] == 'failed':
                if others := {n: t for n, t in self.first['changed'].items() if t != test['name']}:
                    raise self._changed(*next(iter(others.items())))
                raise explain.failed(test, self.source, self.module)
        for test in self.first['tests'].values():
            if test['outcome'] == 'skipped':
                raise GateFailed(
                    f'{test["name"]} (line {test["line"]}) is skipped or expected to fail: '
                    'it checks nothing.',
                    'Take the mark away, and let the test pass.',
                )
        for name, test in self.first['changed'].items():
            raise self._changed(name, test)
        self._in_any_order()
        return 'on the correct code, in any order'

    def _changed(self, name: str, test: str) -> GateFailed:
        return GateFailed(
            f'{test or "Importing your file"} leaves {name} changed: the tests after it no longer '
            'test the real code.',
            'Put it back, as mock.patch does: as a decorator, in a `with` block, or by '
            'addCleanup(patcher.stop).',
        )

    def _tests_something(self) -> None:
        for test in self.first['tests'].values():
            if test['never_ran']:
                raise GateFailed(
                    f'{test["name"]} (line {test["line"]}) never ran: it is an `async def`, and '
                    'nobody awaits it.',
                    'Make it a plain `def` and use _run(...), or make its class an '
                    'unittest.IsolatedAsyncioTestCase.',
                )
        if never_awaited := explain.never_awaited(self.first, self.exercise.tests):
            raise never_awaited
        if pretended := self.source.fake_assertion():
            raise GateFailed(*pretended)

    def _in_any_order(self) -> None:
        original, other = self.exercise.correct
        if not (red := _red(self.run(other, reverse=True))):
            return
        if not _red(self.run(original, reverse=True)):
            raise GateFailed(
                f'{red["name"]} fails on code that makes the same calls and is only written with '
                '`match` instead of `if`.',
                'Test what the code does, and not how it is written.',
            )
        raise GateFailed(
            f'{red["name"]} passes in this order and fails in the reverse one: it lives on what '
            'another test has left behind.',
            f'Let {red["name"]} prepare all that it needs by itself.',
        )

    def branches(self) -> str:
        """Gate: every line and every branch of the code under test is reached by a test."""
        coverage, path = self.first['coverage'], f'{self.exercise.stage}/{self.module}.py'
        tests = {name for reached in coverage['tests'].values() for name in reached} - {''}
        if not tests:
            own = self.source.redefines(set(explain.FUNCTIONS))
            raise GateFailed(
                f'Your tests pass, and none of them runs any of {path}. {own}'.strip(),
                'Call receive() in a test.'
                if self.source.imports(self.module)
                else f'Import what you test: from {self.module} import receive.',
            )
        text = self.exercise.correct[0].text.splitlines()
        if lines := coverage['lines']:
            others = f' ({_count(len(lines), "line")} in all)' if len(lines) > 1 else ''
            raise GateFailed(
                f'No test runs line {lines[0]} of {path}{others}: {text[lines[0] - 1].strip()}',
                self.source.duplicate_test()
                or self.source.redefines(set(explain.FUNCTIONS))
                or f'Which call gets to line {lines[0]}? Write that test.',
            )
        if branches := coverage['branches']:
            start, end = branches[0]
            where = f'to line {end}' if end > 0 else 'out of the function'
            raise GateFailed(
                f'Line {start} of {path} never jumps {where}: {text[start - 1].strip()}',
                'Write the test in which it goes the other way.',
            )
        return f'every line and branch of {path} runs'

    def bugs(self) -> str:
        """Gate: every planted bug turns a test red that is green on the correct code."""
        bugs = self.exercise.bugs
        self.verdict.bugs = [Bug() for _ in bugs]
        for place, bug in enumerate(bugs):
            self.verdict.bugs[place] = self._caught(bug)
        missed = [place for place, bug in enumerate(self.verdict.bugs) if not bug.caught_by]
        if not missed:
            if red := _red(self.run(self.exercise.correct[0])):
                raise GateFailed(
                    f'{red["name"]} passes on the correct code once, and fails there later on.',
                    'Let it depend on nothing but the code.',
                )
            return f'all {len(bugs)} caught'
        self.verdict.missed = missed[0]
        raise GateFailed(
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
        reach, elsewhere = self._reach(bug), ''
        if not self.source.asserts:
            return Bug(missed=self._unnoticed(bug, reach))
        everything = list(self.first['tests'])
        # All of them, if need be: a test may ask about what its setUpClass has done.
        for tests in [reach, everything] if reach and reach != everything else [everything]:
            try:
                run = self.run(bug, only=tests, stop=True, explain=False)
            except WorkerDied as ended:
                raise explain.ended(ended, ' once the code is wrong') from None
            if caught := next((test for test in run['tests'].values() if test.get('body')), None):
                return Bug(bug.name, [caught['name']])
            if red := _red(run):
                elsewhere = f'What surrounds {red["name"]}, outside of it,'
            elif run['error'] is not None:
                elsewhere = 'Importing your file'
        if elsewhere:
            return Bug(missed=f'{elsewhere} fails once the code is wrong, and no test does.')
        return Bug(missed=self._unnoticed(bug, reach))

    def _unnoticed(self, bug: Variant, reach: list[str]) -> str:
        names = list(dict.fromkeys(self.first['tests'][name]['name'] for name in reach))
        if not names:
            return f'No test runs this line. {bug.ask}'
        if len(names) == 1:
            return f'{names[0]} runs the broken line and does not notice. {bug.ask}'
        others = names[1] if len(names) == 2 else f'{len(names) - 1} others'
        return f'{names[0]} and {others} run the broken line and do not notice. {bug.ask}'


def _red(run: dict[str, Any]) -> dict[str, Any] | None:
    return next((test for test in run['tests'].values() if test['outcome'] == 'failed'), None)


def _count(number: int, noun: str) -> str:
    return f'{number} {noun}' + ('s' if number != 1 else '')

"""The gates of exercises that ask for tests."""

import contextlib
import copy
import dataclasses
import queue
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from helpers.grader import explain, recognize
from helpers.grader.exercises import PYTHON, WORK, Exercise, Variant, display_path
from helpers.grader.failure import Failure, counted
from helpers.grader.gates import check_file
from helpers.grader.rewrite import rewritten
from helpers.grader.source import Code, Function, Source
from helpers.grader.supervisor import WorkerDied, WorkerProcess, scratch_tree
from helpers.grader.verdict import Bug, GateFailed, Verdict

LIMIT = 5  # seconds for a test on the correct code
IMPORT_LIMIT = 10  # seconds to import the tests and to collect them
# Seconds for a test once the code is wrong, beyond twice its time on the correct code.
WRONG_LIMIT = 2
SLOW = 4  # seconds of slow tests: they are mentioned, and several workers share the bugs
NOTICEABLE = 0.2  # seconds: a test that takes longer is slow
WORKERS = 6  # tests that are slow mostly wait, whatever the number of processors


class TestsGrading:
    """One hand-in of tests on its way through the gates."""

    def __init__(self, exercise: Exercise, files: dict[str, Path], verdict: Verdict) -> None:
        """Remember where things are; nothing runs yet."""
        self.exercise, self.files, self.verdict = exercise, files, verdict
        self.module = exercise.source.stem
        self.worker: WorkerProcess
        self.source: Source
        self.code: Code
        self.first: dict[str, Any] = {}  # the run on the correct code
        self.usual: dict[str, float] = {}  # seconds that a test takes on the correct code
        self.runs = 0

    def start(self, tree: Path, stack: contextlib.ExitStack) -> None:
        """Start the worker, and read the learner's files meanwhile."""
        self.worker = stack.enter_context(WorkerProcess(tree, self.exercise))
        self.source = Source(self.files[self.exercise.tests])
        self.code = Code.read(self.exercise, self.exercise.correct[0].text)

    def ended(self, ended: WorkerDied) -> GateFailed:
        """Say what ended the worker, or kept it busy, and where."""
        return explain.ended(ended, self.code)

    def run(self, variant: Variant, check: str = '', **request: Any) -> dict[str, Any]:
        """Run the tests on a variant of the code under test."""
        self.runs += 1
        name = self.exercise.scratch_name
        defaults = {
            'file': f'{name}/{WORK}/{check or self.exercise.tests}',
            'module': self.module,
            'source': f'{name}/{self.exercise.source.name}',
            'text': variant.text,
            'cover': self.exercise.cover,
            'files': list(self.files),
            'stamp': self.runs * 10,
            'only': None,
            'reverse': False,
            'measure': False,
            'explain': True,
            'stop': False,
            'trace': False,
            'import_limit': IMPORT_LIMIT,
            'test_limit': LIMIT,
            'usual': self.usual,
        }
        # The worker keeps its own time; this is how long nothing at all may come from it.
        patience = IMPORT_LIMIT + LIMIT + 2 * self.first.get('seconds', 0)
        return self.worker.ask(patience, **defaults | request)

    def command_for(self, test: dict[str, Any]) -> str:
        """Return the command that shows the failure of a test whole."""
        path = self.files[self.exercise.tests]
        name = test['name'].partition('[')[0]
        if path.parent == self.exercise.work:
            return f'{PYTHON} -m pytest "{display_path(path.parent)}" -k {name}'
        command = f'{PYTHON} -m pytest -c pyproject.toml'
        if not self.exercise.hidden:
            code = Path(display_path(self.exercise.code_folder)).as_posix()
            command += f' -o "pythonpath=\'{code}\'"'  # read as the shell reads a line
        return f'{command} "{display_path(path)}" -k {name}'

    def failure(self, test: dict[str, Any]) -> Failure:
        """Return what is known about a test of the first run."""
        return Failure(test, self.first, self.source, self.code, self.command_for(test))

    def helpers(self) -> str:
        """Gate: the file that has checks of its own passes them."""
        file = self.exercise.checked
        assert file is not None  # or there is no such gate
        helpers = Source(self.files[file.name])
        for name, source in {self.exercise.tests: self.source, file.name: helpers}.items():
            imported = source.imported(*file.not_from)
            if not imported or self.exercise.written[name].is_solution(self.files[name]):
                continue
            line, names = imported
            what = ' and '.join(n for n in names if n != '*') or 'what you are to write'
            raise GateFailed(
                f"{name}, line {line}: this imports {what} from the kit's helpers.",
                f'Write your own in {file.name}, and import them from there.',
                stop=False,
            )
        check_file(self.files[file.name], self.exercise)
        try:
            run = self.run(self.exercise.correct[0], check=file.checks)
        except WorkerDied as ended:
            ended.test = file.name  # rather than a check that nobody has heard of
            raise
        if run['error']:
            raise explain.not_imported(run['error'], helpers, self.code)
        for name, test in run['tests'].items():
            if test['outcome'] != 'passed':
                check = name.rpartition('::')[2]
                raise explain.check_failed(check, test['error'] or {}, file.name)
        return f'{" and ".join(file.defines)} do what they should, in {len(run["tests"])} checks'

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
            raise explain.not_imported(self.first['error'], self.source, self.code)
        if not self.first['tests']:
            why = (
                self.source.why_not_collected()
                or 'A test is a function whose name starts with test_.'
            )
            raise GateFailed(f'No test found. {why}', 'Write the first test: def test_...')
        for name, test in self.first['tests'].items():
            if test['seconds'] > NOTICEABLE:
                self.usual[name] = test['seconds']
        notes = [
            counted(len(self.first['tests']), 'test'),
            self.source.duplicate_test().rstrip('.'),
        ]
        notes.append(self._left_out().rstrip('.'))
        return '. '.join(note for note in notes if note)

    def _left_out(self) -> str:
        """Say which test is written and not collected, if any."""
        collected = {name.partition('::')[2] for name in self.first['tests']}
        return self.source.left_out(collected, set(self.first['coverage']['ran']))

    def passes(self) -> str:
        """Gate: every test runs and passes on the correct code, in both its shapes and orders."""
        if 'ended' in self.first:
            raise explain.ended(self.first['ended'], self.code)
        tests = self.first['tests'].values()
        for test in tests:
            if test['outcome'] == 'passed' and not test['started']:
                raise GateFailed(*recognize.never_ran(self.failure(test)))
        for test in tests:
            if test['outcome'] == 'failed':
                for name, culprit in self.first['changed'].items():
                    if culprit != test['name']:
                        raise _changed(name, culprit)
                raise explain.failed(self.failure(test))
        self._tests_something()
        for test in tests:
            if test['outcome'] == 'skipped' and not self._skipped_on_condition(test):
                raise GateFailed(
                    f'{test["name"]} (line {test["line"]}) is skipped or expected to fail: '
                    'it checks nothing.',
                    'Remove the mark, and let the test pass.',
                )
        for name, test in self.first['changed'].items():
            raise _changed(name, test)
        self._in_any_order()
        if self._slow:
            slow = f'{counted(len(self.usual), "slow test")} of {sum(self.usual.values()):.0f} s'
            return f'on the correct code, in any order; {slow}'
        return 'on the correct code, in any order'

    def _skipped_on_condition(self, test: dict[str, Any]) -> bool:
        error = test.get('error') or {}
        return self.source.skips_on_condition(self.failure(test).function, error.get('line'))

    def _tests_something(self) -> None:
        misspelt = {(found['name'], found['line']) for found in self.first['misspelt']}
        if pretended := self.source.fake_assertion(misspelt):
            raise GateFailed(*pretended)
        never_awaited = explain.made_and_not_run(
            self.first, self.source, self.code, self.exercise.tests
        )
        if never_awaited:
            raise never_awaited

    def _in_any_order(self) -> None:
        original, *others = self.exercise.correct
        red = self._red_in_other_shapes(others or [original])
        if red is None:
            return
        if not _red(self.run(original, reverse=True)):
            how = 'other statements and other local names' if others else 'other local names'
            raise GateFailed(
                f'{red["name"]} fails on code that does the same and is only written differently: '
                f'with {how}.',
                'Test what the code does, and not how it is written.',
            )
        raise GateFailed(
            f'{red["name"]} passes in this order and fails in the reverse one: it depends on what '
            'another test has left behind.',
            f'Let {red["name"]} prepare all that it needs by itself.',
        )

    def _red_in_other_shapes(self, shapes: list[Variant]) -> dict[str, Any] | None:
        """Return the first test that fails on code of another shape, in the reverse order."""
        for shape in shapes:
            other = dataclasses.replace(shape, text=rewritten(shape.text))
            red = _red(self.run(other, reverse=True))
            if red is not None:
                return red
        return None

    def branches(self) -> str:
        """Gate: every line and every branch of the code under test is reached by a test."""
        coverage, path = self.first['coverage'], display_path(self.exercise.source)
        if self.first['untraced']:
            raise GateFailed(
                f'{self.first["untraced"]} calls sys.settrace(), or something that does: from '
                'there on, nobody can see which lines run.',
                'Leave the trace function as it is.',
            )
        tests = {name for reached in coverage['tests'].values() for name in reached} - {''}
        if not tests:
            own = self.source.redefines(set(self.code.functions))
            first = self.code.public[0]
            if replaced := self._replaced_and_called():
                raise GateFailed(
                    f'Your tests pass, and none of them runs any of {path}: {replaced}() is '
                    'replaced by a mock.',
                    f'Replace what {replaced}() calls, and not {replaced}() itself.',
                )
            raise GateFailed(
                f'Your tests pass, and none of them runs any of {path}. {own}'.strip(),
                f'Call {first}() in a test.'
                if self.source.imports(self.module)
                else f'Import what you test: from {self.module} import {first}.',
            )
        text = self.exercise.correct[0].text.splitlines()
        if lines := coverage['lines']:
            others = f' (one of {len(lines)} lines that no test runs)' if len(lines) > 1 else ''
            raise GateFailed(
                f'No test runs line {lines[0]} of {path}{others}: {text[lines[0] - 1].strip()}',
                self._not_run() or f'Which call gets to line {lines[0]}? Write that test.',
            )
        if branches := coverage['branches']:
            start, end = branches[0]
            where = f'to line {end}' if end > 0 else 'out of the function'
            raise GateFailed(
                f'Line {start} of {path} never jumps {where}: {text[start - 1].strip()}',
                self._not_run() or 'Write the test in which it goes the other way.',
            )
        what = f'{", ".join(self.exercise.cover)} in {path}' if self.exercise.cover else path
        return f'every line and branch of {what} runs'

    def _replaced_and_called(self) -> str:
        """Return a function of the code that the tests both replace and call; or ''."""
        for target, _ in self.source.targets(self.source.tree):
            name = target.removeprefix(f'{self.module}.')
            if name in self.code.functions and self.source.calls(name):
                return name
        return ''

    def _not_run(self) -> str:
        """Say which part of the learner's file does not run, if any."""
        return (
            self.source.duplicate_test()
            or self._left_out()
            or self.source.redefines(set(self.code.functions))
            or self._assertion_not_run()
            or self._skipped()
        )

    def _assertion_not_run(self, names: list[str] | None = None) -> str:
        ran = set(self.first['coverage']['ran'])
        for name, test in self.first['tests'].items():
            if names is not None and name not in names:
                continue
            function = self._function(test)
            if statement := self.source.assertion_that_never_ran(function, ran):
                line = self.source.line(statement.lineno).strip()
                said = f'Line {statement.lineno}, in {test["name"]}, never runs: {line}'
                if self.source.is_in_a_with(statement):
                    said += ' (The `with` block ends where something raises: move it below.)'
                return said
        return ''

    def _function(self, test: dict[str, Any]) -> Function | None:
        return self.source.function_at(test['line'])

    def _skipped(self) -> str:
        for test in self.first['tests'].values():
            if test['outcome'] == 'skipped':
                return f'{test["name"]} (line {test["line"]}) is skipped here.'
        return ''

    def bugs(self) -> str:
        """Gate: every planted bug turns a test red that is green on the correct code."""
        bugs = self.exercise.bugs
        self.verdict.bugs = [Bug() for _ in bugs]
        for place, found in enumerate(self._catch(bugs)):
            self.verdict.bugs[place] = found
        missed = [place for place, bug in enumerate(self.verdict.bugs) if not bug.caught_by]
        if not missed:
            # Where tests are slow, the two runs that they have had must do.
            again = self.first if self._slow else self.run(self.exercise.correct[0])
            if red := _red(again):
                raise GateFailed(
                    f'{red["name"]} passes on the correct code once, and fails there later on.',
                    'Let it depend on nothing but the code.',
                )
            return f'all {len(bugs)} caught'
        if self.exercise.final:
            raise GateFailed(
                f'{len(bugs) - len(missed)} of {len(bugs)} caught.',
                'There are no hints here: change a line of the code yourself, and see which of '
                'your tests notices.',
            )
        self.verdict.missed = missed[0]
        next_step = 'Assert that, and save.'
        if len(missed) == len(bugs) and not self.source.asserts:
            next_step = (
                'Your tests run everything and ask nothing: assert what should have happened.'
            )
        elif len(missed) == len(bugs) > 1:
            next_step = 'Your tests run everything and notice nothing: begin with this one.'
        elif same := self._makes_no_difference(bugs[missed[0]]):
            next_step = same
        else:
            reach = self._reach(bugs[missed[0]])
            next_step = self._assertion_not_run(reach) or self._assertion_not_run() or next_step
        raise GateFailed(
            f'{len(bugs) - len(missed)} of {len(bugs)} caught. '
            + self.verdict.bugs[missed[0]].missed,
            next_step,
        )

    @property
    def _slow(self) -> bool:
        """Whether there are tests that take so long that it is to be mentioned."""
        return sum(self.usual.values()) > SLOW

    def _catch(self, bugs: list[Variant]) -> Iterator[Bug]:
        """Yield what has become of each bug; several workers share them where tests are slow."""
        if not self._slow:
            yield from map(self._caught, bugs)
            return
        with contextlib.ExitStack() as stack:
            idle: queue.SimpleQueue[TestsGrading] = queue.SimpleQueue()
            for other in self._others(stack):
                idle.put(other)

            def caught(bug: Variant) -> Bug:
                other = idle.get()
                try:
                    return other._caught(bug)
                finally:
                    idle.put(other)

            pool = stack.enter_context(ThreadPoolExecutor(WORKERS))
            yield from pool.map(caught, bugs)

    def _others(self, stack: contextlib.ExitStack) -> list['TestsGrading']:
        """Start more workers, each in a scratch tree of its own; return what grades with them."""
        others = []
        for _ in range(WORKERS):
            other = copy.copy(self)
            tree = stack.enter_context(scratch_tree(self.exercise, self.files))
            other.worker = stack.enter_context(WorkerProcess(tree, self.exercise))
            others.append(other)
        return others

    def _makes_no_difference(self, bug: Variant) -> str:
        """Say that a bug changes nothing in the tests that run its line, if that is so."""
        reach = self._reach(bug)
        if not reach:
            return ''
        events, lines = self._trace(self.exercise.correct[0], reach)
        if not {*bug.lines} & {*lines}:
            return ''  # what these lines do is not seen
        if [events, lines] != self._trace(bug, reach):
            return ''
        names = list(dict.fromkeys(self.first['tests'][name]['name'] for name in reach))
        return (
            f'In {" and ".join(names[:3])} the bug changes nothing, for some of the values are '
            'the same: let the arguments and what the mocks return all be different.'
        )

    def _trace(self, variant: Variant, tests: list[str]) -> Any:
        return self.run(variant, only=tests[:20], explain=False, trace=True)['trace']

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
                run = self.run(bug, only=tests, stop=True, explain=False, test_limit=WRONG_LIMIT)
            except WorkerDied as ended:
                raise explain.ended(ended, self.code, ' once the code is wrong') from None
            for test in run['tests'].values():
                if test.get('caught'):
                    return Bug(bug.name, [test['name']])
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
            return (
                f'{names[0]} runs the broken line and does not notice. '
                f'{self._misspelt(names[0])}{bug.ask}'
            )
        others = names[1] if len(names) == 2 else f'{len(names) - 1} others'
        return f'{names[0]} and {others} run the broken line and do not notice. {bug.ask}'

    def _misspelt(self, test: str) -> str:
        """Say which attribute of a mock a test takes for an assertion, if any."""
        for found in self.first['misspelt']:
            if found['test'] == test:
                return (
                    f'Line {found["line"]}: {found["name"]} is no assertion; a mock makes up any '
                    'attribute, and it is always true. '
                )
        return ''


def _changed(name: str, test: str) -> GateFailed:
    who = test or 'Importing your file'
    module = name.partition(' ')[0]
    if name.endswith('(reloaded)'):
        return GateFailed(
            f'{who} reloads {module}: the tests after it no longer test the code that your file '
            'has imported.',
            'Remove importlib.reload(): each test can use the module as it is.',
        )
    return GateFailed(
        f'{who} leaves {name} changed: the tests after it no longer test the real code.',
        'Put it back, as mock.patch does: as a decorator, in a `with` block, or by '
        'addCleanup(patcher.stop).',
    )


def _red(run: dict[str, Any]) -> dict[str, Any] | None:
    return next((test for test in run['tests'].values() if test['outcome'] == 'failed'), None)

"""The gates of exercise 2, which asks for a green.py: each holds for gevent and for eventlet."""

import contextlib
import importlib.util
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.grader.exercises import PYTHON, WORK, Exercise
from helpers.grader.gates import check_file
from helpers.grader.supervisor import WorkerDied, WorkerProcess
from helpers.grader.verdict import GateFailed, Verdict

FRAMEWORKS = 'gevent', 'eventlet'
START = 15  # seconds to get to what follows -m
LIMIT = 30  # seconds for each check: a client of a server that blocks gives up after five
SERVED = r'served by (\d+) OS thread\(s\) in (\d+)'  # in what switching.py prints


class GreenGrading:
    """One green.py on its way through the gates, under both frameworks side by side."""

    def __init__(self, exercise: Exercise, files: dict[str, Path], verdict: Verdict) -> None:
        """Remember where things are; nothing runs yet."""
        self.path = f'{exercise.name}/{WORK}/green.py'
        self.exercise = exercise
        self.file = files['green.py']
        self.run_tests = f'-m pytest {exercise.runs.name}' if exercise.runs else ''
        self.verdict = verdict
        self.workers: dict[str, WorkerProcess] = {}
        self.framework = ''  # the one whose result is awaited
        self.early: dict[str, list[str]] = {}  # what was imported before the patch
        self.running = False  # whether the checks have started to run under green.py

    def start(self, tree: Path, stack: contextlib.ExitStack) -> None:
        """Start the checks under green.py, once for each framework that is installed."""
        for framework in FRAMEWORKS:
            if importlib.util.find_spec(framework):
                worker = WorkerProcess(
                    tree, self.exercise, self.path, framework, '-m', 'green_checks'
                )
                self.workers[framework] = stack.enter_context(worker)

    def ended(self, ended: WorkerDied) -> GateFailed:
        """Say that green.py has ended, or that it takes too long."""
        who = f'green.py under {self.framework}'
        if str(ended) == 'stuck' and self.running:
            return GateFailed(f'{who} did not finish within {LIMIT} s.', self._see('-m switching'))
        if str(ended) == 'stuck':
            return GateFailed(
                f'{who} did not begin to run the module that follows -m within {START} s.',
                'green.py FRAMEWORK -m MODULE should patch, then run that module.',
            )
        error = self.workers[self.framework].complaint()
        message = f'{who} ended ({ended}) before it ran the module that follows -m.'
        return GateFailed(f'{message} {error}'.strip(), self._see('-m switching'))

    def _see(self, arguments: str = '') -> str:
        return f'To see it: {PYTHON} {self.path} {self.framework} {arguments}'.strip()

    def _results(self, limit: float = LIMIT) -> Iterator[tuple[str, Any]]:
        """Yield each framework, and the result of the next check under it."""
        for framework, worker in self.workers.items():
            self.framework = framework
            result = worker.answer(limit)
            if 'error' in result:
                raise GateFailed(f'Under {framework}: {result["error"]}', self._see('-m switching'))
            yield framework, result['found']

    def found(self) -> str:
        """Gate: green.py is there and runs the module that it is given."""
        check_file(self.file, self.exercise)
        try:
            with warnings.catch_warnings(action='ignore'):  # of a learner's code, not of ours
                compile(self.file.read_bytes(), 'green.py', 'exec')
        except SyntaxError as error:
            raise GateFailed(
                f'green.py, line {error.lineno}: syntax error: {error.msg}.',
                f'Fix line {error.lineno}, then save.',
            ) from None
        except (ValueError, RecursionError, MemoryError) as error:
            raise GateFailed(
                f'green.py cannot be compiled: {error!r}', 'Make it simpler.'
            ) from None
        for framework in FRAMEWORKS:
            if framework not in self.workers:
                raise GateFailed(
                    f'{framework} is not installed here.', f'Use {self.exercise.command}.'
                )
        self.early = dict(self._results(START))
        self.running = True
        return 'runs with gevent and with eventlet'

    def patched(self) -> str:
        """Gate: the calls that wait are the framework's, and were so before the imports."""
        for framework, packages in self._results():
            wrong = [call for call, package in packages.items() if package != framework]
            if wrong:
                raise self._not_patched(framework, packages, wrong)
        for framework, modules in self.early.items():
            if modules:
                names = ' and '.join(modules)
                were = 'was' if len(modules) == 1 else 'were'
                raise GateFailed(
                    f'Patched too late: under {framework}, {names} {were} imported first.',
                    f'Find the line that imports {modules[0]}: it runs before the patch. '
                    f'(Measured under {framework}: time.sleep was still the original when {names} '
                    f'{were} imported.)',
                )
        return 'sockets, threads, sleep and select come from the framework'

    def _not_patched(
        self, framework: str, packages: dict[str, str], wrong: list[str]
    ) -> GateFailed:
        others = {packages[call] for call in wrong} & {*FRAMEWORKS}
        if others:
            message = f'Asked for {framework}, green.py has patched with {" and ".join(others)}.'
        else:
            message = (
                f'Under {framework}, some calls still come from the standard library, and block: '
                f'{", ".join(wrong)}.'
            )
        measured = [f'{call} from {package}' for call, package in packages.items()]
        return GateFailed(
            message,
            f'Look at what green.py does for {framework}: all of these should come from it. '
            f'(Measured under {framework}: {", ".join(measured)}.)',
        )

    def tests(self) -> str:
        """Gate: stage 1's own tests pass."""
        passed = 0
        for framework, outcome in self._results():
            if outcome['failed'] or not outcome['passed']:
                raise self._tests_fail(framework, outcome['failed'] or 'no test ran')
            passed = outcome['passed']
        return f"stage 1's {passed} tests pass under both"

    def _tests_fail(self, framework: str, reason: str) -> GateFailed:
        message = f"Stage 1's own tests fail under {framework}: "
        last = reason.strip().splitlines()[-1].strip()[:200]
        if 'TimeoutExpired' in reason:
            return GateFailed(
                message + 'the server does not end on Ctrl-C.',
                f'Measured under {framework}: it was still running 10 s after Ctrl-C. '
                + self._see(),
            )
        if 'TimeoutError' in reason or 'timed out' in reason:
            return GateFailed(
                message + 'the server does not answer in time.',
                f'Measured under {framework}: a client waited 5 s for an answer. '
                + self._see(self.run_tests),
            )
        if printed := re.search('did not start: (.+)', reason):
            message += f'the server prints {printed[1]!r} before "listening on".'
            return GateFailed(message, 'green.py should print nothing. ' + self._see())
        if 'did not start' in reason:
            return GateFailed(f'Under {framework} the server does not start: {last}', self._see())
        if status := re.search(r'ended with status (-?\d+)', reason):
            return GateFailed(
                message + f'Ctrl-C does not end the server quietly (status {status[1]}).',
                f'Measured under {framework}: exit status {status[1]} after Ctrl-C; it should be '
                f'130. {self._see()}',
            )
        return GateFailed(message + last, self._see(self.run_tests))

    def switching(self) -> str:
        """Gate: one OS thread serves a hundred clients at once."""
        for framework, report in self._results():
            served = re.search(SERVED, report)
            if not served or served[1] != '1' or int(served[2]) > 5:
                measured = report.strip() or 'no client was served'
                raise GateFailed(
                    f'Under {framework}, one OS thread should serve 100 clients in less than a '
                    'second.',
                    f'Measured under {framework}: {measured}. {self._see("-m switching")}',
                )
        return '100 clients, one OS thread'

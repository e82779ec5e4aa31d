"""The gates of exercise 2, which asks for a green.py: what holds for gevent and for eventlet."""

import contextlib
import importlib.util
import re
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
BLOCKS = 'What is imported before the patch keeps the functions that block: import it later.'
BLOCKING = {'socket': 'sockets', '_thread': 'threads', 'time': 'time.sleep'}


class GreenGrading:
    """One green.py on its way through the gates, under both frameworks side by side."""

    def __init__(self, exercise: Exercise, files: dict[str, Path], verdict: Verdict) -> None:
        """Remember where things are; nothing runs yet."""
        self.path = f'{exercise.stage}/{WORK}/green.py'
        self.exercise, self.file, self.verdict = exercise, files['green.py'], verdict
        self.workers: dict[str, WorkerProcess] = {}
        self.framework = ''  # the one that is being asked
        self.early: dict[str, list[str]] = {}  # modules of stage 1 that came before the patch

    def start(self, tree: Path, stack: contextlib.ExitStack) -> None:
        """Start the checks under green.py, once for each framework that is installed."""
        for framework in filter(importlib.util.find_spec, FRAMEWORKS):
            command = ['green_start.py', self.path, framework, '-m', 'green_checks', framework]
            quiet = {'PYTHONWARNINGS': 'ignore', 'SERVER_COMMAND': f'{self.path} {framework}'}
            self.workers[framework] = stack.enter_context(WorkerProcess(tree, *command, **quiet))

    def ended(self, ended: WorkerDied) -> GateFailed:
        """Say what ended green.py, or kept it waiting."""
        who = f'green.py under {self.framework}'
        if str(ended) == 'stuck':
            if not self.early:
                return GateFailed(
                    f'{who} has not begun to run what follows -m after {START} s.',
                    'It should patch, then run that module.',
                )
            return GateFailed(f'{who} is still not done. Something blocks the one thread.', BLOCKS)
        error = self.workers[self.framework].complaint()
        return GateFailed(
            f'{who} ended ({ended}) before it ran what follows -m. {error}'.strip(),
            'Mend that.' if error else 'It should patch, then run what follows -m.',
        )

    def _ask(self, limit: float = LIMIT) -> Iterator[tuple[str, Any]]:
        """Yield each framework, and what is found under it next."""
        for framework, worker in self.workers.items():
            self.framework = framework
            result = worker.answer(limit)
            if 'error' in result:
                raise GateFailed(f'Under {framework}: {result["error"]}', BLOCKS)
            yield framework, result['found']

    def found(self) -> str:
        """Gate: green.py is there and runs what it is asked to run."""
        check_file(self.file, self.exercise)
        try:
            compile(self.file.read_bytes(), 'green.py', 'exec')
        except SyntaxError as error:
            raise GateFailed(
                f'green.py, line {error.lineno} is not Python yet: {error.msg}.',
                f'Mend line {error.lineno}, and save.',
            ) from None
        except (ValueError, RecursionError, MemoryError) as error:
            raise GateFailed(
                f'green.py cannot be compiled: {error!r}', 'Make it simpler.'
            ) from None
        for framework in FRAMEWORKS:
            if framework not in self.workers:
                raise GateFailed(
                    f'{framework} is not installed here.', 'Run it as nox -s 02_exercise.'
                )
        self.early = dict(self._ask(START))
        return 'it runs, with gevent and with eventlet'

    def patched(self) -> str:
        """Gate: sockets, threads and waiting are the framework's, and were so from the start."""
        for framework, packages in self._ask():
            if packages == [framework]:
                continue
            if left := [BLOCKING[name] for name in packages if name in BLOCKING]:
                raise GateFailed(
                    f'With {framework}, this still comes from the standard library, and blocks: '
                    f'{", ".join(left)}.',
                    f'Is the patch of {framework} called at all?'
                    if len(left) == len(BLOCKING)
                    else f'Which one call of {framework} patches everything?',
                )
            raise GateFailed(
                f'With {framework}, it is {" and ".join(packages)} that has patched.',
                f'Which framework is asked for stands in sys.argv: here {framework}.',
            )
        for framework, modules in self.early.items():
            if modules:
                raise GateFailed(
                    f'Patched too late: {" and ".join(modules)} had been imported before '
                    f'{framework}. What was taken from the standard library by then still blocks.',
                    'Import server after the line that calls patch(), not at the top.',
                )
        return "sockets, threads and waiting are the framework's"

    def tests(self) -> str:
        """Gate: stage 1's own tests pass."""
        for framework, outcome in self._ask():
            if outcome['failed'] or not outcome['passed']:
                raise self._tests_fail(framework, outcome['failed'] or 'none was run')
        return f"stage 1's {outcome['passed']} tests pass under both"

    def _tests_fail(self, framework: str, why: str) -> GateFailed:
        message = f"Stage 1's own tests fail under {framework}: "
        if 'TimeoutExpired' in why:
            message += 'the server does not end on Ctrl-C.'
            return GateFailed(message, f'Is ctrl_c() still called, after patch()? If so: {BLOCKS}')
        if 'TimeoutError' in why or 'timed out' in why:
            return GateFailed(message + 'the server does not answer in time.', BLOCKS)
        if printed := re.search('did not start: (.+)', why):
            message += f'the server begins with {printed[1]!r}, not with "listening on".'
            return GateFailed(message, 'Let green.py print nothing.')
        last = why.strip().splitlines()[-1].strip()[:200]
        if 'did not start' in why:
            message = f'Under {framework} the server does not start: {last}'
            return GateFailed(message, f'See it: {PYTHON} {self.path} {framework}')
        return GateFailed(
            message + last, f'See it: {PYTHON} {self.path} {framework} -m pytest 01_sync'
        )

    def switching(self) -> str:
        """Gate: one thread of the operating system serves a hundred clients at once."""
        for framework, report in self._ask():
            served = re.search(r'served by (\d+) OS thread\(s\) in (\d+)', report)
            if not served or served[1] != '1' or int(served[2]) > 5:
                raise GateFailed(
                    f'Under {framework}: {report.strip() or "no client was served"}; '
                    'it should be 1 thread, in less than a second.',
                    f'See it: {PYTHON} {self.path} {framework} -m switching',
                )
        return '100 clients, one OS thread'

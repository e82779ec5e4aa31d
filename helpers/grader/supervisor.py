"""The supervisor: a scratch tree, a process in it, and a clock."""

import contextlib
import json
import os
import queue
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil

from helpers.grader.exercise_file import ExerciseError
from helpers.grader.exercises import Exercise, GraderError
from helpers.kit import ROOT, WORK

START = 60  # seconds for a worker to be ready: a virus scanner may check all its imports
GRACE = 5  # seconds after which a worker that should have stopped by itself is killed
MAX_BYTES = 1_000_000  # of a submitted file
MAX_LINE_LENGTH = 10_000_000  # characters of a line that is read at once
# What the learner may have set for other purposes; an empty value counts as unset.
CLEAN_ENV = {
    'PYTEST_ADDOPTS': '',
    'PYTEST_PLUGINS': '',
    'PYTHONIOENCODING': '',
    'PYTHONPATH': '',
    'PYTHONSAFEPATH': '',
    'PYTHONWARNINGS': '',
    'COVERAGE_CORE': '',
}
RUNNING: set['WorkerProcess'] = set()
ENDING = threading.Event()  # set once no worker may run any more
SANDBOX = Path(__file__).with_name('sandbox')  # what runs next to the learner's code


class WorkerDied(Exception):
    """The worker ended before its work did: by a hang, a crash or an exit."""

    def __init__(
        self,
        why: str,
        test: str | None,
        line: int | None,
        *,
        broken: bool = False,
        waits_in: int | None = None,
    ) -> None:
        """Say why, the last test and line that are known, and whether the worker was broken.

        Where a coroutine of the code under test is what never ends: the line in which it waits.
        """
        super().__init__(why)
        self.test = test
        self.line = line
        self.broken = broken
        self.waits_in = waits_in


@contextlib.contextmanager
def scratch_tree(exercise: Exercise, files: dict[str, Path]) -> Iterator[Path]:
    """Yield a temporary copy of the kit's layout, with a learner's files in the working copy."""
    with tempfile.TemporaryDirectory(prefix='kit-', ignore_cleanup_errors=True) as folder:
        tree = Path(folder).resolve()
        unneeded = shutil.ignore_patterns('tests', 'grader', 'measure', 'workshop', '__pycache__')
        shutil.copytree(ROOT / 'helpers', tree / 'helpers', ignore=unneeded)
        code = tree / exercise.scratch_name
        code.mkdir()
        for path in _modules(exercise.code_folder):
            if path.name not in exercise.written:
                shutil.copy(path, code)
        if exercise.runs:
            (tree / exercise.runs.name).mkdir()
            for path in _modules(exercise.runs):
                shutil.copy(path, tree / exercise.runs.name)
        work = code / WORK
        work.mkdir()
        if not exercise.grades_tests:
            shutil.copy(SANDBOX / 'green_checks.py', work)  # `green.py -m` always finds it there
        for path in exercise.folder.glob('check_*.py'):
            shutil.copy(path, work)
        for name, path in files.items():
            if path.is_file() and path.stat().st_size <= MAX_BYTES:
                shutil.copyfile(path, work / name)
        (tree / 'pytest.ini').touch()
        (work / 'pytest.ini').touch()  # pytest looks at no folder above it: that saves time
        yield tree


def _modules(folder: Path) -> list[Path]:
    """Return a folder's modules; what its conftest.py prints is for people."""
    return [path for path in folder.glob('*.py') if path.name != 'conftest.py']


def start_python(
    command: list[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.Popen[str]:
    """Start Python in a folder, as the leader of a session, with pipes for its three streams."""
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding='utf-8',
        errors='replace',
        bufsize=1,
        start_new_session=True,
    )


class WorkerProcess:
    """One process in a scratch tree; leaving the `with` block ends it and all that it started."""

    def __init__(self, tree: Path, exercise: Exercise, *green: str) -> None:
        """Start worker.py; or green_start.py, if there are arguments for it."""
        self.log = tree / 'log'
        self.source = exercise.source.name if exercise.grades_tests else ''
        self.token = secrets.token_hex()  # begins each line of its answers, and no other line
        environment = CLEAN_ENV | {
            'PYTEST_DISABLE_PLUGIN_AUTOLOAD': '1',
            'PYTHONUTF8': '1',  # on Windows a pipe is cp1252 otherwise
        }
        if green:
            # Nothing on the path but what a learner has, who types `python .../green.py`.
            command = [str(SANDBOX / 'green_start.py'), *green]
            environment |= {
                'GRADER_TOKEN': self.token,
                'GRADER_RUNS': exercise.runs.name if exercise.runs else '',
                'PYTHONWARNINGS': 'ignore',
                'SERVER_COMMAND': ' '.join(green[:2]),
                'EVENTLET_NO_GREENDNS': 'yes',  # nothing looks up a name: this saves most imports
            }
        else:
            plugins = ','.join(exercise.plugins)
            command = ['-P', str(SANDBOX / 'worker.py'), str(self.log), plugins, self.token]
            code = tree / exercise.scratch_name
            environment['PYTHONPATH'] = os.pathsep.join([str(tree), str(code)])
        self.errors = ''  # the end of what it writes to standard error
        self.ready = False  # whether it has imported all that it needs
        self.process = start_python(command, tree, os.environ | environment)
        self.events: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        threading.Thread(target=self._keep_errors, daemon=True).start()
        self.test: str | None = None
        self.line: int | None = None

    def __enter__(self) -> 'WorkerProcess':
        RUNNING.add(self)
        if ENDING.is_set():
            self.end()
        return self

    def __exit__(self, *exception: object) -> None:
        RUNNING.discard(self)
        self.end()
        self.process.wait()
        for stream in self.process.stdin, self.process.stdout, self.process.stderr:
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr]

    def end(self) -> None:
        """Kill the process and its descendants, except for any that have detached themselves."""
        end_tree(self.process)

    def _listen(self) -> None:
        with contextlib.suppress(ValueError, OSError):  # closed
            while line := self.process.stdout.readline(MAX_LINE_LENGTH):  # type: ignore[union-attr]
                if line.startswith(self.token):  # the rest was printed by the code that is graded
                    self.events.put(line.removeprefix(self.token))
        self.events.put('')

    def _keep_errors(self) -> None:
        with contextlib.suppress(ValueError, OSError):  # closed
            while text := self.process.stderr.readline(MAX_LINE_LENGTH):  # type: ignore[union-attr]
                self.errors = (self.errors + text)[-10_000:]

    def _wait_until_ready(self) -> None:
        """Wait for the first event; raise GraderError if it does not come."""
        with contextlib.suppress(WorkerDied):
            self.ready = 'ready' in self._event(START)
        if not self.ready:
            raise GraderError(f'the worker did not start: {self.complaint()}')

    def complaint(self) -> str:
        """Return the last line of what the process has written to standard error."""
        complaints = self.errors.strip().splitlines()
        if not complaints:
            return ''
        lines = re.findall(r'green\.py", line (\d+)', self.errors)
        if lines:
            return f'Line {lines[-1]}: {complaints[-1]}'
        return complaints[-1]

    def ask(self, limit: float, **request: Any) -> Any:
        """Send a request and return its result; raise WorkerDied if the process ends instead."""
        if not self.ready:
            self._wait_until_ready()
        with contextlib.suppress(OSError):  # it has ended: the next event says so
            self.process.stdin.write(json.dumps(request | {'limit': limit}) + '\n')  # type: ignore[union-attr]
        return self.answer(limit + GRACE)

    def answer(self, timeout: float) -> Any:
        """Return the next result; raise WorkerDied if the process ends instead, or sends none."""
        while True:
            event = self._event(timeout)
            if 'result' in event:
                return event['result']
            self.test = event['at']
            self.line = event['line']

    def _event(self, timeout: float) -> dict[str, Any]:
        try:
            event = self.events.get(timeout=timeout)
        except queue.Empty:
            raise WorkerDied('stuck', self.test, self.line) from None
        if event:
            found: dict[str, Any] = json.loads(event)
            if fault := found.get('fault'):
                if found.get('code'):
                    raise ExerciseError(_not_imported(self.source, fault))
                if found['ours']:
                    raise GraderError(f'the worker failed:\n{fault}')
                last_line = fault.strip().splitlines()[-1]
                raise WorkerDied(last_line, self.test, self.line, broken=True)
            return found
        status = self._status()
        log = self.log.read_text(encoding='utf-8', errors='replace') if self.log.exists() else ''
        line = _innermost_line(log) or self.line
        if 'Timeout (' in log:
            waits_in = _line_awaiting(log, self.source)
            raise WorkerDied('stuck', self.test, line, waits_in=waits_in)
        killed = {-number: number.name for number in signal.Signals}
        raise WorkerDied(killed.get(status, f'exit status {status}'), self.test, line)

    def _status(self) -> int:
        """Return the exit status of the process, which has closed its standard output."""
        try:
            return self.process.wait(GRACE)
        except subprocess.TimeoutExpired:  # it has closed its streams, and is still running
            self.end()
            return self.process.wait()


def _not_imported(source: str, fault: str) -> str:
    """Say why the code under test cannot be imported, and what to do."""
    next_step = 'Fix that.'
    if fault.startswith(('ImportError', 'ModuleNotFoundError')):
        next_step = (
            'Copy a module that it imports into its folder; a package must be installed where the '
            'grader runs.'
        )
    return f'{source} cannot be imported: {fault}. {next_step}'


def _innermost_line(log: str) -> int | None:
    """Return the innermost line of the tests in a traceback, or of another file beside them."""
    lines: dict[bool, int] = {}
    for file, number in re.findall(rf'[\\/]{WORK}[\\/](\w+)\.py", line (\d+)', log):
        lines.setdefault(file.startswith('test_'), int(number))
    return lines.get(True, lines.get(False))


def _line_awaiting(log: str, source: str) -> int | None:
    """Return the line of the code under test in which the one unfinished task there waits."""
    pattern = rf'^Task (\d+): File ".*[\\/]{re.escape(source)}", line (\d+)'
    found = re.findall(pattern, log, re.MULTILINE)
    if len({task for task, _ in found}) != 1:  # with several, nobody knows which one is stuck
        return None
    return int(found[-1][1])


def end_tree(process: subprocess.Popen[str]) -> None:
    """Kill the leader of a session and its descendants, unless they have detached themselves."""
    try:
        children = psutil.Process(process.pid).children(recursive=True)
    except psutil.Error:
        children = []
    for child in children:
        with contextlib.suppress(psutil.Error):
            child.kill()
    if os.name == 'posix':  # Windows has no process groups
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        process.kill()


def end_all() -> None:
    """End every worker, whichever thread waits for it, and every worker that starts later."""
    ENDING.set()
    for worker in RUNNING.copy():
        worker.end()

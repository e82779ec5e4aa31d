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
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil

from helpers.grader.exercises import Exercise, GraderError
from helpers.kit import ROOT, STAGES, WORK

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

    def __init__(self, why: str, test: str | None, line: int | None, broken: bool = False) -> None:
        """Say why, the last test and line that are known, and whether the worker was broken."""
        super().__init__(why)
        self.test = test
        self.line = line
        self.broken = broken


@contextlib.contextmanager
def scratch_tree(exercise: Exercise, files: dict[str, Path]) -> Iterator[Path]:
    """Yield a temporary copy of the kit's layout, with a learner's files in the working copy."""
    with tempfile.TemporaryDirectory(prefix='kit-', ignore_cleanup_errors=True) as folder:
        tree = Path(folder).resolve()
        unneeded = shutil.ignore_patterns('tests', 'grader', 'measure', 'workshop', '__pycache__')
        shutil.copytree(ROOT / 'helpers', tree / 'helpers', ignore=unneeded)
        for stage in {'01_sync', exercise.stage}:
            (tree / stage).mkdir()
            for path in (ROOT / stage).glob('*.py'):
                if stage != exercise.stage or path.name not in exercise.solution:
                    shutil.copy(path, tree / stage)
        work = tree / exercise.stage / WORK
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

    def __init__(self, tree: Path, *green: str) -> None:
        """Start worker.py; or green_start.py, if there are arguments for it."""
        self.log = tree / 'log'
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
                'PYTHONWARNINGS': 'ignore',
                'SERVER_COMMAND': ' '.join(green[:2]),
            }
        else:
            command = ['-P', str(SANDBOX / 'worker.py'), str(self.log), self.token]
            environment['PYTHONPATH'] = os.pathsep.join(str(tree / part) for part in ('', *STAGES))
        self.errors = ''  # the end of what it writes to standard error
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

    def wait_until_ready(self) -> float:
        """Return the seconds until the first event; raise GraderError if it does not come."""
        start = time.perf_counter()
        with contextlib.suppress(WorkerDied):
            if 'ready' in self._event(START):
                return time.perf_counter() - start
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
                if found['ours']:
                    raise GraderError(f'the worker failed:\n{fault}')
                last_line = fault.strip().splitlines()[-1]
                raise WorkerDied(last_line, self.test, self.line, broken=True)
            return found
        status = self._status()
        log = self.log.read_text(encoding='utf-8', errors='replace') if self.log.exists() else ''
        line = _innermost_line(log) or self.line
        if 'Timeout (' in log:
            raise WorkerDied('stuck', self.test, line)
        killed = {-number: number.name for number in signal.Signals}
        raise WorkerDied(killed.get(status, f'exit status {status}'), self.test, line)

    def _status(self) -> int:
        """Return the exit status of the process, which has closed its standard output."""
        try:
            return self.process.wait(GRACE)
        except subprocess.TimeoutExpired:  # it has closed its streams, and is still running
            self.end()
            return self.process.wait()


def _innermost_line(log: str) -> int | None:
    """Return the innermost line of the tests in a traceback, or that of my_helpers.py, if any."""
    lines: dict[str, int] = {}
    for kind, number in re.findall(rf'[\\/]{WORK}[\\/](test_|my_)\w+\.py", line (\d+)', log):
        lines.setdefault(kind, int(number))
    return lines.get('test_', lines.get('my_'))


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

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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from helpers.grader.exercises import EXERCISES, ROOT, WORK, Exercise, GraderError

START = 60  # seconds for a worker to be ready: a virus scanner may look at all it imports
GRACE = 5  # seconds after which a worker that ought to have stopped itself is killed
MAX_BYTES = 1_000_000  # bytes of a hand-in
MAX_LINE_LENGTH = 10_000_000  # characters of a line that is read at once
# Whatever the learner has set for other purposes.
CLEAN_ENV = {'PYTEST_ADDOPTS': '', 'PYTEST_PLUGINS': '', 'PYTHONWARNINGS': '', 'COVERAGE_CORE': ''}
RUNNING: set['WorkerProcess'] = set()
SANDBOX = Path(__file__).with_name('sandbox')  # what runs beside the learner's code


class WorkerDied(Exception):
    """The worker ended before its work did: by a hang, a crash or an exit."""

    def __init__(self, why: str, test: str | None, line: int | None, broken: bool = False) -> None:
        """Say why, the last test and line that are known, and whether the worker was broken."""
        super().__init__(why)
        self.test, self.line, self.broken = test, line, broken


@contextlib.contextmanager
def scratch_tree(exercise: Exercise, files: dict[str, Path]) -> Iterator[Path]:
    """Yield a temporary copy of the kit's layout, with a learner's files in the working copy."""
    with tempfile.TemporaryDirectory(prefix='kit-', ignore_cleanup_errors=True) as folder:
        tree = Path(folder).resolve()
        theirs = ('tests', 'grader', 'measure', 'workshop', '__pycache__')
        shutil.copytree(ROOT / 'helpers', tree / 'helpers', ignore=shutil.ignore_patterns(*theirs))
        for stage in {'01_sync', exercise.stage}:
            (tree / stage).mkdir()
            for path in (ROOT / stage).glob('*.py'):
                if stage != exercise.stage or path.name not in exercise.solution:
                    shutil.copy(path, tree / stage)
        work = tree / exercise.stage / WORK
        work.mkdir()
        for path in SANDBOX.glob('green_*.py'):
            shutil.copy(path, tree)
        for path in exercise.folder.glob('check_*.py'):
            shutil.copy(path, work)
        for name, path in files.items():
            if path.is_file() and path.stat().st_size <= MAX_BYTES:
                shutil.copyfile(path, work / name)
        (tree / 'pytest.ini').touch()
        (work / 'pytest.ini').touch()  # pytest looks at no folder above it: that saves time
        yield tree


class WorkerProcess:
    """One process in a scratch tree; leaving the `with` block ends it and what it has started."""

    def __init__(self, tree: Path, *command: str, **environment: str) -> None:
        """Start it: without a command, the one that runs tests."""
        self.log = tree / 'log'
        settings = {'PYTEST_DISABLE_PLUGIN_AUTOLOAD': '1', 'PYTHONPATH': _path(tree)}
        self.token = secrets.token_hex()  # begins each line of its answers, and nobody else's
        script = ['-P', str(SANDBOX / 'worker.py'), str(self.log)]
        self.errors = ''  # the end of what it writes to standard error
        self.process = subprocess.Popen(
            [sys.executable, *(command or script), self.token],
            cwd=tree,
            env=os.environ | CLEAN_ENV | settings | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding='utf-8',
            errors='replace',
            bufsize=1,
            start_new_session=True,
        )
        self.events: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        threading.Thread(target=self._keep_errors, daemon=True).start()
        self.test: str | None = None
        self.line: int | None = None

    def __enter__(self) -> 'WorkerProcess':
        RUNNING.add(self)
        return self

    def __exit__(self, *exception: object) -> None:
        RUNNING.discard(self)
        self.end()
        self.process.wait()
        for stream in self.process.stdin, self.process.stdout, self.process.stderr:
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr]

    def end(self) -> None:
        """Kill the process and what it has started, unless that has hidden well."""
        end_tree(self.process)

    def _listen(self) -> None:
        with contextlib.suppress(ValueError, OSError):  # closed
            while line := self.process.stdout.readline(MAX_LINE_LENGTH):  # type: ignore[union-attr]
                if line.startswith(self.token):  # anybody may print
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
        lines = re.findall(r'green\.py", line (\d+)', self.errors)
        where = f'Line {lines[-1]}: ' if lines else ''
        return where + self.errors.strip().splitlines()[-1] if self.errors.strip() else ''

    def ask(self, limit: float, **request: Any) -> Any:
        """Send a request and return its result; raise WorkerDied if the process ends instead."""
        with contextlib.suppress(OSError):  # it has ended: the next event says so
            self.process.stdin.write(json.dumps(request | {'limit': limit}) + '\n')  # type: ignore[union-attr]
        return self.answer(limit + GRACE)

    def answer(self, timeout: float) -> Any:
        """Return the next result; raise WorkerDied if the process ends instead, or says nothing."""
        while 'result' not in (event := self._event(timeout)):
            self.test, self.line = event['at'], event['line']
        return event['result']

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
                why = fault.strip().splitlines()[-1]
                raise WorkerDied(why, self.test, self.line, broken=True)
            return found
        try:
            status = self.process.wait(GRACE)
        except subprocess.TimeoutExpired:  # it has closed its streams, and goes on
            self.end()
            status = self.process.wait()
        log = self.log.read_text(encoding='utf-8', errors='replace') if self.log.exists() else ''
        lines = re.findall(rf'[\\/]{WORK}[\\/](test_|my_)\w+\.py", line (\d+)', log)
        # The innermost line of the tests, else of my_helpers.py; else where the test begins.
        line = int(max(lines, key=lambda found: found[0])[1]) if lines else self.line
        if 'Timeout (' in log:
            raise WorkerDied('stuck', self.test, line)
        killed = {-number: number.name for number in signal.Signals}
        raise WorkerDied(killed.get(status, f'exit status {status}'), self.test, line)


def _path(tree: Path) -> str:
    return os.pathsep.join(str(tree / folder) for folder in ('', *EXERCISES))


def end_tree(process: subprocess.Popen[str]) -> None:
    """Kill the leader of a session and what it has started, unless that has hidden well."""
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                child.kill()
    with contextlib.suppress(OSError, AttributeError):  # Windows has no groups
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        process.kill()


def end_all() -> None:
    """End every worker, whichever thread waits for it."""
    for worker in RUNNING.copy():
        worker.end()

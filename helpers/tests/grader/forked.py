"""Workers of the grader that are forked, not started: they need not import pytest again.

test_commands.py runs the commands themselves, whose workers are started as usual.
"""

import gc
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from helpers.grader import supervisor

start_as_usual = supervisor.start_python
fork_server = get_context('forkserver')
IMPORTED = ('_pytest', 'asyncio', 'pluggy', 'pytest', 'unittest')
imported = [name for name in sys.modules if name.startswith(IMPORTED)]
coverage = ['coverage.jsonreport', 'coverage.sqldata']
fork_server.set_forkserver_preload([*imported, *coverage, __name__])


class ForkedWorker:
    """A forked worker, with what the supervisor uses of subprocess.Popen."""

    def __init__(self, command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        """Fork it, with pipes for its three streams."""
        child_input, own_input = Pipe(duplex=False)
        own_output, child_output = Pipe(duplex=False)
        own_errors, child_errors = Pipe(duplex=False)
        streams = [child_input, child_output, child_errors]
        arguments = (command, folder, dict(environment), streams)
        self._process = fork_server.Process(target=run, args=arguments)
        self._process.start()
        for stream in streams:
            stream.close()
        self.pid = self._process.pid
        self.stdin = _open(own_input, 'w')
        self.stdout = _open(own_output, 'r')
        self.stderr = _open(own_errors, 'r')

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status, as Popen.wait() does."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired('worker', timeout)
        return self._process.exitcode

    def kill(self) -> None:
        """Kill it, unless it has ended."""
        if self._process.exitcode is None:
            self._process.kill()


def _open(end: Connection, mode: str) -> Any:
    file = os.fdopen(os.dup(end.fileno()), mode, encoding='utf-8', errors='replace', buffering=1)
    end.close()
    return file


def start_python(command: list[str], folder: Path, environment: Mapping[str, str]) -> Any:
    """Fork the process that runs tests; start any other, such as one for a green.py."""
    if '-P' not in command:
        return start_as_usual(command, folder, environment)
    return ForkedWorker(command, folder, environment)


def run(
    command: list[str], folder: Path, environment: dict[str, str], streams: list[Connection]
) -> None:
    """Become what `python COMMAND` would be in a folder: this runs in the forked process."""
    gc.freeze()  # or the first collection would look at all that the fork server has imported
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
        stream.close()
    sys.stdout = os.fdopen(1, 'w', encoding='utf-8', closefd=False)
    sys.stderr = os.fdopen(2, 'w', encoding='utf-8', closefd=False)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    script = command[1]
    sys.argv = command[1:]
    sys.path[:0] = environment['PYTHONPATH'].split(os.pathsep)
    if '' in sys.path:  # -P leaves it out
        sys.path.remove('')
    runpy.run_path(script, run_name='__main__')

"""Run a learner's green.py, `green_start.py GREEN.PY ...`, and end when the supervisor ends.

What a patch must not reach is bound or built here, before green.py patches: on Windows eventlet's
os.fdopen refuses every pipe. green_checks, which runs after the patch, imports this module.
"""

import _thread
import os
import runpy
import sys
import time
from json import dumps
from os import _exit, dup2, read

# Taken out of the environment, so that the servers that the checks start do not get it.
TOKEN = os.environ.pop('GRADER_TOKEN', '')
RUNS = os.environ.pop('GRADER_RUNS', '')  # the folder of the code that green.py runs
OUTPUT = open(os.dup(1), 'w', encoding='utf-8', buffering=1)  # noqa: PTH123, SIM115
NOWHERE = os.open(os.devnull, os.O_RDWR)
# The supervisor's pipe, which the servers must not inherit: on Windows Python hangs at its start if
# somebody is waiting to read from its standard input, https://github.com/python/cpython/issues/78961
INPUT = os.dup(0)
os.dup2(NOWHERE, 0)


def end_with_supervisor() -> None:
    """Wait until the supervisor closes its pipe, in a thread that no patch reaches."""
    while read(INPUT, 1):
        pass
    _exit(0)


def send(**event: object) -> None:
    """Send an event to the supervisor."""
    OUTPUT.write(f'\n{TOKEN}{dumps(event)}\n')  # green.py may have left a line unfinished


def silence() -> None:
    """Throw away what is written to standard output and standard error from now on."""
    dup2(NOWHERE, 1)
    dup2(NOWHERE, 2)


class ImportRecorder:
    """An import hook that finds nothing, and records which modules of the code came too early."""

    def __init__(self) -> None:
        """Start with nothing recorded."""
        files = os.listdir(RUNS) if RUNS else []  # noqa: PTH208
        self.names = {file.removesuffix('.py') for file in files if not file.startswith('test_')}
        self.before_the_patch: list[str] = []

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Record a module of the code that is imported while time.sleep is still the original."""
        if name in self.names and time.sleep.__module__ == 'time':
            self.before_the_patch.append(name)


RECORDER = ImportRecorder()

if __name__ == '__main__':
    sys.modules['green_start'] = sys.modules['__main__']
    sys.meta_path.insert(0, RECORDER)  # type: ignore[arg-type]
    _thread.start_new_thread(end_with_supervisor, ())
    del sys.argv[0]
    green = os.path.abspath(sys.argv[0])  # noqa: PTH100
    sys.path[0] = os.path.dirname(green)  # noqa: PTH120  # as if Python had been given green.py
    runpy.run_path(green, run_name='__main__')

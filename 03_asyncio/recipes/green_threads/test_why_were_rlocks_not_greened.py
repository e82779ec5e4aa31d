"""Why does eventlet say "RLock(s) were not greened"?

A module that was imported before `eventlet.monkey_patch()` has made a lock where the patch cannot
replace it: a green thread that waits for that lock stops all others. Patch in the first lines of
the program, before all other imports. Under pytest eventlet is silent about such locks. From Python
3.14 on, and with later 3.13, a lock of Python's own always remains, which is harmless.
Needs: `eventlet`.
"""

import subprocess
import sys

# A program of its own, since a patch lasts as long as its process.
PATCHED_TOO_LATE = """
import threading

locks = (threading.RLock(), threading.RLock())
import eventlet

eventlet.monkey_patch()
print(locks)
"""

PATCHED_FIRST = """
import eventlet

eventlet.monkey_patch()
import threading

locks = (threading.RLock(), threading.RLock())
print(locks)
"""


def run(program):
    command = [sys.executable, '-W', 'ignore', '-c', program]
    return subprocess.run(command, capture_output=True, text=True)


def test_wrong_way(monkeypatch):
    monkeypatch.delenv('PYTEST_CURRENT_TEST')  # else eventlet does not say it
    result = run(PATCHED_TOO_LATE)
    assert 'RLock(s) were not greened, to fix this error make sure you run' in result.stderr
    assert '_thread.RLock' in result.stdout  # the lock of OS threads


def test_right_way():
    result = run(PATCHED_FIRST)
    assert 'threading._RLock' in result.stdout  # the lock made of green parts

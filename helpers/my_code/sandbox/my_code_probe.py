"""Runs in the author's tests: notes which lines they reach, and in which test.

A line of the module under test reads `my_code_probe.hit(NUMBER)`. The notes go to the folder
`hits` beside this file, into files that are mapped into memory. So they outlive a process that is
killed, and are no blocking call, which some suites forbid while an event loop runs.
"""

from __future__ import annotations

import mmap
import os
import sys
import threading
import unittest
from pathlib import Path

SIZE = 1 << 22  # of a file; pages that are not written to take no space
HITS = Path(__file__).resolve().with_name('hits')

_environment = os.environ  # tests may replace what is in the module os
_known: set[tuple[int, str]] = set()


class _Notes:
    """The notes of this process."""

    def __init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Begin a new file."""
        self.lock = threading.RLock()  # a signal handler may come to a line, too
        self.used = 0
        name = f'{os.getpid():010}-{os.urandom(8).hex()}'
        file = os.open(HITS / name, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        os.ftruncate(file, SIZE)
        self.memory = mmap.mmap(file, SIZE)
        os.close(file)

    def add(self, note: bytes) -> None:
        """Add a note, which must be shorter than SIZE."""
        with self.lock:
            if self.used + len(note) > SIZE:
                self.open()
            start = self.used
            self.used += len(note)
            self.memory[start : self.used] = note


_notes = _Notes()
if hasattr(os, 'register_at_fork'):
    os.register_at_fork(after_in_child=_notes.open)  # or it would write over its parent's notes


def hit(number: int) -> None:
    """Note that a line is run: its number, and the test."""
    test = _current_test()
    if (number, test) not in _known:
        _known.add((number, test))
        _notes.add(f'{number}\t{test}\n'.encode(errors='replace'))


def _current_test() -> str:
    in_pytest = _environment.get('PYTEST_CURRENT_TEST')
    if in_pytest:
        return in_pytest.rpartition(' ')[0]  # without (setup), (call) or (teardown)
    frame = sys._getframe().f_back
    while frame is not None:
        # Not in other frames: before Python 3.13, f_locals keeps what is in them alive.
        if str(frame.f_globals.get('__name__')).startswith(('unittest.', 'twisted.trial.')):
            case = frame.f_locals.get('self')
            if isinstance(case, unittest.TestCase):
                return case.id()
        frame = frame.f_back
    return ''  # in a thread or a process that the test has started

"""What runs under a learner's green.py: is it green, and do the tests of the code pass with it.

Copied next to green.py, and run there by `green.py FRAMEWORK -m green_checks`.
"""

import _thread
import contextlib
import io
import runpy
import select
import socket
import time
import traceback
from typing import Any

import green_start  # type: ignore[import-not-found]  # it is what has started green.py


def early() -> list[str]:
    """Return the modules of the code that were imported before the patch."""
    return green_start.RECORDER.before_the_patch


def patched() -> dict[str, str]:
    """Return the package that each blocking call comes from."""
    calls = {
        'socket.socket': socket.socket,
        '_thread.start_new_thread': _thread.start_new_thread,
        'time.sleep': time.sleep,
        'select.select': select.select,
    }
    return {name: call.__module__.partition('.')[0] for name, call in calls.items()}


class Outcomes:
    """The pytest plugin that counts what passes and keeps the first failure."""

    def __init__(self) -> None:
        """Start with no outcome."""
        self.passed = 0
        self.failed = ''

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Count a test that passes, keep the first failure."""
        if report.when == 'call' and report.passed:
            self.passed += 1
        if report.failed and not self.failed:
            self._keep(report)

    def pytest_collectreport(self, report: Any) -> None:
        """Keep the first file that cannot be imported."""
        if report.failed and not self.failed:
            self._keep(report)

    def _keep(self, report: Any) -> None:
        crash = getattr(report.longrepr, 'reprcrash', None)
        reason = crash.message if crash else report.longreprtext
        test = report.nodeid.rpartition('::')[2]
        self.failed = f'{test}: {reason}'


def tests() -> dict[str, object]:
    """Run the code's own tests; return how many pass, and the first failure."""
    import pytest

    outcomes = Outcomes()
    pytest.main([green_start.RUNS, '-c', 'pytest.ini', '-pno:cacheprovider', '-q'], [outcomes])
    return {'passed': outcomes.passed, 'failed': outcomes.failed}


def switching() -> str:
    """Return what stage 2's switching.py prints."""
    with contextlib.redirect_stdout(io.StringIO()) as report:
        runpy.run_path('02_greenlet/switching.py', run_name='__main__')
    return report.getvalue()


if __name__ == '__main__':
    green_start.silence()
    green_start.send(at='start', line=None)
    for check in early, patched, tests, switching:
        try:
            found = check()
        except Exception as error:
            reason = traceback.format_exception_only(error)[-1].strip()
            green_start.send(result={'error': reason})
        else:
            green_start.send(result={'found': found})

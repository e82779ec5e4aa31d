"""What runs under a learner's green.py: is it green, and do stage 1's tests pass with it.

Copied into the scratch tree, and run there by `green.py FRAMEWORK -m green_checks`.
"""

import contextlib
import io
import json
import os
import runpy
import sys
import traceback
from typing import Any


def send(**event: object) -> None:
    """Tell the supervisor."""
    output.write(f'\n{token}{json.dumps(event)}\n')  # green.py may have left a line unfinished


def early(framework: str) -> list[str]:
    """Return the modules of stage 1 that were imported before the framework was."""
    known = list(sys.modules)
    before = known[: known.index(framework)] if framework in known else known
    return [name for name in ('server', 'receive') if name in before]


def patched() -> list[str]:
    """Return the packages that sockets, threads and waiting come from."""
    import switching

    return sorted(switching.sources_of_blocking_calls())


class Outcomes:
    """The pytest plugin that keeps what went wrong."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.passed, self.failed = 0, ''

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Count what passes, keep the first failure."""
        self.passed += report.when == 'call' and report.passed
        if report.failed and not self.failed:
            crash = getattr(report.longrepr, 'reprcrash', None)
            name = report.nodeid.rpartition('::')[2]
            self.failed = f'{name}: {crash.message if crash else report.longreprtext}'


def tests() -> dict[str, object]:
    """Run stage 1's own tests; return how many pass, and the first failure."""
    import pytest

    outcomes = Outcomes()
    pytest.main(['01_sync', '-c', 'pytest.ini', '-pno:cacheprovider', '-q'], [outcomes])
    return {'passed': outcomes.passed, 'failed': outcomes.failed}


def switching() -> str:
    """Return what stage 2's switching check prints."""
    with contextlib.redirect_stdout(io.StringIO()) as report:
        runpy.run_module('switching', run_name='__main__')
    return report.getvalue()


if __name__ == '__main__':
    output = os.fdopen(os.dup(1), 'w', encoding='utf-8', buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    framework, token = sys.argv[1:]
    send(at='start', line=None)
    for check in (lambda: early(framework), patched, tests, switching):
        try:
            send(result={'found': check()})
        except Exception as error:
            send(result={'error': traceback.format_exception_only(error)[-1].strip()})

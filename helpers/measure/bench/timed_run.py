"""Run one test file, time it, and print what came of it: `timed_run RUNNER FILE [OPTION ...]`.

What is printed last is one JSON object: how many tests have passed, and the seconds from reading
the file to the end of the last test.
"""

import json
import sys
import time
import unittest
from pathlib import Path
from unittest import mock  # noqa: F401 (every kind of test needs it, so it is read beforehand)


def by_unittest(file: str) -> tuple[int, float]:
    """Return how many tests of a file have passed, and the seconds it took."""
    start = time.perf_counter()
    tests = unittest.defaultTestLoader.loadTestsFromName(Path(file).stem)
    result = unittest.TextTestRunner().run(tests)
    seconds = time.perf_counter() - start
    return result.testsRun - len(result.failures + result.errors + result.skipped), seconds


def by_pytest(file: str, *options: str) -> tuple[int, float]:
    """Return how many tests of a file have passed, and the seconds it took."""
    import pytest

    class Clock:
        passed, start, seconds = 0, 0.0, 0.0

        def pytest_sessionstart(self) -> None:
            self.start = time.perf_counter()

        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            self.passed += report.when == 'call' and report.passed

        def pytest_sessionfinish(self) -> None:
            self.seconds = time.perf_counter() - self.start

    clock = Clock()
    pytest.main([file, '-p', 'no:cacheprovider', *options], plugins=[clock])
    return clock.passed, clock.seconds


if __name__ == '__main__':
    runner, *arguments = sys.argv[1:]
    passed, seconds = (by_unittest if runner == 'unittest' else by_pytest)(*arguments)
    print(f'\n{json.dumps({"passed": passed, "seconds": seconds})}')

"""Why does coverage miss lines after `gevent.joinall()`, although they ran?

The classic tracer (core = ctrace) follows a thread, and loses its place when gevent switches to
another greenlet. From Python 3.12 on, `core = sysmon` misses nothing, if no `concurrency` is set:
it is the default from 3.14 on, but cannot measure branches before. Elsewhere, set `concurrency =
greenlet`, and wait with `greenlet.get()`: after `joinall` lines stay lost (coveragepy issue 841).
Needs: `gevent` (and coverage).
"""

import subprocess
import sys

import pytest

JOINALL = """
import gevent


def fetch(name):
    gevent.sleep(0.01)
    return name.upper()


def fetch_all(names):
    greenlets = [gevent.spawn(fetch, name) for name in names]
    gevent.joinall(greenlets)
    results = [greenlet.value for greenlet in greenlets]
    return results


print(fetch_all(['a', 'b']))
"""

GET = JOINALL.replace('    gevent.joinall(greenlets)\n', '').replace('.value', '.get()')

HAS_SYSMON = sys.version_info >= (3, 12)
BEST_SETTING = 'core = sysmon' if HAS_SYSMON else 'concurrency = greenlet'


@pytest.fixture
def measure(tmp_path):
    """Return a function that runs a program, and returns its coverage in percent."""

    def measure(program, setting):
        (tmp_path / 'program.py').write_text(program)
        (tmp_path / '.coveragerc').write_text(f'[run]\n{setting}\n')
        coverage = [sys.executable, '-m', 'coverage']
        run = [*coverage, 'run', '--include=program.py', 'program.py']
        subprocess.run(run, cwd=tmp_path, check=True)
        report = [*coverage, 'report', '--format=total']
        return int(subprocess.run(report, cwd=tmp_path, capture_output=True).stdout)

    return measure


def test_wrong_way(measure):
    assert measure(JOINALL, 'core = ctrace') < 100


def test_right_way(measure):
    assert measure(JOINALL, BEST_SETTING) == 100


def test_right_way_with_get(measure):
    assert measure(GET, 'concurrency = greenlet') == 100

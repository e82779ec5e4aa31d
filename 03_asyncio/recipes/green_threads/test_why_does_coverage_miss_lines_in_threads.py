"""Why does coverage miss lines that ran in a thread, as in `asyncio.to_thread`?

Threads are measured by default, but not once `concurrency` names something else, such as greenlet,
gevent or multiprocessing: add thread to the list. Two other causes: a thread that is still running
when the measurement ends (join it, or leave the executor's `with` block), and, up to Python 3.13,
threads that C code or `_thread.start_new_thread` starts.
It runs coverage in a process of its own: `pip install coverage greenlet`.
"""

import subprocess
import sys

import pytest

PROGRAM = """
import asyncio


def read_price(city):
    prices = {'Rome': 120}
    return prices[city]


async def main():
    print(await asyncio.to_thread(read_price, 'Rome'))


asyncio.run(main())
"""


@pytest.fixture
def measure(tmp_path):
    """Return a function that runs the program, and returns its coverage in percent."""
    (tmp_path / 'program.py').write_text(PROGRAM)

    def measure(*settings):
        (tmp_path / '.coveragerc').write_text('\n'.join(['[run]', *settings]))
        coverage = [sys.executable, '-m', 'coverage']
        subprocess.run([*coverage, 'run', 'program.py'], cwd=tmp_path, check=True)
        report = [*coverage, 'report', '--include=program.py', '--format=total']
        return int(subprocess.run(report, cwd=tmp_path, capture_output=True).stdout)

    return measure


def test_wrong_way(measure):
    assert measure('concurrency = greenlet') < 100


def test_right_way(measure):
    assert measure('concurrency = greenlet, thread') == 100


def test_right_way_by_default(measure):
    assert measure() == 100

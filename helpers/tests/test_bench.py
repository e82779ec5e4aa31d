"""Tests of the bench: that it measures what it says, in turns, and tidies up."""

import contextlib
import io
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from statistics import median

import psutil
import pytest
from rich.console import Console

from helpers.grader.exercises import EXERCISES
from helpers.kit import ROOT
from helpers.measure.bench import sessions
from helpers.measure.bench.measure import BenchError, Part, Way, in_turns
from helpers.measure.bench.tests_of_each_kind import KINDS, cost
from helpers.measure.machine import host_info
from helpers.service.acceptance import INTERRUPT, OWN_GROUP

BENCH = [sys.executable, '-m', 'helpers.measure.bench']
# In the session `tests` it would meddle with all others; the bench itself checks each run.
no_pytest_asyncio = pytest.mark.skipif(
    find_spec('pytest_asyncio') is None, reason='pytest-asyncio is there in `nox -s bench` only'
)
SLEEP = """
import sys
from pathlib import Path

from helpers.measure.bench.measure import run
from helpers.cli import handle_sigint

sleep = [sys.executable, '-c', 'import time; time.sleep(3600)']
handle_sigint()
try:
    run([sys.executable, '-c', f'import subprocess; subprocess.run({sleep})'], Path())
except KeyboardInterrupt:
    sys.exit(130)
"""
WAYS = [
    pytest.param(runner, kind, marks=no_pytest_asyncio if kind == 'pytest-asyncio' else ())
    for runner, kinds in KINDS.items()
    for kind in kinds
]


def bench(*arguments):
    """Run the bench and return what subprocess.run() does."""
    command = [*BENCH, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, encoding='utf-8', capture_output=True, timeout=60)


@pytest.mark.parametrize(('runner', 'kind'), WAYS)
def test_all_tests_of_a_kind_run_and_can_fail(runner, kind, tmp_path):
    cost(runner, kind, 3, tmp_path)
    for code in ROOT / '01_sync' / 'receive.py', ROOT / '03_asyncio' / 'async_receive.py':
        broken = code.read_text(encoding='utf-8').replace("'PONG', packet_data", "'PONG', None")
        (tmp_path / code.name).write_text(broken, encoding='utf-8')
    with pytest.raises(BenchError, match='0 of 3 tests passed'):
        cost(runner, kind, 3, tmp_path)


def test_ways_take_turns_and_the_first_turn_does_not_count(tmp_path):
    done = []

    def part(repeats, *names):
        def ways(folder):
            for name in names:
                yield Way(name, '', lambda name=name: done.append(name) or len(done))

        return Part('', 's', repeats, ways)

    often, once = part(2, 'a', 'b'), part(1, 'c')
    results = in_turns([often, once], None, tmp_path, Console(file=io.StringIO()))
    assert ''.join(done) == 'abcabcab'
    assert results[often] == {('a', ''): [4, 7], ('b', ''): [5, 8]}
    assert results[once] == {('c', ''): [6]}


def test_by_hand_is_what_the_sessions_do(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(
        sessions, 'run', lambda command, *_, **env: (done.append(command), (1, ''))[1]
    )
    assert sessions.by_hand(tmp_path, cold=True) == 10
    assert sessions.by_hand(tmp_path, cold=False) == 4
    cold, warm = [' '.join(map(str, command)) for command in done[:10]], done[10:]
    for word, times in ('-m venv', 3), ('-m pip install pytest', 3), ('--cov-fail-under=100', 4):
        assert sum(word in command for command in cold) == times
    assert [command for command in done[:10] if '--cov-fail-under=100' in command] == warm
    assert {command[0].parts[-3] for command in warm} == set(EXERCISES)


@pytest.mark.parametrize(
    'wrong',
    ['--repeats 0', '--repeats x', '--only', '--only slides', '--json no/such', '--json .', 'x'],
)
def test_wrong_arguments_are_told_in_one_line(wrong):
    ended = bench('--only', 'mocks', *wrong.split())
    assert (ended.returncode, ended.stdout, ended.stderr.count('\n')) == (2, '', 1)


def test_help():
    assert '--repeats' in bench('--help').stdout


def test_the_file_has_the_machine_and_the_medians(tmp_path):
    file = tmp_path / 'a file.json'
    ended = bench('--only', 'mocks', '--repeats', 2, '--json', file)
    assert (ended.returncode, ended.stderr) == (0, '')
    written = json.loads(file.read_text(encoding='utf-8'))
    assert written['machine'] == host_info()
    assert {(way['row'], way['column']) for way in written['measured']} == {
        (row, column)
        for row in ('helpers.AsyncMock', 'unittest.mock.AsyncMock')
        for column in ('made', 'awaited')
    }
    for way in written['measured']:
        assert way['row'] in ended.stdout
        assert len(way['each']) == 2
        assert way['median'] == median(way['each'])


@pytest.mark.parametrize('command', [[*BENCH, '--only', 'grader'], [sys.executable, '-c', SLEEP]])
def test_ctrl_c_leaves_nothing(command, tmp_path):
    temporary = os.environ | dict.fromkeys(('TMPDIR', 'TEMP', 'TMP'), str(tmp_path))
    with subprocess.Popen(
        command, cwd=ROOT, env=temporary, stdout=-1, stderr=-1, text=True, creationflags=OWN_GROUP
    ) as process:
        started = family(process)
        process.send_signal(INTERRUPT)
        output = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, ('', ''))
    assert not psutil.wait_procs(started, timeout=10)[1]
    assert list(tmp_path.iterdir()) == []


def family(process):
    """Wait until a process has grandchildren, such as the grader's worker; return all below it."""
    while process.poll() is None:
        with contextlib.suppress(psutil.Error):
            children = psutil.Process(process.pid).children()
            if any(child.children() for child in children):
                return psutil.Process(process.pid).children(recursive=True)
    raise AssertionError(process.communicate())

"""Tests of the bench: it measures only what passes, and Ctrl-C leaves nothing behind."""

import contextlib
import os
import subprocess
import sys
from importlib.util import find_spec

import psutil
import pytest

from helpers.kit import ROOT
from helpers.measure.bench.__main__ import (
    BenchError,
    parse_arguments,
    reported_seconds,
    run,
)
from helpers.measure.bench.styles import STYLES, command_for, summary_of
from helpers.service.acceptance import INTERRUPT, OWN_GROUP
from helpers.tests import launched

BENCH = [sys.executable, '-m', 'helpers.measure.bench']
PLUGINS = {'pytest-asyncio': 'pytest_asyncio', 'anyio': 'anyio'}
RUNNERS_AND_STYLES = [
    (runner, style)
    for runner, styles in STYLES.items()
    for style in styles
    if style not in PLUGINS or find_spec(PLUGINS[style])
]


@pytest.mark.parametrize(('runner', 'style'), RUNNERS_AND_STYLES)
def test_refuses_a_style_whose_tests_fail(runner, style, tmp_path):
    command = command_for(runner, style, 3, tmp_path)
    run(command, tmp_path, summary_of(runner, 3))
    for code in ROOT / '01_sync' / 'receive.py', ROOT / '03_asyncio' / 'async_receive.py':
        broken = code.read_text(encoding='utf-8').replace("'PONG', packet_data", "'PONG', None")
        (tmp_path / code.name).write_text(broken, encoding='utf-8')
    with pytest.raises(BenchError, match='status 1'):
        run(command, tmp_path, summary_of(runner, 3))


def test_refuses_a_command_that_runs_fewer_tests(tmp_path):
    command = command_for('unittest', 'synchronous', 2, tmp_path)
    with pytest.raises(BenchError, match='Ran 2 tests'):
        run(command, tmp_path, summary_of('unittest', 3))


@pytest.mark.parametrize(
    'output', ['Ran 1000 tests in 0.250s\n\nOK', '=== 1000 passed, 1 warning in 0.25s ===']
)
def test_takes_the_seconds_that_the_test_runner_reports(output):
    assert reported_seconds(output) == 0.25


def test_refuses_a_test_runner_that_reports_no_seconds():
    with pytest.raises(BenchError, match='does not say'):
        reported_seconds('OK')


@pytest.mark.parametrize(
    'wrong', ['--only', '--only slides', '--json no/such/file', '--json .', '--often', 'x']
)
def test_reports_a_wrong_argument_in_one_line(wrong, monkeypatch, capsys):
    monkeypatch.setattr(sys, 'argv', ['bench', *wrong.split()])
    with pytest.raises(SystemExit) as ended:
        parse_arguments()
    output, errors = capsys.readouterr()
    assert (ended.value.code, output, errors.count('\n')) == (2, '', 1)


def test_ctrl_c_is_quiet_and_leaves_nothing(tmp_path):
    env = os.environ | dict.fromkeys(('TMPDIR', 'TEMP', 'TMP'), str(tmp_path))
    with subprocess.Popen(
        [*BENCH, '--only', 'grader'],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        creationflags=OWN_GROUP,
    ) as process:
        started = wait_for_children(process)
        process.send_signal(INTERRUPT)
        output = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, ('', ''))
    assert psutil.wait_procs(started, timeout=10)[1] == []
    assert list(tmp_path.glob('bench-*')) == []


def wait_for_children(process):
    """Wait until a process has started another one; return all below it."""
    while process.poll() is None:
        with contextlib.suppress(psutil.Error):
            children = psutil.Process(process.pid).children(recursive=True)
            if len(children) > launched():
                return children
    raise AssertionError(process.communicate())

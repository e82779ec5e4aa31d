"""Tests of the commands: the grader, watch and grade, each in a process, in a copy of the kit.

test_working_copy.py runs the grader's command in its own process, which is faster.
"""

import contextlib
import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import psutil
import pytest

from helpers.grader.exercises import Exercise
from helpers.kit import ROOT, copy_kit
from helpers.service.acceptance import INTERRUPT, OWN_GROUP
from helpers.tests import launched

PROGRAMS = ROOT / 'helpers' / 'tests' / 'programs'
SOLUTION = ROOT / '01_sync' / 'test_receive.py'


@pytest.fixture(scope='module')
def untouched_kit(tmp_path_factory):
    """Copy the kit once, for the tests that write nothing to it."""
    return copy_kit(tmp_path_factory.mktemp('untouched') / 'the kit')


def run(kit, *arguments, **environment):
    """Run Python in a copy of the kit, and return what subprocess.run() does."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=kit,
        env=os.environ | {'PYTHONIOENCODING': 'utf-8'} | environment,
        encoding='utf-8',
        capture_output=True,
    )


def grader(kit, *arguments, **environment):
    """Run the grader, and return what subprocess.run() does."""
    return run(kit, '-m', 'helpers.grader', *arguments, **environment)


@pytest.fixture
def start():
    """Return what starts a command in a copy of the kit; if it is still running, it is killed."""
    with contextlib.ExitStack() as started:

        def start(kit, *command, **environment):
            process = subprocess.Popen(
                [sys.executable, '-m', *command],
                cwd=kit,
                env=os.environ | {'PYTHONIOENCODING': 'utf-8'} | environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding='utf-8',
                creationflags=OWN_GROUP,
            )
            started.enter_context(process)
            started.callback(process.kill)
            return process

        yield start


def wait_for_workers(process):
    """Return the processes that a process has started, as soon as one of them is a worker."""
    parent = psutil.Process(process.pid)
    while True:
        workers = parent.children(recursive=True)
        if len(workers) > launched():
            return workers
        assert process.poll() is None


def interrupt(process, number=INTERRUPT):
    """Interrupt a process once it has a worker; return the status, the output, and its workers."""
    workers = wait_for_workers(process)
    process.send_signal(number)
    output = process.communicate(timeout=20)
    return process.returncode, output, workers


def assert_ended(workers):
    """Check that processes end."""
    _, running = psutil.wait_procs(workers, timeout=10)
    assert not running


def test_first_run_creates_the_working_copy(kit):
    first = grader(kit, '01_sync')
    mine = kit / '01_sync' / 'my_work' / 'test_receive.py'
    assert first.returncode == 1
    assert f'Created {mine.relative_to(kit)}' in first.stdout
    mine.write_text('mine', encoding='utf-8')
    assert 'Created' not in grader(kit, '01_sync').stdout
    assert mine.read_text(encoding='utf-8') == 'mine'


def write_solution(kit, stage):
    """Write the solution of a stage's exercise to the learner's folder."""
    assert list(Exercise(kit / stage / '.exercise').replace(solution=True))


@pytest.mark.parametrize('framework', ['gevent', 'eventlet'])
def test_solution_of_stage_2_runs_by_hand_from_my_work(kit, framework):
    write_solution(kit, '02_greenlet')
    ended = run(kit, '02_greenlet/my_work/green.py', framework, '-m', 'switching', PYTHONPATH='')
    assert '100 clients served by 1 OS thread(s)' in ended.stdout, ended.stderr


def test_plain_pytest_collects_the_kits_tests_and_runs_my_work_if_named(kit):
    write_solution(kit, '01_sync')
    pytest_runs = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider']
    everything = run(kit, *pytest_runs, '--collect-only').stdout
    assert '01_sync/test_receive.py' in everything
    assert 'my_work' not in everything
    assert '/.exercise' not in everything
    assert '7 passed' in run(kit, *pytest_runs, str(Path('01_sync', 'my_work'))).stdout


def test_json_is_all_that_is_printed(untouched_kit):
    loud = str(PROGRAMS / 'prints_twenty_megabytes.py')
    ended = grader(untouched_kit, '01_sync', '--json', '--tests', loud)
    assert ended.stderr == ''
    verdict = json.loads(ended.stdout)
    assert (ended.returncode, verdict['solved'], verdict['error']) == (1, False, None)
    assert [gate['passed'] for gate in verdict['gates']] == [True, True, False, None]
    assert set(verdict) == {'exercise', 'solved', 'gates', 'bugs', 'next', 'seconds', 'error'}
    assert not (untouched_kit / '01_sync' / 'my_work').exists()


def test_reports_a_usage_error_in_one_line_or_in_json(untouched_kit):
    ended = grader(untouched_kit, '99')
    assert (ended.returncode, ended.stdout, ended.stderr.count('\n')) == (2, '', 1)
    assert '--help' in ended.stderr
    ended = grader(untouched_kit, '99', '--json')
    assert (ended.returncode, ended.stderr) == (2, '')
    assert '--help' in json.loads(ended.stdout)['error']


def test_reports_what_is_not_installed(untouched_kit):
    # -S: without site-packages, as in a Python in which nothing is installed.
    ended = run(untouched_kit, '-S', '-m', 'helpers.grader', '01_sync')
    assert (ended.returncode, ended.stdout, ended.stderr.count('\n')) == (2, '', 1)
    assert 'Run nox -s 01_exercise' in ended.stderr


@pytest.mark.parametrize('stage', ['01_sync', '02_greenlet'])
@pytest.mark.parametrize('number', [INTERRUPT, signal.SIGTERM])
def test_interrupt_leaves_nothing_running(untouched_kit, start, stage, number):
    if os.name != 'posix' and number == signal.SIGTERM:
        pytest.skip('Windows has no such signal')
    hangs = str(PROGRAMS / 'hangs_at_import.py')
    process = start(untouched_kit, 'helpers.grader', stage, '--json', '--tests', hangs)
    status, (output, errors), workers = interrupt(process, number)
    assert (status, errors) == (130, '')
    assert json.loads(output)['error'] == 'interrupted'
    assert_ended(workers)


@pytest.mark.skipif(os.name != 'posix', reason='Windows has no signal that cannot be caught')
@pytest.mark.parametrize('stage', ['01_sync', '02_greenlet'])
def test_workers_end_when_their_supervisor_is_killed(untouched_kit, start, stage):
    hangs = str(PROGRAMS / 'hanging_submission.py')
    if stage == '02_greenlet':
        hangs = str(PROGRAMS / 'hangs_at_import.py')
    process = start(untouched_kit, 'helpers.grader', stage, '--tests', hangs)
    workers = wait_for_workers(process)
    process.send_signal(signal.SIGKILL)
    assert_ended(workers)
    process.communicate()


def wait_for(process, text):
    """Read what a process shows until a text appears; fail if that takes too long."""
    watchdog = threading.Timer(30, process.kill)
    watchdog.start()
    shown = ''
    while text not in shown:
        more = process.stdout.read(1)
        assert more, f'{text!r} never appeared: {shown[-2000:]}'
        shown += more
    watchdog.cancel()
    return shown


def test_watch_grades_again_at_every_save(kit, start):
    process = start(kit, 'helpers.grader.watch', FORCE_COLOR='1')
    wait_for(process, 'NEXT: ')
    shutil.copy(SOLUTION, kit / '01_sync' / 'my_work')
    wait_for(process, 'Solved. ')
    (kit / '03_asyncio' / 'my_work' / 'my_helpers.py').write_text('_run = 1', encoding='utf-8')
    shown = wait_for(process, 'my_helpers.py should have _run.')
    assert '✔ 01_sync' in shown
    assert '\n\n\n\n\n' not in shown  # redrawn, not scrolled
    process.send_signal(INTERRUPT)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (130, '')


def hand_in(room, learner, content):
    """Hand in a test_receive.py as a learner of a class."""
    (room / learner).mkdir(parents=True)
    (room / learner / 'test_receive.py').write_bytes(content)


def rows(path):
    """Return the rows of a CSV file, as dicts."""
    with path.open(encoding='utf-8-sig', newline='') as file:
        return list(csv.DictReader(file))


def test_grade_reports_every_learner_of_a_class(untouched_kit, tmp_path):
    room = tmp_path / 'the class'
    (room / 'alice' / '01_sync' / 'my_work').mkdir(parents=True)
    shutil.copy(SOLUTION, room / 'alice' / '01_sync' / 'my_work')
    (room / '=gina').mkdir()
    (room / '=gina' / 'tests.ipynb').touch()
    copy_kit(room / 'harry')  # has cloned it, and done nothing
    (room / 'frank').mkdir()
    (room / 'loose.py').touch()
    solution = SOLUTION.read_bytes()
    asserts_no_arguments = solution.replace(
        b"assert_called_once_with('PONG', 'data')", b'assert_called_once()'
    )
    waits_on_wrong_code = solution.replace(
        b"send_to_client.assert_called_once_with('PONG', 'data')",
        b"while send_to_client.call_args.args != ('PONG', 'data'):\n            time.sleep(1)",
    ).replace(b'import unittest\n', b'import time\nimport unittest\n')
    hand_in(room, 'bob b', asserts_no_arguments)
    with zipfile.ZipFile(room / 'kim.zip', 'w') as archive:
        archive.writestr('01_sync/my_work/test_receive.py', solution + b'# My own words.\n')
    hand_in(room, 'jane', waits_on_wrong_code)
    hand_in(room, 'carol', (PROGRAMS / 'exits_at_import.py').read_bytes())
    hand_in(room, 'dan', (PROGRAMS / 'hangs_at_import.py').read_bytes())
    hand_in(room, 'eve', b'\xff\n')
    hand_in(room, 'ian', (PROGRAMS / 'fails_with_a_surrogate.py').read_bytes())
    ended = run(untouched_kit, '-m', 'helpers.grader.classroom', str(room))
    assert (ended.returncode, ended.stderr) == (0, '')
    assert '100%' in ended.stdout
    assert '2 solved' in ended.stdout
    assert 'found 3, passes 1, bugs 2, solved 2' in ended.stdout
    assert '=gina: tests.ipynb: not a .py file' in ended.stdout
    assert 'not graded: loose.py' in ended.stdout

    grades = {row['learner']: row['01_sync'] for row in rows(room / 'grades.csv')}
    numbers = {row['learner']: list(row.values())[2:4] for row in rows(room / 'grades.csv')}
    assert grades['alice'] == "solved, identical to the kit's"
    assert grades['kim'] == 'solved'
    assert grades['bob b'].startswith('bugs: 12 of 13 caught.')
    assert 'ended the whole process' in grades['carol']
    assert re.search(r'line \d: stuck', grades['dan'])
    assert 'UTF-8' in grades['eve']
    assert 'stuck once the code is wrong' in grades['jane']
    assert grades['frank'] == grades['harry'] == 'nothing handed in'
    assert grades["'=gina"] == 'none found: see the notes'
    assert numbers['kim'] == ['4', '13']  # gates passed, bugs caught
    assert numbers['bob b'] == ['3', '12']
    assert numbers['jane'] == ['3', '']
    assert numbers['carol'] == ['0', '']
    assert numbers['frank'] == ['', '']
    gates = [(row['gate'], row['learners'], row['of']) for row in rows(room / 'gates.csv')]
    assert gates[2:] == [('branches', '0', '8'), ('bugs', '2', '8'), ('solved', '2', '8')]
    bug = '01_sync: The PONG comes back empty'
    bugs = {row['learner']: row[bug] for row in rows(room / 'bugs.csv')}
    assert bugs['alice'] == 'test_ping'
    assert bugs['bob b'] == 'missed'
    assert bugs['carol'] == ''
    assert bugs['jane'] == ''  # it got no further
    assert rows(room / 'missed.csv')[0] == {
        'exercise': '01_sync',
        'bug': 'The PONG comes back empty',
        'missed by': '1',
        'of': '3',
    }


def test_ctrl_c_while_a_class_is_graded_leaves_nothing_running(untouched_kit, start, tmp_path):
    hangs = (PROGRAMS / 'hanging_submission.py').read_bytes()
    for name in 'alice', 'bob', 'carol':
        hand_in(tmp_path, name, hangs)
    process = start(untouched_kit, 'helpers.grader.classroom', str(tmp_path))
    status, (_, errors), workers = interrupt(process)
    assert (status, errors) == (130, '')
    assert_ended(workers)

"""Tests of the commands: the grader, watch and grade, each in a process, in a copy of the kit."""

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
from pathlib import Path

import psutil
import pytest

from helpers.grader.exercises import EXERCISES
from helpers.kit import ROOT
from helpers.service.acceptance import INTERRUPT, OWN_GROUP

HANGS = 'import threading\n\n\ndef test_hang():\n    threading.Event().wait()\n'


@pytest.fixture
def kit(tmp_path):
    """Return a copy of the kit, without what git ignores, in a folder with a space in its name."""
    copy = tmp_path / 'a kit'
    for folder in 'helpers', *EXERCISES:
        ignored = shutil.ignore_patterns('my_work', '__pycache__')
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    shutil.copy(ROOT / 'pyproject.toml', copy)
    return copy


def grader(kit, *arguments, **environment):
    """Run the grader and return what subprocess.run() does."""
    command = [sys.executable, '-m', 'helpers.grader', *arguments]
    return subprocess.run(
        command, cwd=kit, env=os.environ | environment, encoding='utf-8', capture_output=True
    )


@pytest.fixture
def start(kit):
    """Return what starts a command of the kit; whatever still runs in the end is killed."""
    with contextlib.ExitStack() as started:

        def start(*command, **environment):
            process = subprocess.Popen(
                [sys.executable, '-m', *command],
                cwd=kit,
                env=os.environ | environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding='utf-8',
                creationflags=OWN_GROUP,
            )
            started.enter_context(process)
            started.callback(process.kill)
            return process

        yield start


def interrupt(process, number=INTERRUPT):
    """Interrupt a process once it has a worker; return the status, the output, and its workers."""
    parent = psutil.Process(process.pid)
    while not (workers := parent.children(recursive=True)):
        assert process.poll() is None
    process.send_signal(number)
    output = process.communicate(timeout=20)
    return process.returncode, output, workers


def test_the_first_run_makes_the_working_copy(kit):
    first = grader(kit, '01_sync')
    assert first.returncode == 1
    assert 'Your file to write: 01_sync' in first.stdout
    mine = kit / '01_sync' / 'my_work' / 'test_receive.py'
    mine.write_text('mine', encoding='utf-8')
    assert 'Your file to write' not in grader(kit, '01_sync').stdout
    assert mine.read_text(encoding='utf-8') == 'mine'


def test_reset_and_solution_keep_what_was_there(kit):
    mine = kit / '03_asyncio' / 'my_work' / 'test_async_receive.py'
    grader(kit, '03_asyncio')
    for text, option in ('first', '--reset'), ('second', '--solution'):
        mine.write_text(text, encoding='utf-8')
        ended = grader(kit, '03_asyncio', option)
        assert re.search(r'old\d_test_async_receive', ended.stdout)
    assert ended.returncode == 0
    kept = {path.read_text(encoding='utf-8') for path in mine.parent.glob('old*')}
    assert {'first', 'second'} <= kept


def test_one_more_hint_each_time(kit):
    grader(kit, '01_sync', '--solution')
    mine = kit / '01_sync' / 'my_work' / 'test_receive.py'
    text = mine.read_text(encoding='utf-8')
    mine.write_text(text.replace("('PONG', 'data')", '(mock.ANY, mock.ANY)', 1), encoding='utf-8')
    hints = [grader(kit, '01_sync', '--hint').stdout for _ in range(3)]
    for count, shown in enumerate(hints):
        assert 'The line: 01_sync/receive.py, line 14.' in shown
        assert ('The symptom: ' in shown) == (count >= 1)
        assert ("+        send_to_client('PONG', None)" in shown) == (count >= 2)
    assert 'The PONG comes back empty' not in hints[0]


def test_where_one_stands(kit):
    grader(kit, '01_sync', '--solution')
    assert '✔ 01_sync  · 02_greenlet  ▶ 03_asyncio' in grader(kit, '03_asyncio').stdout


def test_solved_names_the_solution_and_the_next_lesson(kit):
    shown = grader(kit, '01_sync', '--solution').stdout
    assert '01_sync/test_receive.py' in shown
    assert '02_greenlet/README.md' in shown


def test_the_newcomer_runs_pytest(kit):
    grader(kit, '01_sync', '--solution')
    pytest_runs = [sys.executable, '-m', 'pytest', '-q', '-p', 'no:cacheprovider']
    everything = subprocess.check_output([*pytest_runs, '--collect-only'], cwd=kit, text=True)
    assert '01_sync/test_receive.py' in everything
    assert 'my_work' not in everything
    assert '/exercise' not in everything
    assert '7 passed' in subprocess.check_output(
        [*pytest_runs, str(Path('01_sync', 'my_work'))], cwd=kit, text=True
    )


def test_the_verdict_in_the_readme(kit):
    grader(kit, '01_sync', '--solution')
    mine = kit / '01_sync' / 'my_work' / 'test_receive.py'
    never_awaited = "        send_to_client.assert_called_once_with('MESSAGE', 'my response')\n"
    mine.write_text(mine.read_text('utf-8').replace(never_awaited, ''), encoding='utf-8')
    shown = grader(kit, '01_sync', COLUMNS='90').stdout
    readme = (ROOT / 'README.md').read_text(encoding='utf-8')
    (block,) = re.findall('```text\n(Exercise.*?)```', readme, re.DOTALL)
    lines = [line.rstrip() for line in shown.splitlines()]
    assert block.splitlines() == lines[: block.count('\n')]


def test_the_readmes_workflow(kit):
    readme = (ROOT / 'README.md').read_text(encoding='utf-8')
    (arguments,) = re.findall('nox -s 01_exercise -- (--tests .*)', readme)
    (kit.parent / 'hand-in').mkdir()
    shutil.copy(kit / '01_sync' / 'test_receive.py', kit.parent / 'hand-in')
    assert grader(kit, '01_sync', *arguments.split()).returncode == 0


def test_json_and_nothing_else(kit):
    loud = kit / 'loud.py'
    loud.write_text(
        'import os, sys\n\n\ndef test_print():\n    print("x" * 10**7, file=sys.__stdout__)\n'
        '    os.write(1, b"y" * 10**7)\n    os.system("echo z")\n',
        encoding='utf-8',
    )
    ended = grader(kit, '01_sync', '--json', '--tests', str(loud))
    assert ended.stderr == ''
    verdict = json.loads(ended.stdout)
    assert (ended.returncode, verdict['solved'], verdict['error']) == (1, False, None)
    assert [gate['passed'] for gate in verdict['gates']] == [True, True, False, None]
    assert set(verdict) == {'exercise', 'solved', 'gates', 'bugs', 'next', 'seconds', 'error'}
    assert not (kit / '01_sync' / 'my_work').exists()


@pytest.mark.parametrize(
    'wrong',
    [
        [],
        ['04'],
        ['0'],
        ['01_sync', '--fast'],
        ['01_sync', '--tests'],
        ['01', '--tests', 'x', '--hint'],
    ],
)
def test_a_wrong_call(kit, wrong):
    ended = grader(kit, *wrong)
    assert (ended.returncode, ended.stdout, ended.stderr.count('\n')) == (2, '', 1)
    assert '--help' in ended.stderr
    ended = grader(kit, '--json', *wrong)
    assert (ended.returncode, ended.stderr) == (2, '')
    assert '--help' in json.loads(ended.stdout)['error']


def test_a_place_to_write_that_cannot_be_written(kit):
    (kit / '01_sync' / 'my_work').write_text('a file', encoding='utf-8')
    ended = grader(kit, '01_sync')
    assert (ended.returncode, ended.stdout, ended.stderr.count('\n')) == (2, '', 1)
    assert 'cannot write to 01_sync' in ended.stderr


@pytest.mark.parametrize(
    'garbage', ['{', '[]', '{"solved": 1, "hints": {"The line": "a"}}', '[' * 9999]
)
def test_garbage_in_what_is_remembered(kit, garbage):
    grader(kit, '01_sync')
    (kit / '01_sync' / 'my_work' / '.progress.json').write_text(garbage, encoding='utf-8')
    assert 'Ask again for one more' in grader(kit, '01_sync', '--hint').stdout


def test_what_is_missing_is_told(kit):
    # -S: without site-packages, as in a Python in which nothing is installed.
    bare = [sys.executable, '-S', '-m', 'helpers.grader', '01_sync']
    ended = subprocess.run(bare, cwd=kit, text=True, capture_output=True)
    assert (ended.returncode, ended.stdout, ended.stderr.count('\n')) == (2, '', 1)
    assert 'nox -s 01_exercise installs it' in ended.stderr


def test_our_mistake_not_yours(kit):
    source = kit / '01_sync' / 'receive.py'
    source.write_text(source.read_text('utf-8').replace('PONG', 'PANG'), encoding='utf-8')
    solution = str(kit / '01_sync' / 'test_receive.py')
    ended = grader(kit, '01_sync', '--tests', solution)
    assert ended.returncode == 3
    assert 'not yours' in ended.stderr
    ended = grader(kit, '01_sync', '--tests', solution, '--json')
    assert ended.returncode == 3
    assert 'not yours' in json.loads(ended.stdout)['error']


@pytest.mark.parametrize('stage', ['01_sync', '02_greenlet'])
@pytest.mark.parametrize('number', [INTERRUPT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing_running(kit, start, stage, number):
    if os.name != 'posix' and number == signal.SIGTERM:
        pytest.skip('Windows has no such signal')
    hangs = kit / 'hangs.py'
    hangs.write_text('while True:\n    pass\n', encoding='utf-8')
    process = start('helpers.grader', stage, '--json', '--tests', str(hangs))
    status, (output, errors), workers = interrupt(process, number)
    assert (status, errors) == (130, '')
    assert json.loads(output)['error'] == 'interrupted'
    assert not psutil.wait_procs(workers, timeout=10)[1]


@pytest.mark.skipif(os.name != 'posix', reason='Windows has no signal that cannot be caught')
def test_a_supervisor_that_is_killed_takes_its_worker_along(kit, start):
    hangs = kit / 'hangs.py'
    hangs.write_text(HANGS, encoding='utf-8')
    process = start('helpers.grader', '01_sync', '--tests', str(hangs))
    parent = psutil.Process(process.pid)
    while not (workers := parent.children()):
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    assert not psutil.wait_procs(workers, timeout=10)[1]
    process.communicate()


def wait_for(process, text):
    """Read what a process shows until a text is there; fail if that takes too long."""
    watchdog = threading.Timer(30, process.kill)
    watchdog.start()
    shown = ''
    while text not in shown:
        more = process.stdout.read(1)
        assert more, f'{text!r} never came: {shown[-2000:]}'
        shown += more
    watchdog.cancel()
    return shown


def test_watch(kit, start):
    process = start('helpers.grader.watch', FORCE_COLOR='1')
    wait_for(process, 'NEXT: ')
    shutil.copy(kit / '01_sync' / 'test_receive.py', kit / '01_sync' / 'my_work')
    wait_for(process, 'Solved. ')
    (kit / '03_asyncio' / 'my_work' / 'my_helpers.py').write_text('_run = 1', encoding='utf-8')
    shown = wait_for(process, 'my_helpers.py should have _run.')
    assert '✔ 01_sync' in shown
    assert '\n\n\n\n\n' not in shown  # redrawn, not scrolled
    process.send_signal(INTERRUPT)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, '')


def test_grade(kit, tmp_path):
    room = tmp_path / 'the room'
    (room / 'alice' / '01_sync' / 'my_work').mkdir(parents=True)
    shutil.copy(kit / '01_sync' / 'test_receive.py', room / 'alice' / '01_sync' / 'my_work')
    (room / '=gina' / 'submission').mkdir(parents=True)
    shutil.copy(kit / '01_sync' / 'test_receive.py', room / '=gina' / 'submission')
    shutil.copytree(kit, room / 'harry')  # has cloned it, and done nothing
    submissions = {
        'bob b': (kit / '01_sync' / 'test_receive.py')
        .read_text('utf-8')
        .replace("assert_called_once_with('PONG', 'data')", 'assert_called_once()'),
        'jane': (kit / '01_sync' / 'test_receive.py')
        .read_text('utf-8')
        .replace(
            "send_to_client.assert_called_once_with('PONG', 'data')",
            "while send_to_client.call_args.args != ('PONG', 'data'):\n            pass",
        ),
        'carol': 'import os\n\nos._exit(0)\n',
        'dan': 'while True:\n    pass\n',
        'eve': b'\xff\n',
        'ian': 'import unittest\n\n\nclass Test(unittest.TestCase):\n'
        "    def test(self):\n        self.fail('\\udcff')\n",
        'frank': None,
    }
    for name, text in submissions.items():
        (room / name).mkdir()
        if text is not None:
            text = text.encode() if isinstance(text, str) else text
            (room / name / 'test_receive.py').write_bytes(text)
    command = [sys.executable, '-m', 'helpers.grader.classroom', str(room)]
    ended = subprocess.run(command, cwd=kit, encoding='utf-8', capture_output=True)
    assert (ended.returncode, ended.stderr) == (0, '')
    assert '100%' in ended.stdout
    assert '1 solved' in ended.stdout

    def rows(name):
        with (room / name).open(encoding='utf-8-sig', newline='') as file:
            return list(csv.DictReader(file))

    grades = {row['learner']: row['01_sync'] for row in rows('grades.csv')}
    assert grades['alice'] == 'solved'
    assert grades['bob b'].startswith('bugs: 12 of 13 caught.')
    assert 'ended the whole process' in grades['carol']
    assert re.search('line [12]: stuck', grades['dan'])
    assert 'UTF-8' in grades['eve']
    assert 'stuck once the code is wrong' in grades['jane']
    assert grades['frank'] == grades['harry'] == 'nothing handed in'
    assert grades["'=gina"].endswith('there is submission/test_receive.py')
    bugs = {row['learner']: row['01_sync: The PONG comes back empty'] for row in rows('bugs.csv')}
    assert bugs['alice'] == 'test_ping'
    assert bugs['bob b'] == 'missed'
    assert bugs['carol'] == ''
    assert bugs['jane'] == ''  # it got no further
    assert rows('missed.csv')[0] == {
        'exercise': '01_sync',
        'bug': 'The PONG comes back empty',
        'missed by': '1',
    }


@pytest.mark.parametrize('wrong', ['missing', 'empty'])
def test_grade_without_learners(kit, wrong):
    (kit / 'empty').mkdir()
    command = [sys.executable, '-m', 'helpers.grader.classroom', wrong]
    ended = subprocess.run(command, cwd=kit, text=True, capture_output=True)
    assert (ended.returncode, ended.stdout) == (2, '')
    assert wrong in ended.stderr


def test_ctrl_c_while_a_room_is_graded(start, tmp_path):
    for name in 'alice', 'bob', 'carol':
        (tmp_path / 'room' / name).mkdir(parents=True)
        (tmp_path / 'room' / name / 'test_receive.py').write_text(HANGS, encoding='utf-8')
    process = start('helpers.grader.classroom', str(tmp_path / 'room'))
    status, (_, errors), workers = interrupt(process)
    assert (status, errors) == (130, '')
    assert not psutil.wait_procs(workers, timeout=10)[1]

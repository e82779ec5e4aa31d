"""Tests of what the grader's command does to a learner's files, run in this process.

test_commands.py starts the commands as a learner does.
"""

import json
import re
import shutil
from pathlib import Path

import pytest

from helpers.grader.__main__ import main
from helpers.grader.exercises import Exercise
from helpers.kit import ROOT

SOLUTION = ROOT / '01_sync' / 'test_receive.py'


def started(stage):
    """Start an exercise of the copy, as its command does."""
    exercise = Exercise(Path(stage, '.exercise').resolve())
    exercise.start()
    return exercise


def solved_but_for(old, new):
    """Return the solution of stage 1, with the first of some passages replaced."""
    text = SOLUTION.read_text(encoding='utf-8')
    assert old in text
    return text.replace(old, new, 1)


def test_reset_and_solution_keep_the_learners_file(kit_here, run_here):
    exercise = started('03_asyncio')
    mine = exercise.work / 'test_async_receive.py'
    for text, option in ('first', '--reset'), ('second', '--solution'):
        mine.write_text(text, encoding='utf-8')
        status, output, _ = run_here(main, '03_asyncio/.exercise', option)
        assert re.search(r'old\d_test_async_receive', output)
    assert status == 0
    kept = {path.read_text(encoding='utf-8') for path in exercise.work.glob('old*')}
    assert kept == {'first', 'second'}


@pytest.mark.parametrize(
    ('stage', 'name'),
    [
        ('01_sync', 'test_receive.py'),
        ('02_greenlet', 'green.py'),
        ('03_asyncio', 'test_async_receive.py'),
    ],
)
def test_reports_that_the_starter_was_edited_instead_of_the_copy(kit_here, run_here, stage, name):
    started(stage)
    shutil.copy(kit_here / stage / name, kit_here / stage / '.exercise')
    _, output, _ = run_here(main, f'{stage}/.exercise', '--json')
    next_step = json.loads(output)['next']
    starter = Path(stage, '.exercise', name)
    assert next_step.startswith(f'You edited the starter, {starter}.')
    assert f'git checkout -- {starter}' in next_step
    assert str(Path(stage, 'my_work', name)) in next_step


def test_each_hint_request_gives_one_more(kit_here, run_here):
    exercise = started('01_sync')
    text = solved_but_for("('PONG', 'data')", '(mock.ANY, mock.ANY)')
    exercise.submission.write_text(text, encoding='utf-8')
    hints = [run_here(main, '01_sync/.exercise', '--hint')[1] for _ in range(3)]
    for count, shown in enumerate(hints):
        assert f'The line: {Path("01_sync", "receive.py")}, line 14.' in shown
        assert ('The symptom: ' in shown) == (count >= 1)
        assert ("+        send_to_client('PONG', None)" in shown) == (count >= 2)
    assert 'The PONG comes back empty' not in hints[0]


def test_solved_exercise_is_ticked_and_names_the_solution_and_the_next_lesson(kit_here, run_here):
    _, shown, _ = run_here(main, '01_sync/.exercise', '--solution')
    assert str(Path('01_sync', 'test_receive.py')) in shown
    assert '02_greenlet/README.md' in shown
    _, shown, _ = run_here(main, '03_asyncio/.exercise')
    assert '✔ 01_sync  · 02_greenlet  ▶ 03_asyncio' in shown


def test_readme_shows_the_verdict_as_it_is(kit_here, run_here, monkeypatch):
    never_asserted = "        send_to_client.assert_called_once_with('MESSAGE', 'my response')\n"
    exercise = started('01_sync')
    exercise.submission.write_text(solved_but_for(never_asserted, ''), encoding='utf-8')
    monkeypatch.setenv('COLUMNS', '90')
    _, shown, _ = run_here(main, '01_sync/.exercise')
    readme = (ROOT / 'README.md').read_text(encoding='utf-8')
    (block,) = re.findall('```text\n(Exercise.*?)```', readme, re.DOTALL)
    lines = [line.rstrip().replace('\\', '/') for line in shown.splitlines()]
    assert block.splitlines() == lines[: block.count('\n')]


def test_reports_that_my_work_cannot_be_written(kit_here, run_here):
    (kit_here / '01_sync' / 'my_work').write_text('a file', encoding='utf-8')
    status, output, errors = run_here(main, '01_sync/.exercise')
    assert (status, output, errors.count('\n')) == (2, '', 1)
    assert 'cannot write to 01_sync' in errors


@pytest.mark.parametrize(
    'garbage', ['{', '[]', '{"solved": 1, "hints": {"The line": "a"}}', '[' * 9999]
)
def test_ignores_garbage_in_the_saved_progress(kit_here, run_here, garbage):
    exercise = started('01_sync')
    (exercise.work / '.progress.json').write_text(garbage, encoding='utf-8')
    _, shown, _ = run_here(main, '01_sync/.exercise', '--hint')
    assert 'Ask again for another hint' in shown


def test_reports_an_internal_error_as_not_the_learners_mistake(kit_here, run_here):
    source = kit_here / '01_sync' / 'receive.py'
    source.write_text(source.read_text('utf-8').replace('PONG', 'PANG'), encoding='utf-8')
    status, _, errors = run_here(main, '01_sync/.exercise', '--tests', SOLUTION)
    assert status == 3
    assert 'not your mistake' in errors
    status, output, _ = run_here(main, '01_sync/.exercise', '--tests', SOLUTION, '--json')
    assert status == 3
    assert 'not your mistake' in json.loads(output)['error']


@pytest.mark.parametrize(
    'wrong',
    [
        [],
        ['99'],
        ['0'],
        ['01_sync', '--fast'],
        ['01_sync', '--tests'],
        ['01', '--tests', 'x', '--hint'],
    ],
)
def test_reports_a_usage_error_in_one_line_or_in_json(run_here, wrong):
    status, output, errors = run_here(main, *wrong)
    assert (status, output, errors.count('\n')) == (2, '', 1)
    assert '--help' in errors
    status, output, errors = run_here(main, '--json', *wrong)
    assert (status, errors) == (2, '')
    assert '--help' in json.loads(output)['error']

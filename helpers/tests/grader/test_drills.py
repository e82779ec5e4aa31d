"""Tests of the drills, the warm-up and the final check: what they promise, and their commands."""

import ast
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from helpers.grader import drill as drill_command
from helpers.grader import report
from helpers.grader.exercises import DRILLS, FINAL, Exercise, find
from helpers.grader.grade import grade
from helpers.kit import ROOT, copy_kit

ALL = [*DRILLS.values(), *FINAL.values()]
NAMES = [exercise.name for exercise in ALL]
NUMBERED = [exercise for exercise in ALL if exercise.name[0].isdigit()]


def written(path):
    """Return the lines of a file of code that are not blank."""
    return [line for line in path.read_text(encoding='utf-8').splitlines() if line.strip()]


@pytest.mark.parametrize('exercise', ALL, ids=NAMES)
def test_solution_is_solved_and_starter_is_not(exercise):
    file = exercise.written[exercise.tests]
    verdict = grade(exercise, file.solution)
    assert verdict.solved, (verdict.gates, verdict.next)
    assert [bug.name for bug in verdict.bugs] == [bug.name for bug in exercise.bugs]
    starter = grade(exercise, file.starter)
    assert not starter.solved
    assert starter.next


@pytest.mark.parametrize('exercise', ALL, ids=NAMES)
def test_starter_names_the_file_to_edit(exercise):
    file = exercise.written[exercise.tests]
    docstring = ast.get_docstring(ast.parse(file.starter.read_text(encoding='utf-8')))
    path = (exercise.work / file.name).relative_to(ROOT).as_posix()
    assert f'The file to edit is {path}.' in ' '.join(docstring.split())


@pytest.mark.parametrize('exercise', ALL, ids=NAMES)
def test_names_only_pages_that_exist(exercise):
    assert exercise.read
    for page in exercise.read:
        assert (ROOT / page).is_file(), page


@pytest.mark.parametrize('exercise', NUMBERED, ids=[exercise.name for exercise in NUMBERED])
def test_drill_is_small(exercise):
    assert len(written(exercise.source)) <= 30
    assert 5 <= exercise.minutes <= 8
    assert 4 <= len(exercise.bugs) <= 8
    assert len(exercise.hints('passes')) == 3


def test_code_of_each_drill_has_a_name_of_its_own():
    sources = [exercise.source.name for exercise in ALL]
    assert len({*sources}) == len(sources)
    assert not {*sources} & {f'{name}.py' for name in sys.stdlib_module_names}


def test_there_are_drills_a_warm_up_and_a_final_check():
    assert len(NUMBERED) >= 14
    assert [(e.name, e.minutes, len(e.bugs)) for e in FINAL.values()] == [('final_check', 20, 10)]
    assert [(e.name, e.minutes, len(e.bugs)) for e in find('warm_up')] == [('warm_up', 2, 1)]


def test_a_number_or_a_part_of_a_name_finds_a_drill():
    assert [exercise.name for exercise in find('async_with')] == ['06_async_with']
    assert [exercise.name for exercise in find('Async_With')] == ['06_async_with']
    assert [exercise.name for exercise in find('1')] == ['01_sync']
    assert [exercise.name for exercise in find('6', DRILLS)] == ['06_async_with']
    assert len(find('async')) > 1
    assert find('no such drill') == []


def run(kit, *arguments):
    """Run a command of the grader in a copy of the kit."""
    return subprocess.run(
        [sys.executable, '-m', *arguments],
        cwd=kit,
        encoding='utf-8',
        capture_output=True,
    )


@pytest.fixture(scope='module')
def used_kit(tmp_path_factory):
    """Return a copy of the kit in which the first drill has been solved."""
    kit = copy_kit(tmp_path_factory.mktemp('used') / 'the kit')
    ended = run(kit, 'helpers.grader.drill', '--solution')
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return kit


def test_drill_offers_the_next_one_that_is_not_solved(used_kit):
    ended = run(used_kit, 'helpers.grader.drill')
    assert ended.returncode == 1
    first = ended.stdout.splitlines()[0].replace('\\', '/')
    assert first.startswith('Created 03_asyncio/my_work/01_did_it_run/test_')
    assert f'Drill 1 of {len(NUMBERED)}' in ended.stdout
    assert 'read: 03_asyncio/recipes/' in ended.stdout


def test_starter_of_a_drill_runs_by_itself(used_kit):
    run(used_kit, 'helpers.grader.drill', 'called_or_awaited')
    work = used_kit / '03_asyncio/my_work/02_called_or_awaited'
    ended = run(used_kit, 'pytest', str(work))
    assert ' passed' in ended.stdout, ended.stdout


def test_lists_the_drills_and_what_is_solved(used_kit):
    ended = run(used_kit, 'helpers.grader.drill', '--list')
    assert ended.returncode == 0
    for exercise in ALL:
        assert exercise.name in ended.stdout
    assert f'1 of {len(DRILLS)} drills are solved. Next: nox -s drill -- 01' in ended.stdout
    assert '✔ │ warm_up' in ended.stdout


@pytest.mark.parametrize(
    ('arguments', 'says'),
    [
        (['helpers.grader.drill', 'asynk_with'], "unknown exercise 'asynk_with'"),
        (['helpers.grader.drill', 'async'], "'async' may be any of 03"),
        (['helpers.grader.drill', 'helpers'], 'has no exercise.toml'),
        (['helpers.grader', 'final_check', '--hint'], 'the final check gives no hints'),
    ],
)
def test_refuses_what_it_cannot_grade(used_kit, arguments, says):
    ended = run(used_kit, *arguments)
    assert ended.returncode == 2
    assert says in ended.stderr
    assert ended.stderr.count('\n') == 1


def test_json_of_a_drill_has_the_keys_of_an_exercise(used_kit):
    ended = run(used_kit, 'helpers.grader.drill', 'warm_up', '--json')
    verdict = json.loads(ended.stdout)
    assert verdict['exercise'] == 'warm_up'
    assert verdict['solved'] is True


SUBMISSIONS = tomllib.loads(
    Path(__file__).with_name('submissions').joinpath('drills.toml').read_text(encoding='utf-8')
)


@pytest.mark.parametrize(
    'submission', SUBMISSIONS['submission'], ids=[s['name'] for s in SUBMISSIONS['submission']]
)
def test_reports_what_a_hand_in_does_and_a_next_step(submission, tmp_path):
    drill = DRILLS[submission.get('drill', '01_did_it_run')]
    path = tmp_path / drill.tests
    begins = '' if 'drill' in submission else SUBMISSIONS['begins']
    path.write_text(begins + submission['text'], encoding='utf-8')
    verdict = grade(drill, path)
    failed = next(gate for gate in verdict.gates if not gate.passed)
    said = f'{failed.message}\n{verdict.next}'
    assert failed.name == submission['gate'], said
    assert [part for part in submission['says'] if part not in said] == [], said


def test_a_mock_that_makes_coroutines_is_named_as_the_cause(tmp_path):
    drill = DRILLS['05_sync_and_async_methods']
    verdict = grade(drill, drill.written[drill.tests].starter)
    failed = next(gate for gate in verdict.gates if not gate.passed)
    assert 'uses what a mock has returned, and that is a coroutine' in failed.message
    assert 'a mock.Mock' in verdict.next


def test_gives_the_hints_of_a_drill_once_and_then_those_of_the_bug(used_kit):
    hints = []
    for _ in range(4):
        ended = run(used_kit, 'helpers.grader.drill', '03', '--hint')
        hints.append(ended.stdout)
    assert 'Ask again for the line with the bug.' in hints[2]
    assert 'The line: 03_asyncio' in hints[3].replace('\\', '/')
    assert '`called` is true' not in hints[3]


def test_final_check_says_how_many_are_caught_and_not_which(tmp_path):
    (final,) = FINAL.values()
    starter = grade(final, final.written[final.tests].starter)
    failed = next(gate for gate in starter.gates if not gate.passed)
    assert failed.name in ('branches', 'bugs')
    if failed.name == 'bugs':
        assert failed.message.endswith('of 10 caught.')
        assert 'no hints' in starter.next


def test_says_what_comes_after_the_last_drill(monkeypatch):
    class AllSolved:
        solved = True

        def __init__(self, exercise):
            """Know that it is solved."""

    monkeypatch.setattr(report, 'Progress', AllSolved)
    monkeypatch.setattr(drill_command, 'Progress', AllSolved)
    assert report.command_after(NUMBERED[-1]) == 'nox -s final'
    assert drill_command.next_drill() is None


def test_an_exercise_outside_the_kit_works_in_its_own_folder(tmp_path):
    exercise = Exercise(tmp_path / 'my exercise')
    assert exercise.work == tmp_path / 'my exercise' / 'my_work'
    assert exercise.command == f'nox -s drill -- "{tmp_path / "my exercise"}"'


def question(page):
    """Return what a page or a recipe is about: its heading, or the first line of its docstring."""
    first = page.read_text(encoding='utf-8').splitlines()[0]
    return first.removeprefix('# ').strip('"')


def test_page_lists_every_drill_with_its_minutes_and_what_explains_it():
    page = (ROOT / '03_asyncio' / 'drills' / 'README.md').read_text(encoding='utf-8')
    for exercise in NUMBERED:
        number = exercise.name.partition('_')[0]
        explained = exercise.read[0].removeprefix('03_asyncio/')
        link = f'[{question(ROOT / exercise.read[0])}](../{explained})'
        row = f'| {number} | {exercise.title} | {exercise.minutes} | {link} |'
        assert row in page, row

"""Tests of what the exercises promise: starters, solutions, bugs."""

import ast
import re
import shutil
import sys

import pytest

from helpers.grader.exercise_file import ExerciseError
from helpers.grader.exercises import EXERCISES, Exercise
from helpers.grader.grade import grade
from helpers.kit import ROOT

GRADES_TESTS = ['01_sync', '03_asyncio']


def write_solution(stage, folder):
    """Write the solution of an exercise to a folder; return what to hand in."""
    exercise = EXERCISES[stage]
    for name in exercise.written:
        (folder / name).write_text(exercise.written[name].solved(), encoding='utf-8')
    return folder if len(exercise.written) > 1 else folder / exercise.tests


def reference_tests(stage):
    """Return the text of the solution, and the first and last line of each of its tests."""
    text = EXERCISES[stage].written[EXERCISES[stage].tests].solved()
    lines = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith('test_'):
            first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
            lines[node.name] = (first, node.end_lineno)
    return text, lines


@pytest.mark.parametrize(
    ('stage', 'gate', 'message'),
    [
        ('01_sync', 'passes', 'what should receive() do with a packet of type FOO?'),
        ('02_greenlet', 'patched', 'block: _thread.start_new_thread, time.sleep, select.select.'),
        ('03_asyncio', 'helpers', '_run(coro) should run a coroutine to completion'),
    ],
)
def test_starter_fails_the_first_gate_that_is_the_learners_to_pass(stage, gate, message, tmp_path):
    exercise = EXERCISES[stage]
    for name in exercise.written:
        shutil.copy(exercise.folder / name, tmp_path)
    submission = tmp_path if len(exercise.written) > 1 else tmp_path / exercise.tests
    verdict = grade(EXERCISES[stage], submission)
    failed = next(gate for gate in verdict.gates if not gate.passed)
    assert failed.name == gate
    assert message in failed.message
    assert verdict.next


@pytest.mark.parametrize('stage', EXERCISES)
def test_solution_passes_all_gates(stage, tmp_path):
    verdict = grade(EXERCISES[stage], write_solution(stage, tmp_path))
    assert verdict.solved, verdict
    assert all(bug.name and bug.caught_by for bug in verdict.bugs)
    assert len(verdict.bugs) == {'01_sync': 13, '02_greenlet': 0, '03_asyncio': 16}[stage]


@pytest.mark.parametrize('exercise', EXERCISES.values(), ids=EXERCISES)
def test_every_gate_has_hints(exercise):
    assert {*exercise.gates} - {'bugs'} == {*exercise.data['hints']}


@pytest.mark.parametrize('stage', GRADES_TESTS)
def test_every_bug_compiles_and_differs_from_all_others(stage):
    exercise = EXERCISES[stage]
    correct, *others = exercise.correct
    trees = {ast.dump(ast.parse(variant.text)) for variant in (correct, *others, *exercise.bugs)}
    assert len(trees) == 1 + len(others) + len(exercise.bugs)
    assert len({bug.name for bug in exercise.bugs}) == len(exercise.bugs)


@pytest.mark.parametrize('stage', GRADES_TESTS)
def test_refuses_a_bug_whose_line_is_no_longer_in_the_code(stage, tmp_path):
    shutil.copytree(ROOT / stage, tmp_path / stage)
    exercise = Exercise(tmp_path / stage / '.exercise')
    source = tmp_path / stage / EXERCISES[stage].source.name
    text = source.read_text(encoding='utf-8')
    source.write_text(text.replace("'PONG'", "'pong'"), encoding='utf-8')
    with pytest.raises(ExerciseError, match='`old` in .* occurs 0 times'):
        exercise.bugs  # noqa: B018


@pytest.mark.parametrize(
    ('stage', 'test'),
    [(stage, test) for stage in GRADES_TESTS for test in reference_tests(stage)[1]],
)
def test_notices_that_one_test_of_the_solution_is_missing(stage, test, tmp_path):
    text, tests = reference_tests(stage)
    first, last = tests[test]
    lines = text.splitlines(keepends=True)
    lines[first - 1 : last] = ['    pass\n']  # or its class would be empty
    submission = write_solution(stage, tmp_path)
    (tmp_path / EXERCISES[stage].tests).write_text(''.join(lines), encoding='utf-8')
    verdict = grade(EXERCISES[stage], submission)
    failed = next(gate.name for gate in verdict.gates if not gate.passed)
    assert failed in ('branches', 'bugs')


def green(text, folder):
    """Grade a green.py, and return its verdict, and the gate that it fails, if any."""
    submission = folder / 'green.py'
    submission.write_text(text, encoding='utf-8')
    verdict = grade(EXERCISES['02_greenlet'], submission)
    failed = [gate for gate in verdict.gates if gate.passed is False]
    return verdict, failed[0] if failed else None


def replace_once(text, old, new):
    """Replace a passage that a text has exactly once."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def test_reports_one_mistake_of_the_green_starter_after_the_other(tmp_path):
    text = (EXERCISES['02_greenlet'].folder / 'green.py').read_text(encoding='utf-8')
    verdict, failed = green(text, tmp_path)
    assert failed.name == 'patched'
    assert 'Under gevent, some calls still come from the standard library' in failed.message
    assert 'socket.socket from gevent, _thread.start_new_thread from _thread' in verdict.next
    text = replace_once(text, 'monkey.patch_socket()', 'monkey.patch_all()')
    verdict, failed = green(text, tmp_path)
    assert failed.name == 'patched'
    assert 'Under eventlet, some calls' in failed.message
    assert 'select.select from select' in verdict.next
    text = replace_once(text, 'eventlet.monkey_patch\n', 'eventlet.monkey_patch()\n')
    verdict, failed = green(text, tmp_path)
    assert failed.name == 'patched'
    assert 'Patched too late: under gevent, server and receive were' in failed.message
    assert 'time.sleep was still the original when server and receive' in verdict.next
    text = replace_once(text, 'import server\n\n\n', '')
    text = replace_once(text, '    ctrl_c()\n', '    ctrl_c()\n    import server\n')
    verdict, failed = green(text, tmp_path)
    assert verdict.solved, failed


@pytest.mark.parametrize(
    ('old', 'new', 'gate', 'says', 'never'),
    [
        pytest.param(
            "if given.arguments[:1] != ['-m']:",
            'if given.arguments is not None:',
            'found',
            ['before it ran the module that follows -m', 'unrecognized arguments: -m'],
            r'\w{64}',  # the token of the worker
            id='-m ignored',
        ),
        pytest.param(
            "    sys.path.insert(0, str(kit / '01_sync'))\n",
            '',
            'tests',
            ['the server does not start', 'No module named', 'server'],
            'pytest',
            id='path of 01_sync forgotten',
        ),
        pytest.param(
            'eventlet.monkey_patch()',
            'eventlet.monkey_patch(select=False)',
            'patched',
            ['Under eventlet', 'block: select.select', 'select.select from select'],
            r'ctrl_c\(\)',
            id='eventlet select not patched',
        ),
        pytest.param(
            '    interrupt_main_on_ctrl_c()\n',
            '',
            'tests',
            ['Ctrl-C does not end the server quietly', 'after Ctrl-C; it should be 130'],
            r'ctrl_c\(\)',
            id='Ctrl-C not handled',
        ),
        pytest.param(
            '    interrupt_main_on_ctrl_c()\n',
            '    interrupt_main_on_ctrl_c()\n    print("hello")\n',
            'tests',
            ["the server prints 'hello'", 'should print nothing'],
            'monkey',
            id='prints',
        ),
        pytest.param(
            'if framework == ',
            'if "gevent" == ',
            'patched',
            ['Asked for eventlet, green.py has patched with gevent'],
            'standard library',
            id='always gevent',
        ),
    ],
)
def test_reports_what_a_green_does_and_not_the_answer(tmp_path, old, new, gate, says, never):
    text = replace_once(EXERCISES['02_greenlet'].written['green.py'].solved(), old, new)
    verdict, failed = green(text, tmp_path)
    assert failed.name == gate
    said = f'{failed.message} {verdict.next}'
    assert [part for part in says if part not in said] == [], said
    assert not re.search(never, said), said


def test_reports_what_a_green_prints_even_where_pipes_are_not_utf_8(tmp_path, monkeypatch):
    # As on Windows, where cp1252 has no check mark; here it is ASCII.
    for name, value in ('PYTHONUTF8', '0'), ('PYTHONCOERCECLOCALE', '0'), ('LC_ALL', 'C'):
        monkeypatch.setenv(name, value)
    text = EXERCISES['02_greenlet'].written['green.py'].solved()
    old = '    interrupt_main_on_ctrl_c()\n'
    verdict, failed = green(replace_once(text, old, f"{old}    print('✔')\n"), tmp_path)
    assert failed.name == 'tests', failed
    assert "the server prints '✔'" in failed.message
    verdict, failed = green(replace_once(text, old, f"{old}    sys.exit('Grün')\n"), tmp_path)
    assert failed.name == 'found', failed
    assert failed.message.endswith('Grün')


def test_a_green_and_its_server_do_not_get_the_pipe_of_the_supervisor(tmp_path):
    text = EXERCISES['02_greenlet'].written['green.py'].solved()
    old = '    interrupt_main_on_ctrl_c()\n'
    verdict, failed = green(replace_once(text, old, f'{old}    sys.stdin.read()\n'), tmp_path)
    assert verdict.solved, failed


@pytest.mark.skipif(sys.platform == 'win32', reason='the selector there does not block')
def test_reports_a_server_that_blocks(tmp_path):
    # socketserver takes its selector when it is imported: only a client that waits can show it.
    text = EXERCISES['02_greenlet'].written['green.py'].solved()
    text = replace_once(text, 'import signal\n', 'import signal\nimport socketserver\n')
    verdict, failed = green(text, tmp_path)
    assert [gate.passed for gate in verdict.gates] == [True, True, False, None]
    assert 'Measured under' in verdict.next
    assert 'imported before the patch' in EXERCISES['02_greenlet'].hints('tests')[1]


@pytest.mark.parametrize('exercise', EXERCISES.values(), ids=EXERCISES)
def test_recorded_digests_of_the_starter_are_current(exercise):
    for file in exercise.written.values():
        assert file.sha256 == file.digest(), file.name
    assert exercise.edited_starters() == []


@pytest.mark.parametrize('exercise', EXERCISES.values(), ids=EXERCISES)
def test_starter_names_the_file_to_edit(exercise):
    for file in exercise.written.values():
        docstring = ast.get_docstring(ast.parse(file.starter.read_text(encoding='utf-8')))
        assert f'The file to edit is {exercise.name}/my_work/{file.name}.' in docstring

"""Tests of what the exercises promise: starters, solutions, bugs."""

import ast
import dataclasses
import shutil

import pytest

from helpers.grader.exercises import EXERCISES, ROOT, GraderError
from helpers.grader.grade import grade

GRADES_TESTS = ['01_sync', '03_asyncio']


def write_solution(stage, folder):
    """Write the solution of an exercise to a folder; return what to hand in."""
    exercise = EXERCISES[stage]
    for name in exercise.solution:
        (folder / name).write_text(exercise.solved(name), encoding='utf-8')
    return folder if len(exercise.solution) > 1 else folder / exercise.tests


def reference_tests(stage):
    """Return the text of the reference, and the first and last line of each of its tests."""
    text = EXERCISES[stage].solved(EXERCISES[stage].tests)
    return text, {
        node.name: (node.decorator_list[0] if node.decorator_list else node, node)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name.startswith('test_')
    }


@pytest.mark.parametrize(
    ('stage', 'gate', 'message'),
    [
        ('01_sync', 'passes', 'what should receive() do with a packet of type FOO?'),
        ('02_greenlet', 'patched', 'blocks: threads, time.sleep.'),
        ('03_asyncio', 'helpers', '_run(coro) should run a coroutine to its end'),
    ],
)
def test_the_starter_begins_the_exercise(stage, gate, message, tmp_path):
    exercise = EXERCISES[stage]
    for name in exercise.solution:
        shutil.copy(exercise.folder / name, tmp_path)
    submission = tmp_path if len(exercise.solution) > 1 else tmp_path / exercise.tests
    verdict = grade(stage, submission)
    failed = next(gate for gate in verdict.gates if not gate.passed)
    assert failed.name == gate
    assert message in failed.message
    assert verdict.next


@pytest.mark.parametrize('stage', EXERCISES)
def test_the_solution_passes_all_gates(stage, tmp_path):
    verdict = grade(stage, write_solution(stage, tmp_path))
    assert verdict.solved, verdict
    assert all(bug.name and bug.caught_by for bug in verdict.bugs)
    assert len(verdict.bugs) == {'01_sync': 13, '02_greenlet': 0, '03_asyncio': 16}[stage]


@pytest.mark.parametrize('exercise', EXERCISES.values(), ids=EXERCISES)
def test_each_gate_has_hints(exercise):
    assert {*exercise.gates} - {'bugs'} == {*exercise.hints}


@pytest.mark.parametrize('stage', GRADES_TESTS)
def test_every_bug_compiles_and_differs(stage):
    exercise = EXERCISES[stage]
    correct, *others = exercise.correct
    trees = {ast.dump(ast.parse(variant.text)) for variant in (correct, *others, *exercise.bugs)}
    assert len(trees) == 1 + len(others) + len(exercise.bugs)
    assert len({bug.name for bug in exercise.bugs}) == len(exercise.bugs)


@pytest.mark.parametrize('stage', GRADES_TESTS)
def test_a_bug_whose_line_has_changed_is_an_error(stage, tmp_path, monkeypatch):
    shutil.copytree(ROOT / stage, tmp_path / stage)
    monkeypatch.setattr('helpers.grader.exercises.ROOT', tmp_path)
    exercise = dataclasses.replace(EXERCISES[stage])  # without what it has read
    source = exercise.source
    text = source.read_text(encoding='utf-8')
    source.write_text(text.replace("'PONG'", "'pong'"), encoding='utf-8')
    with pytest.raises(GraderError, match='PONG'):
        exercise.bugs  # noqa: B018


@pytest.mark.parametrize(
    ('stage', 'test'),
    [(stage, test) for stage in GRADES_TESTS for test in reference_tests(stage)[1]],
)
def test_no_reference_test_can_be_spared(stage, test, tmp_path):
    text, tests = reference_tests(stage)
    first, last = tests[test]
    lines = text.splitlines(keepends=True)
    lines[first.lineno - 1 : last.end_lineno] = ['    pass\n']  # or its class would be empty
    submission = write_solution(stage, tmp_path)
    (tmp_path / EXERCISES[stage].tests).write_text(''.join(lines), encoding='utf-8')
    verdict = grade(stage, submission)
    failed = next(gate.name for gate in verdict.gates if not gate.passed)
    assert failed in ('branches', 'bugs')


def test_each_mistake_of_the_green_starter_is_told(tmp_path):
    solved = (EXERCISES['02_greenlet'].folder / 'green.py').read_text(encoding='utf-8')
    mended = {
        'With gevent, this still comes from the standard library': (
            'monkey.patch_socket()',
            'monkey.patch_all()',
        ),
        'With eventlet': ('eventlet.monkey_patch\n', 'eventlet.monkey_patch()\n'),
        'Patched too late: server and receive': ('import server\n\n\n', ''),
    }
    submission = tmp_path / 'green.py'
    for message, (mistake, right) in mended.items():
        submission.write_text(solved, encoding='utf-8')
        verdict = grade('02_greenlet', submission)
        assert message in verdict.gates[1].message
        solved = solved.replace(mistake, right)
    submission.write_text(
        solved.replace('    ctrl_c()\n', '    ctrl_c()\n    import server\n'), 'utf-8'
    )
    assert grade('02_greenlet', submission).solved


def test_a_green_that_blocks_is_told(tmp_path):
    # gevent's own name comes first, so only what happens can tell that server came too early.
    text = (EXERCISES['02_greenlet'].folder / 'green.py').read_text(encoding='utf-8')
    text = text.replace('import server\n', 'import eventlet, gevent.monkey, server\n')
    text = text.replace('patch_socket()', 'patch_all()').replace(
        'monkey_patch\n', 'monkey_patch()\n'
    )
    submission = tmp_path / 'green.py'
    submission.write_text(text, encoding='utf-8')
    verdict = grade('02_greenlet', submission)
    assert [gate.passed for gate in verdict.gates] == [True, True, False, None]
    assert 'imported before the patch' in verdict.next

"""The grader beside pytest, which measures coverage only, and mutmut, which plants bugs as well."""

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from helpers.grader.exercises import EXERCISES, ROOT, Exercise
from helpers.grader.grade import grade
from helpers.grader.watch import saves
from helpers.measure.bench.measure import BenchError, Part, Way, run

MUTMUT = '[mutmut]\nsource_paths=receive.py\npytest_add_cli_args_test_selection=test_receive.py\n'
ALONE = {'PYTEST_DISABLE_PLUGIN_AUTOLOAD': '1'}  # the bench's environment has more than it needs


def _ways(folder: Path) -> Iterator[Way]:
    for exercise in EXERCISES.values():
        if not exercise.grades_tests:
            continue
        stage = exercise.stage
        solution = folder / stage
        solution.mkdir()
        for name in exercise.solution:
            (solution / name).write_text(exercise.solved(name), encoding='utf-8')
        shutil.copy(exercise.source, solution)
        submission = solution if len(exercise.solution) > 1 else solution / exercise.tests
        yield Way('pytest --cov --cov-branch', stage, partial(_pytest, exercise, solution))
        yield Way('the grader, its command', stage, partial(_command, stage, submission))
        yield Way('the grader, after a save', stage, partial(_save, stage, submission))
        if stage == '01_sync' and os.name == 'posix':  # mutmut needs fork
            (solution / 'setup.cfg').write_text(MUTMUT, encoding='utf-8')
            yield Way('mutmut run', stage, partial(_mutmut, solution))


def _pytest(exercise: Exercise, folder: Path) -> float:
    options = ['-q', f'--cov={exercise.source.stem}', '--cov-branch', '-pno:cacheprovider']
    command = [sys.executable, '-m', 'pytest', '-ppytest_cov.plugin', exercise.tests, *options]
    return run(command, folder, **ALONE)[0]


def _command(stage: str, submission: Path) -> float:
    command = [sys.executable, '-m', 'helpers.grader', stage, '--json', '--tests', str(submission)]
    return run(command, ROOT)[0]


def _mutmut(folder: Path) -> float:
    shutil.rmtree(folder / 'mutants', ignore_errors=True)
    return run([sys.executable, '-m', 'mutmut', 'run'], folder, **ALONE)[0]


def _save(stage: str, submission: Path) -> float:
    """Save a hand-in that is watched as `nox -s watch` does; return the seconds to the verdict."""
    saved = submission / EXERCISES[stage].tests if submission.is_dir() else submission
    begun, end = threading.Event(), threading.Event()

    def solved() -> bool:
        for changed in saves(submission, end=end):
            begun.set()
            if saved in changed:
                return grade(stage, submission).solved
        return False

    with ThreadPoolExecutor(1) as pool:
        verdict = pool.submit(solved)
        verdict.add_done_callback(lambda _: begun.set())  # should it fail to begin
        try:
            begun.wait()
            start = time.perf_counter()
            saved.write_bytes(saved.read_bytes())
            if not verdict.result():
                raise BenchError(f'{stage}: the grader does not accept the solution')
            return time.perf_counter() - start
        finally:
            end.set()


PARTS = (
    Part('The tests of a stage checked, from the command or the save to the result', 's', 7, _ways),
)

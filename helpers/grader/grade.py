"""Grade one submission: the code that the command, watch and classroom all use."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from helpers.grader.exercises import Exercise, display_path
from helpers.grader.gates import Grading, pass_gates
from helpers.grader.gates_of_green import GreenGrading
from helpers.grader.gates_of_tests import TestsGrading
from helpers.grader.progress import Progress
from helpers.grader.supervisor import scratch_tree
from helpers.grader.verdict import Gate, Verdict


def ignore_gate(gate: str) -> None:
    """Do nothing: for callers that show no progress."""


def grade(
    exercise: Exercise,
    submission: Path | None = None,
    on_gate: Callable[[str], None] = ignore_gate,
) -> Verdict:
    """Return the verdict on a submission, or on the working copy; call on_gate at each gate.

    Raises ExerciseError if exercise.toml is wrong, and GraderError if the kit itself is broken.
    """
    start = time.perf_counter()
    verdict = Verdict(exercise.name, [Gate(name) for name in exercise.gates], [])
    path = submission or exercise.submission
    if len(exercise.written) == 1:
        files = {exercise.tests: path}
    else:
        files = {name: path / name for name in exercise.written}
    grading: Grading
    if exercise.grades_tests:
        grading = TestsGrading(exercise, files, verdict)
    else:
        grading = GreenGrading(exercise, files, verdict)
    with scratch_tree(exercise, files) as tree, contextlib.ExitStack() as workers:
        grading.start(tree, workers)
        pass_gates(grading, on_gate)
    own = [exercise.written[name].is_solution(path) for name, path in files.items()]
    verdict.identical = verdict.solved and all(own)
    verdict.seconds = time.perf_counter() - start
    if submission is None:
        progress = Progress(exercise)
        progress.solved = verdict.solved
        progress.save()
        edited = exercise.edited_starters()
        if edited and not verdict.solved:
            verdict.next = _edited_starter(exercise, edited[0])
    return verdict


def _edited_starter(exercise: Exercise, path: Path) -> str:
    starter = display_path(path)
    copy = display_path(exercise.work / path.name)
    return (
        f'You edited the starter, {starter}. The grader reads {copy}: copy your changes there, '
        f'then restore the starter: git checkout -- {starter}'
    )

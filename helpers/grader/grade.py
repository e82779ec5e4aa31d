"""Grade one hand-in: the one way that the command, watch and grade all go."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from helpers.grader.exercises import EXERCISES
from helpers.grader.gates import Grading, pass_gates
from helpers.grader.gates_of_green import GreenGrading
from helpers.grader.gates_of_tests import TestsGrading
from helpers.grader.progress import Progress
from helpers.grader.supervisor import scratch_tree
from helpers.grader.verdict import Gate, Verdict


def grade(
    stage: str, submission: Path | None = None, tell: Callable[[str], None] = lambda gate: None
) -> Verdict:
    """Return the verdict on a hand-in, or on the working copy; tell is called at each gate.

    Raises GraderError if the kit itself is at fault.
    """
    exercise = EXERCISES[stage]
    start = time.perf_counter()
    verdict = Verdict(stage, [Gate(name) for name in exercise.gates], [])
    path = submission or exercise.submission
    single = len(exercise.solution) == 1
    files = {name: path if single else path / name for name in exercise.solution}
    way = TestsGrading if exercise.grades_tests else GreenGrading
    grading: Grading = way(exercise, files, verdict)
    with scratch_tree(exercise, files) as tree, contextlib.ExitStack() as workers:
        grading.start(tree, workers)
        pass_gates(grading, tell)
    verdict.seconds = time.perf_counter() - start
    if submission is None:
        progress = Progress(exercise)
        progress.solved = verdict.solved
        progress.save()
    return verdict

"""What the gates of all exercises have in common."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from helpers.grader.exercises import Exercise
from helpers.grader.supervisor import MAX_BYTES, WorkerDied
from helpers.grader.verdict import GateFailed, Verdict


class Grading(Protocol):
    """One submission being graded: a method per gate returns a message, or raises GateFailed."""

    verdict: Verdict

    def start(self, tree: Path, stack: contextlib.ExitStack) -> None:
        """Start what runs the submission, in a scratch tree."""

    def ended(self, ended: WorkerDied) -> GateFailed:
        """Return what to say if that ends before its work is done."""


def pass_gates(grading: Grading, on_gate: Callable[[str], None]) -> None:
    """Take a submission through its gates, and write the results into its verdict."""
    for gate in grading.verdict.gates:
        on_gate(gate.name)
        try:
            gate.message = getattr(grading, gate.name)()
            gate.passed = True
            continue
        except GateFailed as error:
            failure = error
        except WorkerDied as ended:
            failure = grading.ended(ended)
        gate.passed = False
        gate.message = str(failure)
        grading.verdict.next = grading.verdict.next or failure.next_step
        if failure.stop:
            return


def check_file(path: Path, exercise: Exercise) -> None:
    """Raise GateFailed unless the path is a UTF-8 text file of a reasonable size."""
    name = path.name
    if path.parent.is_file():
        raise GateFailed(
            f'{path.parent.name} is a file; two are asked for.',
            f'Hand in a folder with {" and ".join(exercise.written)}.',
        )
    if path.parent == exercise.work:
        next_step = f'Write it, or start over: {exercise.command_with("--reset")}'
    else:
        next_step = 'Check the path.'
    if path.is_dir():
        raise GateFailed(f'{name} is a folder, not a file.', 'Put a Python file in its place.')
    if not path.is_file():
        raise GateFailed(f'There is no {name}.', next_step)
    if path.stat().st_size > MAX_BYTES:
        raise GateFailed(
            f'{name} has more than {MAX_BYTES:,} bytes.', 'Hand in only what you wrote.'
        )
    content = path.read_bytes()
    if not content.strip():
        raise GateFailed(f'{name} is empty.', next_step)
    try:
        content.decode('utf-8')
    except UnicodeDecodeError as error:
        line = content.count(b'\n', 0, error.start) + 1
        raise GateFailed(f'{name}, line {line}: not UTF-8.', 'Save it as UTF-8.') from None
    if b'\0' in content:
        raise GateFailed(
            f'{name} contains NUL bytes, so it is not text.', 'Save it as text, in UTF-8.'
        )

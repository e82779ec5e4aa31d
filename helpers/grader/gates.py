"""What the gates of all exercises have in common."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from helpers.grader.exercises import Exercise
from helpers.grader.supervisor import MAX_BYTES, WorkerDied
from helpers.grader.verdict import GateFailed, Verdict


class Grading(Protocol):
    """One hand-in on its way: a method for each gate returns a message, or raises GateFailed."""

    verdict: Verdict

    def start(self, tree: Path, stack: contextlib.ExitStack) -> None:
        """Start what runs the hand-in, in a scratch tree."""

    def ended(self, ended: WorkerDied) -> GateFailed:
        """Return what to say if that ends before its work does."""


def pass_gates(grading: Grading, tell: Callable[[str], None]) -> None:
    """Take a hand-in through its gates, and write what happens into its verdict."""
    for gate in grading.verdict.gates:
        tell(gate.name)
        try:
            gate.message = getattr(grading, gate.name)()
            gate.passed = True
            continue
        except GateFailed as error:
            failure = error
        except WorkerDied as ended:
            failure = grading.ended(ended)
        gate.passed, gate.message = False, str(failure)
        grading.verdict.next = grading.verdict.next or failure.next_step
        if failure.stop:
            return


def check_file(path: Path, exercise: Exercise) -> None:
    """Raise GateFailed unless there is a text in UTF-8, of a reasonable size."""
    if path.parent.is_file():
        raise GateFailed(
            f'{path.parent.name} is a file; two are asked for.',
            f'Hand in a folder with {" and ".join(exercise.solution)}.',
        )
    name, begin = path.name, 'Is the path right?'
    if path.parent == exercise.work:
        begin = f'Write it, or begin again: {exercise.command} -- --reset'
    if path.is_dir():
        raise GateFailed(f'{name} is a folder, not a file.', 'Put a Python file in its place.')
    if not path.is_file():
        raise GateFailed(f'There is no {name}.', begin)
    if path.stat().st_size > MAX_BYTES:
        raise GateFailed(
            f'{name} has more than {MAX_BYTES:,} bytes.', 'Hand in what you wrote, alone.'
        )
    content = path.read_bytes()
    if not content.strip():
        raise GateFailed(f'{name} is empty.', begin)
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b'\n', 0, error.start) + 1
        raise GateFailed(f'{name}, line {line}: this is not UTF-8.', 'Save it as UTF-8.') from None
    if b'\0' in content:
        raise GateFailed(f'{name} has NUL bytes in it: it is no text.', 'Save it as UTF-8.')

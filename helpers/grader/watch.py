"""Grade again on every save: `python -m helpers.grader.watch`."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.live import Live
from rich.text import Text
from watchfiles import watch

from helpers.cli import Parser, console, quiet_on_ctrl_c
from helpers.grader.command import find_exercise
from helpers.grader.exercise_file import ExerciseError
from helpers.grader.exercises import EXERCISES, Exercise, all_exercises
from helpers.grader.grade import grade
from helpers.grader.progress import Progress
from helpers.grader.report import progress_line, render

CLOSING = Text('\nGrades again on every save. Stop with Ctrl-C.', 'dim')


@quiet_on_ctrl_c
def main() -> None:
    """Show the verdict on the exercise last saved, until Ctrl-C."""
    parser = Parser(prog='nox -s watch --', description=__doc__)
    parser.add_argument(
        'exercise',
        nargs='?',
        metavar='NAME',
        type=find_exercise,
        help='the exercise or drill to begin with; without it, the first exercise not solved yet',
    )
    given = parser.parse_args()
    current: Exercise = given.exercise or _current()
    try:
        current.check_files()
    except ExerciseError as error:
        parser.error(str(error))
    for exercise in EXERCISES.values():
        exercise.start()
    current.start()
    exercises = [*all_exercises(), current]
    # A drill's folder is inside that of its stage, which is watched with all that is in it.
    folders = [exercise.work for exercise in (*EXERCISES.values(), current)]
    with Live(console=console(), screen=True, auto_refresh=False) as live:
        changes = saves(*folders)
        next(changes)  # it watches now: a save during the first grading is not lost
        _show(live, current)
        for saved in changes:
            for exercise in exercises:
                if any(exercise.work / name in saved for name in exercise.written):
                    _show(live, exercise)
                    break


def saves(*folders: Path, end: threading.Event | None = None) -> Iterator[set[Path]]:
    """Yield the files that are saved; regularly none, the first time as soon as it watches."""
    for changes in watch(
        *folders,
        debounce=200,  # milliseconds: when an editor saves, it makes several changes
        step=20,
        rust_timeout=100,
        yield_on_timeout=True,
        raise_interrupt=True,
        stop_event=end,
    ):
        yield {Path(path) for _, path in changes}


def _current() -> Exercise:
    """Return the first exercise that is not solved, or the last one."""
    for exercise in EXERCISES.values():
        if not Progress(exercise).solved:
            break
    return exercise


def _show(live: Live, exercise: Exercise) -> None:
    def show_gate(gate: str) -> None:
        _draw(live, progress_line(exercise), Text(f'\n  grading: {gate}', 'dim'))

    show_gate('...')
    try:
        verdict = grade(exercise, on_gate=show_gate)
        _draw(live, render(exercise, verdict, None))
    except ExerciseError as error:
        _draw(live, Text(str(error)))
    except Exception as error:
        what = f'This is not your mistake: the grader failed. {type(error).__name__}: {error}'
        _draw(live, Text(what))


def _draw(live: Live, *parts: RenderableType) -> None:
    live.update(Group(*parts, CLOSING), refresh=True)


if __name__ == '__main__':
    sys.exit(main())

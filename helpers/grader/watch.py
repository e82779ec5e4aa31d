"""Grade again at every save: `python -m helpers.grader.watch`."""

from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text
from watchfiles import watch

from helpers.command import Parser
from helpers.grader.exercises import EXERCISES, Exercise
from helpers.grader.grade import grade
from helpers.grader.progress import Progress
from helpers.grader.report import render, where_one_stands

# Milliseconds: an editor's save is several changes, which are over in that time.
PACE: Any = {'debounce': 200, 'step': 20}
CLOSING = Text('\nGrades again at every save. Ctrl-C ends it.', 'dim')


def main() -> None:
    """Show the verdict on the exercise last saved, until Ctrl-C."""
    parser = Parser(prog='python -m helpers.grader.watch', description=__doc__)
    parser.parse_args()
    for exercise in EXERCISES.values():
        exercise.start()
    console = Console(highlight=False)
    with Live(console=console, screen=True, auto_refresh=False) as live:
        try:
            _show(live, _current())
            folders = {exercise.work: exercise for exercise in EXERCISES.values()}
            for changes in watch(*folders, **PACE):
                saved = [Path(path) for _, path in changes]
                for folder, exercise in folders.items():
                    if any(path in _written(folder, exercise) for path in saved):
                        _show(live, exercise)
        except KeyboardInterrupt:
            pass


def _written(folder: Path, exercise: Exercise) -> list[Path]:
    return [folder / name for name in exercise.solution]


def _current() -> Exercise:
    """Return the first exercise that is not solved, or the last one."""
    exercises = list(EXERCISES.values())
    return next((e for e in exercises if not Progress(e).solved), exercises[-1])


def _show(live: Live, exercise: Exercise) -> None:
    def tell(gate: str) -> None:
        _draw(live, where_one_stands(exercise.stage), Text(f'\n  grading: {gate}', 'dim'))

    tell('...')
    _draw(live, render(grade(exercise.stage, tell=tell), None))


def _draw(live: Live, *parts: RenderableType) -> None:
    live.update(Group(*parts, CLOSING), refresh=True)


if __name__ == '__main__':
    main()

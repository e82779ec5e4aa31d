"""Grade again at every save: `python -m helpers.grader.watch`."""

import threading
from collections.abc import Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.live import Live
from rich.text import Text
from watchfiles import watch

from helpers.cli import Parser, console, handle_sigint
from helpers.grader.exercises import EXERCISES, Exercise
from helpers.grader.grade import grade
from helpers.grader.progress import Progress
from helpers.grader.report import progress_line, render

CLOSING = Text('\nGrades again at every save. Ctrl-C ends it.', 'dim')


def main() -> None:
    """Show the verdict on the exercise last saved, until Ctrl-C."""
    parser = Parser(prog='nox -s watch --', description=__doc__)
    parser.parse_args()
    handle_sigint('SIGTERM', 'SIGHUP')
    for exercise in EXERCISES.values():
        exercise.start()
    with Live(console=console(), screen=True, auto_refresh=False) as live:
        try:
            files = {e.work / name: e.stage for e in EXERCISES.values() for name in e.solution}
            first = {_current().stage}
            for saved in saves(*(exercise.work for exercise in EXERCISES.values())):
                for stage in first or {files[path] for path in saved if path in files}:
                    _show(live, EXERCISES[stage])
                first = set()
        except KeyboardInterrupt:
            pass


def saves(*folders: Path, end: threading.Event | None = None) -> Iterator[set[Path]]:
    """Yield the files that are saved; now and then none, the first time as soon as it watches."""
    for changes in watch(
        *folders,
        debounce=200,  # milliseconds: an editor's save is several changes
        step=20,
        rust_timeout=100,
        yield_on_timeout=True,
        raise_interrupt=True,
        stop_event=end,
    ):
        yield {Path(path) for _, path in changes}


def _current() -> Exercise:
    """Return the first exercise that is not solved, or the last one."""
    exercises = list(EXERCISES.values())
    return next((e for e in exercises if not Progress(e).solved), exercises[-1])


def _show(live: Live, exercise: Exercise) -> None:
    def tell(gate: str) -> None:
        _draw(live, progress_line(exercise.stage), Text(f'\n  grading: {gate}', 'dim'))

    tell('...')
    try:
        _draw(live, render(grade(exercise.stage, tell=tell), None))
    except Exception as error:
        _draw(live, Text(f'Our mistake, not yours: {type(error).__name__}: {error}'))


def _draw(live: Live, *parts: RenderableType) -> None:
    live.update(Group(*parts, CLOSING), refresh=True)


if __name__ == '__main__':
    main()

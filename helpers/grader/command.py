"""What the commands that grade one exercise share: their options, and what they print."""

import argparse
import contextlib
import importlib.util
import json
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from helpers import cli
from helpers.grader.exercise_file import ExerciseError
from helpers.grader.exercises import DRILLS, EXERCISES, Exercise, display_path, find
from helpers.grader.progress import Progress
from helpers.grader.verdict import Verdict


class GraderParser(cli.Parser):
    """A Parser that reports a usage error as JSON if the command line asks for JSON."""

    def error(self, message: str) -> NoReturn:
        """Print the message and exit with status 2."""
        if '--json' not in sys.argv:
            super().error(message)
        _print_error('', f'{message} (--help shows the options)')
        sys.exit(2)


def find_drill(text: str) -> Exercise:
    """Return the drill that the command line names; a number is that of a drill."""
    return find_exercise(text, DRILLS)


def find_exercise(text: str, numbered: dict[str, Exercise] = EXERCISES) -> Exercise:
    """Return the exercise that the command line names."""
    if (Path(text) / 'exercise.toml').is_file():
        return Exercise(Path(text).resolve())
    found = find(text, numbered)
    if len(found) == 1:
        return found[0]
    if found:
        names = ', '.join(exercise.name for exercise in found)
        raise argparse.ArgumentTypeError(f'{text!r} may be any of {names}: which one?')
    if Path(text).is_dir():
        raise argparse.ArgumentTypeError(
            f'{text} has no exercise.toml. To make one: nox -s new_exercise -- "{text}" MODULE.py'
        )
    raise argparse.ArgumentTypeError(
        f'unknown exercise {text!r}: use {", ".join(EXERCISES)}, a drill (nox -s drill -- --list), '
        'or a folder with an exercise.toml'
    )


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that every exercise has."""
    parser.add_argument(
        '--tests',
        type=Path,
        metavar='PATH',
        help='what to grade instead of the working copy: the file that the exercise asks for, or '
        'the folder if it asks for several',
    )
    parser.add_argument('--json', action='store_true', help='print one JSON object')
    alternatives = parser.add_mutually_exclusive_group()
    alternatives.add_argument(
        '--hint', action='store_true', help='give a hint; each call gives one more'
    )
    alternatives.add_argument(
        '--reset', action='store_true', help='start over; your file is kept next to the new one'
    )
    alternatives.add_argument(
        '--solution',
        action='store_true',
        help='catch up: write the solution; your file is kept next to it',
    )


def run(parser: GraderParser, given: Any, exercise: Exercise) -> int:
    """Do to an exercise what the command line says, and return the exit status."""
    try:
        _check(parser, given, exercise)
        notes = list(_prepare(given, exercise))
    except ExerciseError as error:
        if exercise.of_the_kit:
            _print_internal_error(given, exercise, error)
            return 3
        parser.error(str(error))
    except OSError as error:
        parser.error(f'cannot write to {display_path(exercise.work)}: {error}')
    try:
        return _grade_and_print(notes, given, exercise)
    except KeyboardInterrupt:
        if given.json:
            _print_error(exercise.name, 'interrupted')
        raise
    except Exception as error:
        if isinstance(error, ExerciseError) and not exercise.of_the_kit:
            parser.error(str(error))
        with contextlib.suppress(OSError):  # the reader of the output has gone
            _print_internal_error(given, exercise, error)
        return 3


def _check(parser: GraderParser, given: Any, exercise: Exercise) -> None:
    """Refuse what cannot be done, before anything is written."""
    if given.tests and (given.hint or given.reset or given.solution):
        parser.error('--hint, --reset and --solution are for the working copy: leave out --tests')
    if given.json and given.hint:
        parser.error('--hint is for people: leave out --json')
    if given.hint and exercise.final:
        parser.error('the final check gives no hints: leave out --hint')
    needed = ['pytest', 'coverage', 'psutil', *exercise.data.get('plugins', [])]
    if not given.json:
        needed.append('rich')
    check_installed(parser, needed, exercise.command)
    exercise.check_files()


def check_installed(parser: cli.Parser, needed: list[str], command: str) -> None:
    """Refuse to go on without some packages, which a command installs."""
    missing = [name for name in needed if not importlib.util.find_spec(name)]
    if missing:
        parser.error(
            f'not installed: {", ".join(missing)}. Run {command}, which installs what '
            'it needs (the first time with a network)'
        )


def _prepare(given: Any, exercise: Exercise) -> Iterator[str]:
    """Create the working copy as requested; yield a sentence about each file."""
    if given.tests:
        return
    if given.reset or given.solution:
        Progress(exercise).forget()
        for path, kept in exercise.replace(given.solution):
            note = f'Created {display_path(path)}.'
            if kept:
                note += f' Your file is now {display_path(kept)}.'
            yield note
        return
    for path in exercise.start():
        yield f'Created {display_path(path)}. That is the file to edit.'


def _grade_and_print(notes: list[str], given: Any, exercise: Exercise) -> int:
    from helpers.grader.grade import grade  # only once it is clear that everything is installed

    if given.json:
        verdict = grade(exercise, given.tests)
        print(json.dumps(verdict.as_json()), flush=True)
        return verdict.status

    for note in notes:
        print(note, flush=True)
    with Status() as status:
        verdict = grade(exercise, given.tests, status.show)
    from helpers.grader import report

    console = cli.console()
    console.print(report.render(exercise, verdict, given.tests))
    if given.hint and not verdict.solved:
        console.print(report.hint(exercise, verdict))
    return verdict.status


class Status:
    """The line that shows which gate is graded."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self.shown = contextlib.ExitStack()
        self.line: Any = None

    def __enter__(self) -> 'Status':
        return self

    def __exit__(self, *exception: object) -> None:
        self.shown.close()

    def show(self, gate: str) -> None:
        """Show that a gate is graded; the first time, this takes a while."""
        # rich is imported only now: meanwhile the worker, which has been started, imports pytest.
        if self.line is None:
            self.line = self.shown.enter_context(cli.console().status('grading'))
        self.line.update(f'grading: {gate}')


def internal_error(error: Exception) -> str:
    """Return what to say about an error of the grader's own."""
    what = 'This is not your mistake: the grader itself failed. Please report this:'
    return f'{what}\nPython {sys.version}\n{"".join(traceback.format_exception(error))}'


def _print_internal_error(given: Any, exercise: Exercise, error: Exception) -> None:
    text = internal_error(error)
    if given.json:
        _print_error(exercise.name, text)
    else:
        print(text, file=sys.stderr)


def _print_error(exercise: str, error: str) -> None:
    print(json.dumps(Verdict(exercise, [], [], error=error).as_json()))

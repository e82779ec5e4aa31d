"""The command `python -m helpers.grader`."""

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
from helpers.grader.exercises import EXERCISES, Exercise, display_path
from helpers.grader.progress import Progress
from helpers.grader.verdict import Verdict

DESCRIPTION = """Grade the tests that a learner has written, or a green.py for stage 2.

Without --tests, it grades the working copy, such as 01_sync/my_work, and creates it first if
necessary. Exit status: 0 solved, 1 not yet, 2 usage error, 3 internal error, 130 Ctrl-C.
"""


class GraderParser(cli.Parser):
    """A Parser that reports a usage error as JSON if the command line asks for JSON."""

    def error(self, message: str) -> NoReturn:
        """Print the message and exit with status 2."""
        if '--json' not in sys.argv:
            super().error(message)
        _print_error('', f'{message} (--help shows the options)')
        sys.exit(2)


@cli.quiet_on_ctrl_c
def main() -> int:
    """Do what the command line says and return the exit status."""
    parser = _parser()
    given = parser.parse_args()
    if given.tests and (given.hint or given.reset or given.solution):
        parser.error('--hint, --reset and --solution are for the working copy: leave out --tests')
    if given.json and given.hint:
        parser.error('--hint is for people: leave out --json')
    needed = ['pytest', 'coverage', 'psutil']
    if not given.json:
        needed.append('rich')
    missing = [name for name in needed if not importlib.util.find_spec(name)]
    if missing:
        parser.error(
            f'not installed: {", ".join(missing)}. Run {given.stage.command}, which installs what '
            'it needs (the first time with a network)'
        )
    try:
        notes = list(_prepare(given, given.stage))
    except OSError as error:
        parser.error(f'cannot write to {display_path(given.stage.work)}: {error}')
    try:
        return _grade_and_print(notes, given, given.stage)
    except KeyboardInterrupt:
        if given.json:
            _print_error(given.stage.stage, 'interrupted')
        raise
    except Exception as error:
        with contextlib.suppress(OSError):  # the reader of the output has gone
            _print_internal_error(given, error)
        return 3


def _parser() -> GraderParser:
    parser = GraderParser(
        prog='python -m helpers.grader', description=DESCRIPTION, allow_abbrev=False
    )
    parser.add_argument('stage', metavar='STAGE', help=', '.join(EXERCISES), type=_stage)
    parser.add_argument(
        '--tests',
        type=Path,
        metavar='PATH',
        help='what to grade: a file of tests (01), a green.py (02), or a folder with my_helpers.py '
        'and test_async_receive.py (03)',
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
    return parser


def _stage(text: str) -> Exercise:
    for exercise in EXERCISES.values():
        if text in (exercise.stage, exercise.stage[:2], str(exercise.number)):
            return exercise
    raise argparse.ArgumentTypeError(f'unknown stage {text!r}: use {", ".join(EXERCISES)}')


def _grade_and_print(notes: list[str], given: Any, exercise: Exercise) -> int:
    from helpers.grader.grade import grade  # only once it is clear that everything is installed

    if given.json:
        verdict = grade(exercise.stage, given.tests)
        print(json.dumps(verdict.as_json()), flush=True)
        return verdict.status
    from helpers.grader import report

    console = cli.console()
    for note in notes:
        console.print(note, style='bold', soft_wrap=True)
    with console.status('grading') as status:

        def show_gate(gate: str) -> None:
            status.update(f'grading: {gate}')

        verdict = grade(exercise.stage, given.tests, show_gate)
    console.print(report.render(verdict, given.tests))
    if given.hint and not verdict.solved:
        console.print(report.hint(verdict))
    return verdict.status


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


def _print_internal_error(given: Any, error: Exception) -> None:
    what = 'This is not your mistake: the grader itself failed. Please report this:'
    text = f'{what}\nPython {sys.version}\n{"".join(traceback.format_exception(error))}'
    if given.json:
        _print_error(given.stage.stage, text)
    else:
        print(text, file=sys.stderr)


def _print_error(stage: str, error: str) -> None:
    print(json.dumps(Verdict(stage, [], [], error=error).as_json()))


if __name__ == '__main__':
    sys.exit(main())

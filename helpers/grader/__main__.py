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
from helpers.cli import Parser, handle_sigint
from helpers.grader.exercises import EXERCISES, Exercise, display_path
from helpers.grader.progress import Progress
from helpers.grader.verdict import Verdict

DESCRIPTION = """Grade the tests that a learner has written, or for stage 2 a green.py.

Without --tests it grades the working copy, 01_sync/my_work and the like, and makes it first if it
is not there. Exit status: 0 solved, 1 not yet, 2 a wrong call, 3 the grader's own fault, 130
Ctrl-C.
"""


class Call(Parser):
    """The arguments; what is wrong with them is told in the form that was asked for."""

    def error(self, message: str) -> NoReturn:
        """Print the message and exit with status 2."""
        if '--json' not in sys.argv:
            super().error(message)
        _print_error('', f'{message} (--help shows the options)')
        sys.exit(2)


def main() -> int:
    """Do what the command line says and return the exit status."""
    parser = Call(prog='python -m helpers.grader', description=DESCRIPTION, allow_abbrev=False)
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
    alternatives.add_argument('--hint', action='store_true', help='a hint; one more at each call')
    alternatives.add_argument(
        '--reset', action='store_true', help='begin again; your file is kept beside the new one'
    )
    alternatives.add_argument(
        '--solution',
        action='store_true',
        help='catch up: put the solution in place, keep your file',
    )
    given = parser.parse_args()
    if given.tests and (given.hint or given.reset or given.solution):
        parser.error('--hint, --reset and --solution are for the working copy: leave out --tests')
    if given.json and given.hint:
        parser.error('--hint is for people: leave out --json')
    needed = ['pytest', 'coverage', 'psutil'] + ([] if given.json else ['rich'])
    if missing := [name for name in needed if not importlib.util.find_spec(name)]:
        parser.error(
            f'{", ".join(missing)} not installed here; {given.stage.command} installs it, '
            'and needs a network to do so'
        )
    handle_sigint('SIGTERM', 'SIGHUP')
    try:
        told = list(_prepare(given, given.stage))
    except OSError as error:
        parser.error(f'cannot write to {display_path(given.stage.work)}: {error}')
    try:
        return _grade_and_tell(told, given, given.stage)
    except KeyboardInterrupt:
        if given.json:
            _print_error(given.stage.stage, 'interrupted')
        return 130
    except Exception as error:
        with contextlib.suppress(OSError):  # nobody listens any more
            _our_mistake(given, error)
        return 3


def _stage(text: str) -> Exercise:
    found = [e for e in EXERCISES.values() if text in (e.stage, e.stage[:2], str(e.number))]
    if not found:
        raise argparse.ArgumentTypeError(f'{text!r} is none of {", ".join(EXERCISES)}')
    return found[0]


def _grade_and_tell(told: list[str], given: Any, exercise: Exercise) -> int:
    from helpers.grader.grade import grade  # not before it is clear that all is installed

    if given.json:
        verdict = grade(exercise.stage, given.tests)
        print(json.dumps(verdict.as_json()), flush=True)
        return verdict.status
    from helpers.grader import report

    console = cli.console()
    for line in told:
        console.print(line, style='bold', soft_wrap=True)
    with console.status('grading') as status:
        verdict = grade(exercise.stage, given.tests, lambda gate: status.update(f'grading: {gate}'))
    console.print(report.render(verdict, given.tests))
    if given.hint and not verdict.solved:
        console.print(report.hint(verdict))
    return verdict.status


def _prepare(given: Any, exercise: Exercise) -> Iterator[str]:
    """Make the working copy as asked; yield what to tell about it."""
    if given.tests:
        return
    if given.reset or given.solution:
        Progress(exercise).forget()
        for path, kept in exercise.replace(given.solution):
            yield f'{display_path(path)} is new.' + (
                f' Yours is kept: {display_path(kept)}' if kept else ''
            )
    elif made := exercise.start():
        yield f'Your file to write: {", ".join(map(display_path, made))}'


def _our_mistake(given: Any, error: Exception) -> None:
    what = 'Our mistake, not yours: the grader itself failed. Please report this:'
    text = f'{what}\nPython {sys.version}\n{"".join(traceback.format_exception(error))}'
    if given.json:
        _print_error(given.stage.stage, text)
    else:
        print(text, file=sys.stderr)


def _print_error(stage: str, error: str) -> None:
    print(json.dumps(Verdict(stage, [], [], error=error).as_json()))


if __name__ == '__main__':
    sys.exit(main())

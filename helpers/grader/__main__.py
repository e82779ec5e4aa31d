"""The command `python -m helpers.grader`."""

import sys

from helpers.cli import quiet_on_ctrl_c
from helpers.grader.command import GraderParser, add_options, find_exercise, run
from helpers.grader.exercises import EXERCISES

DESCRIPTION = """Grade the tests that a learner has written, or another exercise.

Without --tests, it grades the working copy, in a folder my_work, and creates it first if necessary.
Exit status: 0 solved, 1 not yet, 2 usage error, 3 internal error, 130 Ctrl-C.
"""


@quiet_on_ctrl_c
def main() -> int:
    """Do what the command line says and return the exit status."""
    parser = GraderParser(
        prog='python -m helpers.grader', description=DESCRIPTION, allow_abbrev=False
    )
    names = ', '.join(EXERCISES)
    parser.add_argument(
        'exercise',
        metavar='STAGE_OR_FOLDER',
        help=f'{names}; the name of a drill; or any folder with an exercise.toml',
        type=find_exercise,
    )
    add_options(parser)
    given = parser.parse_args()
    return run(parser, given, given.exercise)


if __name__ == '__main__':
    sys.exit(main())

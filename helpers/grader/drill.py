"""Drills, one after the other: `python -m helpers.grader.drill`."""

import sys

from rich.table import Table
from rich.text import Text

from helpers.cli import MARKS, console, quiet_on_ctrl_c
from helpers.grader.command import GraderParser, add_options, find_drill, run
from helpers.grader.exercises import DRILLS, FINAL, Exercise
from helpers.grader.progress import Progress

DESCRIPTION = """Grade a drill: a small exercise in testing asynchronous code.

Without NAME, it is the first drill that is not solved yet. A part of its name is enough. NAME may
also be any folder with an exercise.toml.
"""


@quiet_on_ctrl_c
def main() -> int:
    """Do what the command line says and return the exit status."""
    parser = GraderParser(prog='nox -s drill --', description=DESCRIPTION, allow_abbrev=False)
    parser.add_argument('drill', nargs='?', metavar='NAME', type=find_drill, help='which drill')
    parser.add_argument('--list', action='store_true', help='list all drills and what is solved')
    add_options(parser)
    given = parser.parse_args()
    if given.list:
        console().print(_table(), _summary())
        return 0
    drill = given.drill or next_drill()
    if drill is None:
        console().print(_summary())
        return 0
    return run(parser, given, drill)


def next_drill() -> Exercise | None:
    """Return the first drill that is not solved, or None if all are."""
    for drill in DRILLS.values():
        if not Progress(drill).solved:
            return drill
    return None


def _table() -> Table:
    table = Table('', 'drill', 'about', 'minutes')
    for drill in [*DRILLS.values(), *FINAL.values()]:
        solved = Progress(drill).solved
        mark = Text(MARKS[True], 'green') if solved else Text(MARKS[None], 'dim')
        table.add_row(mark, drill.name, drill.title, str(drill.minutes))
    return table


def _summary() -> str:
    """Say how many drills are solved, and what comes next."""
    solved = [drill for drill in DRILLS.values() if Progress(drill).solved]
    drill = next_drill()
    if drill is None:
        return f'All {len(DRILLS)} drills are solved. Next: nox -s final'
    return f'{len(solved)} of {len(DRILLS)} drills are solved. Next: {drill.command}'


if __name__ == '__main__':
    sys.exit(main())

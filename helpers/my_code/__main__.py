"""Plant asynchronous bugs in a module of your own, and see which of them your tests miss.

COMMAND is what runs your tests, in your own environment: .venv/bin/python -m pytest tests. It is
run in a copy of the project; nothing of yours is changed. Exit status: 0 if the tests notice every
bug, 1 if not, 2 if nothing could be tried, 130 after Ctrl-C.
"""

import argparse
import json
import sys
from pathlib import Path

from libcst import ParserSyntaxError

from helpers.cli import Parser, console, quiet_on_ctrl_c
from helpers.my_code import report
from helpers.my_code.bugs import Bug, find_bugs, one_per_line
from helpers.my_code.project import Project, ProjectError, copies, find_project
from helpers.my_code.trial import AT_ONCE, Outcome, plant, try_unchanged

MOST_BUGS = 25
EXAMPLE = 'nox -s my_code -- ../shop/src/shop/cache.py -- ../shop/.venv/bin/python -m pytest'


@quiet_on_ctrl_c
def main() -> int:
    """Plant the bugs, print what the tests missed, and return the exit status."""
    parser = Parser(
        prog='nox -s my_code --',
        usage='%(prog)s [--all] [--slow] [--json] MODULE -- COMMAND ...',
        description=__doc__,
        epilog=f'For example: {EXAMPLE}',
    )
    parser.add_argument('module', metavar='MODULE', type=Path, help='the Python file to try')
    parser.add_argument('--all', action='store_true', help=f'more than {MOST_BUGS} bugs')
    parser.add_argument('--slow', action='store_true', help='even if the tests take long')
    parser.add_argument('--json', action='store_true', help='print one JSON object')
    words, command = split_at_dashes(sys.argv[1:])
    options = parser.parse_args(words)
    if not command:
        parser.error(f'the command that runs your tests is missing, after --: {EXAMPLE}')
    try:
        project = find_project(options.module, command)
        outcomes, silent, never_run = try_tests(project, options)
    except (ParserSyntaxError, RecursionError) as error:
        parser.exit(2, f'{options.module} cannot be parsed as Python: {error}\n')
    except (ProjectError, OSError) as error:
        parser.exit(2, f'{error}\n')
    if options.json:
        print(json.dumps(report.as_json(project, outcomes, silent, never_run), indent=2))
    else:
        screen = console()
        for line in report.lines(project, outcomes, silent, never_run):
            screen.print(line, soft_wrap=True)
    missed = [outcome for outcome in outcomes if not outcome.noticed]
    return 1 if missed else 0


def split_at_dashes(words: list[str]) -> tuple[list[str], list[str]]:
    """Return the words in front of the first --, and those after it."""
    if '--' not in words:
        return words, []
    place = words.index('--')
    return words[:place], words[place + 1 :]


def try_tests(
    project: Project, options: argparse.Namespace
) -> tuple[list[Outcome], list[Bug], list[Bug]]:
    """Return what became of each bug, the bugs kept silent, and those on lines that no test runs.

    Raises ProjectError if the tests cannot be tried.
    """
    bugs = find_bugs(project.text)
    silent = [bug for bug in bugs if bug.silent]
    bugs = [bug for bug in bugs if not bug.silent]
    if not bugs:
        return [], silent, []
    screen = console()
    screen.quiet = options.json
    with copies(project, AT_ONCE) as made:
        with screen.status(f'Running your tests on {project.name} as it is ...'):
            plain = try_unchanged(project, bugs, made, options.slow)
        never_run = [bug for number, bug in enumerate(bugs) if number not in plain.tests]
        reached = {bug: tuple(plain.tests[n]) for n, bug in enumerate(bugs) if n in plain.tests}
        chosen = list(reached)
        if not options.all:
            chosen = one_per_line(chosen)[:MOST_BUGS]
        with report.progress(screen, len(chosen)) as advance:
            outcomes = plant([(bug, reached[bug]) for bug in chosen], plain, made, advance)
    return outcomes, silent, never_run


if __name__ == '__main__':
    sys.exit(main())

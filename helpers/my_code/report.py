"""Says which bugs the tests missed, each with what gets through, and what to do next."""

import contextlib
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from helpers.cli import MARKS
from helpers.my_code.bugs import Bug
from helpers.my_code.project import Project
from helpers.my_code.trial import Outcome

SHOWN_TESTS = 3  # of those that run a line
UNKNOWN_TEST = '(a test whose name is not known, such as one that starts a thread)'


@contextlib.contextmanager
def progress(screen: Console, count: int) -> Iterator[Callable[[Outcome], None]]:
    """Show how many bugs have been tried; yield the function to call after each."""
    columns = (TextColumn('Planting one bug at a time'), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task('', total=count)
        yield lambda _: bar.advance(task)


def lines(
    project: Project, outcomes: list[Outcome], silent: list[Bug], never_run: list[Bug]
) -> Iterator[Text]:
    """Yield what is printed at the end."""
    missed = [outcome for outcome in outcomes if not outcome.noticed]
    for outcome in missed:
        yield from _missed(project, outcome)
        yield Text()
    for outcome in outcomes:
        if outcome.noticed:
            how = 'noticed, since the tests hang' if outcome.hung else 'noticed'
            what = f'  line {outcome.bug.line}, {outcome.bug.kind}: {how}'
            yield Text.assemble((MARKS[True], 'green'), what)
    if silent:
        yield Text(f'Kept silent by a comment: {_line_numbers(silent)}')
    if never_run:
        yield Text(f'Never run by your tests: {_line_numbers(never_run)}')
    yield Text()
    yield Text(_next_step(project, missed, outcomes, never_run))


def _missed(project: Project, outcome: Outcome) -> Iterator[Text]:
    bug = outcome.bug
    yield Text.assemble((MARKS[False], 'red'), f'  {project.name}:{bug.line}  {bug.kind}')
    for line in _dedented(bug.change):
        yield Text(f'     {line}')
    yield Text(f'   {bug.effect}')
    yield Text('   These tests run the line and pass:')
    for test in outcome.tests[:SHOWN_TESTS]:
        yield Text(f'     {test or UNKNOWN_TEST}')
    if len(outcome.tests) > SHOWN_TESTS:
        yield Text(f'     and {len(outcome.tests) - SHOWN_TESTS} more')
    for printed in outcome.printed:
        yield Text(f'   While they passed, Python said: {printed}')


def _dedented(change: tuple[str, ...]) -> list[str]:
    """Return the lines of a diff without the indentation that all of them have."""
    signs = [line[:2] for line in change]
    code = textwrap.dedent('\n'.join(line[2:] for line in change)).splitlines()
    return [f'{sign}{line}' for sign, line in zip(signs, code, strict=True)]


def _line_numbers(bugs: list[Bug]) -> str:
    numbers = sorted({bug.line for bug in bugs})
    return ('line ' if len(numbers) == 1 else 'lines ') + ', '.join(map(str, numbers))


def _next_step(
    project: Project, missed: list[Outcome], outcomes: list[Outcome], never_run: list[Bug]
) -> str:
    if missed:
        line = missed[0].bug.line
        return (
            f'NEXT: Write a test that fails when line {line} of {project.name} is changed like '
            'that. Or say why no test can: end the line with a comment, # my_code: THE REASON'
        )
    if never_run:
        return f'NEXT: Write a test that runs line {never_run[0].line} of {project.name}.'
    if outcomes:
        return f'Your tests notice each of these bugs in {project.name}.'
    return f'{project.name} has no place for any of the bugs that this command knows.'


def as_json(
    project: Project, outcomes: list[Outcome], silent: list[Bug], never_run: list[Bug]
) -> dict[str, Any]:
    """Return what --json prints."""
    return {
        'module': project.name,
        'bugs': [
            {
                'line': outcome.bug.line,
                'kind': outcome.bug.kind,
                'change': list(outcome.bug.change),
                'effect': outcome.bug.effect,
                'noticed': outcome.noticed,
                'hung': outcome.hung,
                'tests': list(outcome.tests),
                'printed': list(outcome.printed),
            }
            for outcome in outcomes
        ],
        'silent': [{'line': bug.line, 'kind': bug.kind, 'reason': bug.silent} for bug in silent],
        'never_run': sorted({bug.line for bug in never_run}),
    }

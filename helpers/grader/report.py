"""How a verdict looks: the renderables that the command prints and watch redraws."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from helpers.cli import MARKS
from helpers.grader.exercises import DRILLS, FINAL, Exercise, display_path
from helpers.grader.progress import Progress
from helpers.grader.verdict import Verdict

GENERAL = 'all bugs'  # the subject of the hints that are given once, before those for a bug
STYLES = {True: 'green', False: 'bold red', None: 'dim'}  # of cli.MARKS


def progress_line(current: Exercise) -> Text:
    """Return the first line: which exercise this is, and how far the series is solved."""
    line = Text.assemble((current.position, 'bold'), '  ')
    if not current.hidden:
        line.append(f'{_title(current)}  ')
    if not current.of_the_kit or current.final:
        return line
    for exercise in current.series:
        # Three stages by their names; as many drills as there are, by their marks alone.
        name = f' {exercise.name}' if exercise.hidden else ''
        gap = '  ' if exercise.hidden else ''
        if Progress(exercise).solved:
            line.append(f'{gap}✔{name}', 'green')
        elif exercise == current:
            line.append(f'{gap}▶{name}', 'bold')
        else:
            line.append(f'{gap}·{name}', 'dim')
    return line


def _title(exercise: Exercise) -> str:
    minutes = f'{exercise.minutes} minutes'
    return minutes if exercise.title == exercise.position else f'{exercise.title}, {minutes}'


def render(exercise: Exercise, verdict: Verdict, submission: Path | None) -> RenderableType:
    """Return a verdict as a person reads it: the gates in order, then the one next step."""
    gates = grid(2)
    for gate in verdict.gates:
        style = STYLES[gate.passed]
        gates.add_row(Text(MARKS[gate.passed], style), Text(gate.name, style), Text(gate.message))
    parts: list[RenderableType] = [
        progress_line(exercise),
        Text(f'Your work: {display_path(submission or exercise.submission)}', 'dim'),
        Padding(gates, (1, 2)),
        *_ending(verdict, exercise, submission is None),
    ]
    # The bugs come last: if the screen is too small, they are what can be missing.
    bugs = _bugs(verdict)
    if bugs.row_count and not verdict.solved and not exercise.final:
        parts.append(Padding(bugs, (1, 2, 0, 2)))
    return Group(*parts)


def _bugs(verdict: Verdict) -> Table:
    """Return a table of the bugs that were caught, and of those that were missed."""
    bugs = grid(1)
    for bug in verdict.bugs:
        if bug.caught_by:
            caught = Text(f'{bug.name}: {", ".join(bug.caught_by)}')
            bugs.add_row(Text(MARKS[True], STYLES[True]), caught)
        elif bug.missed:
            bugs.add_row(Text(MARKS[False], STYLES[False]), Text(bug.missed, 'dim'))
    return bugs


def grid(narrow: int) -> Table:
    """Return a table without lines, whose first columns are as narrow as possible."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(narrow):
        table.add_column(no_wrap=True)
    return table


def _ending(verdict: Verdict, exercise: Exercise, own: bool) -> Iterator[Text]:
    if verdict.solved:
        solution = display_path(exercise.written[exercise.tests].solution)
        yield Text.assemble(('Solved. ', 'bold green'), f'One way to write it: {solution}.')
        yield Text(_after(verdict, exercise))
        return
    missed = [bug for bug in verdict.bugs if bug.missed]
    more = f' The list below has {len(missed) - 1} more.' if len(missed) > 1 else ''
    if exercise.final:
        more = ''
    yield Text.assemble(('NEXT: ', 'bold yellow'), verdict.next, more)
    if own and not exercise.hidden and exercise.read:
        yield Text(f'read: {", ".join(exercise.read)}', 'dim')
    if own and not exercise.final:
        yield Text(f'hint: {exercise.command_with("--hint")}', 'dim')


def _after(verdict: Verdict, exercise: Exercise) -> str:
    """Say what comes after an exercise that is solved; after the last one, what was shown."""
    if exercise.final:
        names = '; '.join(bug.name or '' for bug in verdict.bugs)
        return f'Shown: in code that you had not seen, your tests notice all of these. {names}.'
    if exercise.next:
        kind = 'the lesson ' if exercise.next.endswith('/README.md') else ''
        return f'Next: {kind}{exercise.next}.'
    if exercise.of_the_kit:
        return f'Next: {command_after(exercise)}'
    return f'All {len(exercise.bugs)} bugs are caught.'


def command_after(exercise: Exercise) -> str:
    """Return the command for the first drill that is not solved, or for the final check."""
    for drill in exercise.series:
        if not Progress(drill).solved and drill != exercise:
            return drill.command
    finals = [final.command for final in FINAL.values() if exercise in DRILLS.values()]
    return finals[0] if finals else 'README.md'


def hint(exercise: Exercise, verdict: Verdict) -> RenderableType:
    """Return the hints for what comes next, one more each time they are requested."""
    progress = Progress(exercise)
    subject, hints = _hints(verdict, exercise)
    before = progress.hints.get(subject)
    if not isinstance(before, int):
        before = 0
    given = min(before + 1, len(hints))
    progress.hints[subject] = given
    progress.save()
    left = len(hints) - given
    if left:
        last = f'Ask again for another hint ({left} left).'
    elif subject == GENERAL:
        last = 'Ask again for the line with the bug.'
    elif not exercise.hidden and not verdict.bugs:
        last = 'That was the last hint for now. There are more once your tests pass.'
    else:
        solution = exercise.command_with('--solution')
        last = f'That was the last hint. To write the solution: {solution}'
    return Group(*map(Text, hints[:given]), Text(last, 'dim'))


def _hints(verdict: Verdict, exercise: Exercise) -> tuple[str, list[str]]:
    gate = next(gate for gate in verdict.gates if not gate.passed)
    if gate.name != 'bugs' or verdict.missed is None:
        return gate.message, exercise.hints(gate.name) or [verdict.next]
    bug = exercise.bugs[verdict.missed]
    source = display_path(exercise.source)
    diff = difflib.unified_diff(
        exercise.correct[0].text.splitlines(),
        bug.text.splitlines(),
        source,
        'bug',
        n=1,
        lineterm='',
    )
    general = exercise.hints('bugs')
    if Progress(exercise).hints.get(GENERAL, 0) != len(general):
        return GENERAL, general
    hints = [
        f'The line: {source}, line {bug.lines[0]}.',
        f'The symptom: {bug.symptom}',
        '\n'.join(['The bug:', *diff]),
    ]
    return bug.name, hints

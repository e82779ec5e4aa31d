"""How a verdict looks: the renderables that the command prints and watch redraws."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from helpers.cli import MARKS
from helpers.grader.exercises import EXERCISES, Exercise, display_path
from helpers.grader.progress import Progress
from helpers.grader.verdict import Verdict
from helpers.kit import ROOT

STYLES = {True: 'green', False: 'bold red', None: 'dim'}  # of cli.MARKS


def progress_line(current: str) -> Text:
    """Return the first line: the three exercises, and which one this is."""
    line = Text.assemble((f'Exercise {EXERCISES[current].number} of 3', 'bold'), '  ')
    for stage, exercise in EXERCISES.items():
        if Progress(exercise).solved:
            line.append(f'  ✔ {stage}', 'green')
        elif stage == current:
            line.append(f'  ▶ {stage}', 'bold')
        else:
            line.append(f'  · {stage}', 'dim')
    return line


def render(verdict: Verdict, submission: Path | None) -> RenderableType:
    """Return a verdict as a person reads it: the gates in order, then the one next step."""
    exercise = EXERCISES[verdict.exercise]
    gates = _grid(2)
    for gate in verdict.gates:
        style = STYLES[gate.passed]
        gates.add_row(Text(MARKS[gate.passed], style), Text(gate.name, style), Text(gate.message))
    parts: list[RenderableType] = [
        progress_line(exercise.stage),
        Text(f'Your work: {display_path(submission or exercise.submission)}', 'dim'),
        Padding(gates, (1, 2)),
        *_ending(verdict, exercise, submission is None),
    ]
    # The bugs come last: if the screen is too small, they are what can be missing.
    bugs = _bugs(verdict)
    if bugs.row_count and not verdict.solved:
        parts.append(Padding(bugs, (1, 2, 0, 2)))
    return Group(*parts)


def _bugs(verdict: Verdict) -> Table:
    """Return a table of the bugs that were caught, and of those that were missed."""
    bugs = _grid(1)
    for bug in verdict.bugs:
        if bug.caught_by:
            caught = Text(f'{bug.name}: {", ".join(bug.caught_by)}')
            bugs.add_row(Text(MARKS[True], STYLES[True]), caught)
        elif bug.missed:
            bugs.add_row(Text(MARKS[False], STYLES[False]), Text(bug.missed, 'dim'))
    return bugs


def _grid(narrow: int) -> Table:
    """Return a table without lines, whose first columns are as narrow as possible."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(narrow):
        grid.add_column(no_wrap=True)
    return grid


def _ending(verdict: Verdict, exercise: Exercise, own: bool) -> Iterator[Text]:
    if verdict.solved:
        solution = list(exercise.solution.values())[-1]
        yield Text.assemble(('Solved. ', 'bold green'), f'One way to write it: {solution}.')
        if exercise.number < 3:
            yield Text(f'Next: the lesson {exercise.lesson}.')
        else:
            yield Text('That was the last exercise. For more, see README.md.')
        return
    missed = [bug for bug in verdict.bugs if bug.missed]
    more = f' The list below has {len(missed) - 1} more.' if len(missed) > 1 else ''
    yield Text.assemble(('NEXT: ', 'bold yellow'), verdict.next, more)
    if own:
        yield Text(f'hint: {exercise.command} -- --hint', 'dim')


def hint(verdict: Verdict) -> RenderableType:
    """Return the hints for what comes next, one more each time they are requested."""
    exercise = EXERCISES[verdict.exercise]
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
    else:
        last = f'That was the last hint. To write the solution: {exercise.command} -- --solution'
    return Group(*map(Text, hints[:given]), Text(last, 'dim'))


def _hints(verdict: Verdict, exercise: Exercise) -> tuple[str, list[str]]:
    gate = next(gate for gate in verdict.gates if not gate.passed)
    if gate.name != 'bugs' or verdict.missed is None:
        return gate.message, exercise.hints.get(gate.name, [verdict.next])
    bug = exercise.bugs[verdict.missed]
    source = exercise.source.relative_to(ROOT).as_posix()
    diff = difflib.unified_diff(
        exercise.correct[0].text.splitlines(),
        bug.text.splitlines(),
        source,
        'bug',
        n=1,
        lineterm='',
    )
    hints = [
        f'The line: {source}, line {bug.lines[0]}.',
        f'The symptom: {bug.symptom}',
        '\n'.join(['The bug:', *diff]),
    ]
    return bug.name, hints

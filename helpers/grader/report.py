"""How a verdict looks: the renderables that the command prints and watch redraws."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from helpers.cli import MARKS
from helpers.grader.exercises import EXERCISES, ROOT, Exercise, display_path
from helpers.grader.progress import Progress
from helpers.grader.verdict import Verdict

STYLES = {True: 'green', False: 'bold red', None: 'dim'}  # of cli.MARKS


def progress_line(current: str) -> Text:
    """Return the first line: the three exercises, and which one this is."""
    line = Text.assemble((f'Exercise {EXERCISES[current].number} of 3', 'bold'), '  ')
    for stage, exercise in EXERCISES.items():
        solved = Progress(exercise).solved
        mark = '✔' if solved else '▶' if stage == current else '·'
        style = 'green' if solved else 'bold' if stage == current else 'dim'
        line.append(f'  {mark} {stage}', style)
    return line


def render(verdict: Verdict, submission: Path | None) -> RenderableType:
    """Return a verdict as a person reads it: gates in order, then the one next step."""
    exercise = EXERCISES[verdict.exercise]
    gates = _grid(2)
    for gate in verdict.gates:
        mark, style = MARKS[gate.passed], STYLES[gate.passed]
        gates.add_row(Text(mark, style), Text(gate.name, style), Text(gate.message))
    # The bugs come last: where the screen is too low, they are what can be spared.
    bugs = _grid(1)
    for bug in verdict.bugs:
        caught = bool(bug.caught_by)
        mark, style = MARKS[caught], STYLES[caught]
        if bug.caught_by:
            bugs.add_row(Text(mark, style), Text(f'{bug.name}: {", ".join(bug.caught_by)}'))
        elif bug.missed:
            bugs.add_row(Text(mark, style), Text(bug.missed, 'dim'))
    return Group(
        progress_line(exercise.stage),
        Text(f'Your work: {display_path(submission or exercise.submission)}', 'dim'),
        Padding(gates, (1, 2)),
        *_ending(verdict, exercise, submission is None),
        *([] if verdict.solved or not bugs.row_count else [Padding(bugs, (1, 2, 0, 2))]),
    )


def _grid(narrow: int) -> Table:
    """Return a table without lines, whose first columns are as narrow as they can be."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(narrow):
        grid.add_column(no_wrap=True)
    return grid


def _ending(verdict: Verdict, exercise: Exercise, own: bool) -> Iterator[Text]:
    if verdict.solved:
        first = list(exercise.solution.values())[-1]
        yield Text.assemble(('Solved. ', 'bold green'), f'One way to write it: {first}.')
        if exercise.number < 3:
            yield Text(f'Next: the lesson {exercise.lesson}.')
        else:
            yield Text('That was the last exercise. Back to the map: README.md.')
        return
    yield Text.assemble(('NEXT: ', 'bold yellow'), verdict.next)
    if own:
        yield Text(f'hint: {exercise.command} -- --hint', 'dim')


def hint(verdict: Verdict) -> RenderableType:
    """Return the hints for what comes next, one more each time they are asked for."""
    exercise = EXERCISES[verdict.exercise]
    progress = Progress(exercise)
    what, hints = _hints(verdict, exercise)
    before = progress.hints.get(what)
    given = min(before + 1 if isinstance(before, int) else 1, len(hints))
    progress.hints[what] = given
    progress.save()
    more = len(hints) - given
    last = f'Ask again for one more ({more} left).' if more else _caught_up(exercise)
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
    lines = f'The line: {source}, line {bug.lines[0]}.'
    return bug.name, [lines, f'The symptom: {bug.symptom}', '\n'.join(['The bug:', *diff])]


def _caught_up(exercise: Exercise) -> str:
    return f'That was the last hint. {exercise.command} -- --solution puts the solution in place.'

"""What an exercise needs, before learners see it."""

import re
from dataclasses import dataclass
from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from helpers.cli import MARKS
from helpers.grader.exercise_file import FILE, ExerciseError
from helpers.grader.exercises import Exercise, display_path
from helpers.grader.failure import counted
from helpers.grader.grade import grade
from helpers.grader.report import STYLES, grid
from helpers.grader.skeleton import TODO
from helpers.grader.verdict import Verdict

HINTS = 3  # at least


@dataclass
class Check:
    """One thing that an exercise needs; passed is None if it could not be checked."""

    name: str
    passed: bool | None = None
    message: str = ''
    next_step: str = ''


def check(exercise: Exercise) -> list[Check]:
    """Return what an exercise needs, and whether it is there."""
    not_graded = [Check('bugs'), Check('starter')]
    try:
        first = Check(FILE, True, _contents(exercise))
    except ExerciseError as error:
        wrong = [_wrong(exercise, FILE, error), Check('solution'), *not_graded]
        return [*wrong, _check_texts(exercise), Check('hints'), Check('read')]
    texts = [_check_texts(exercise), _check_hints(exercise), _check_read(exercise)]
    solution = exercise.written[exercise.tests].solution
    starter = exercise.written[exercise.tests].starter
    try:
        verdict = grade(exercise, solution)
        starter_verdict = grade(exercise, starter)
    except ExerciseError as error:
        return [first, _wrong(exercise, 'solution', error), *not_graded, *texts]
    return [
        first,
        _check_solution(verdict, exercise, solution),
        _check_bugs(verdict, exercise),
        _check_starter(starter_verdict, exercise),
        *texts,
    ]


def _wrong(exercise: Exercise, name: str, error: ExerciseError) -> Check:
    """Say what makes an exercise unusable."""
    message = str(error).removeprefix(f'{exercise.folder / FILE}: ')
    command = f'nox -s new_exercise -- "{display_path(exercise.folder)}"'
    return Check(name, False, message, f'Do that, and run {command}')


def _contents(exercise: Exercise) -> str:
    """Say what exercise.toml has; raise ExerciseError if it is wrong, or names what is missing."""
    data = exercise.data
    if 'runs' in data or 'write' in data:
        raise ExerciseError('`write` and `runs` are for the stages of the kit: remove them.')
    exercise.check_files()
    bugs = counted(len(exercise.bugs), 'bug')
    if len(exercise.correct) == 1:
        return f'{exercise.source.name}, {bugs}'
    return f'{exercise.source.name} in {len(exercise.correct)} shapes, {bugs}'


def _check_solution(verdict: Verdict, exercise: Exercise, solution: Path) -> Check:
    """Check that the solution passes all gates, except for the last."""
    *gates, _ = verdict.gates
    failed = [gate for gate in gates if not gate.passed]
    if not failed:
        return Check('solution', True, f'passes the gates {", ".join(gate.name for gate in gates)}')
    if _lines_to_write(solution):
        next_step = f'Write the tests in {_inside(exercise, solution)}.'
        return Check('solution', False, 'is still to be written', next_step)
    return Check('solution', False, f'{failed[0].name}: {failed[0].message}', verdict.next)


def _check_bugs(verdict: Verdict, exercise: Exercise) -> Check:
    """Check that the solution catches every bug."""
    gate = verdict.gates[-1]
    if gate.passed is None:
        return Check('bugs')
    pairs = list(zip(exercise.bugs, verdict.bugs, strict=True))
    missed = [bug.name for bug, found in pairs if found.missed]
    if missed:
        caught = len(pairs) - len(missed)
        message = f'{caught} of {len(pairs)} caught. Missed: {"; ".join(missed)}'
        next_step = (
            'Add to the solution a test that notices it, or remove that [[bug]]: perhaps nobody '
            'could notice.'
        )
        return Check('bugs', False, message, next_step)
    graded = [bug.name for bug, found in pairs if not found.caught_by]
    if gate.passed or not graded:
        return Check('bugs', gate.passed, gate.message, verdict.next)
    # The first of these has kept the grader from going on.
    return Check('bugs', False, f'With the bug "{graded[0]}": {gate.message}', verdict.next)


def _check_starter(verdict: Verdict, exercise: Exercise) -> Check:
    """Check that the starter leaves something to do."""
    failed = [gate for gate in verdict.gates if not gate.passed]
    if not failed:
        starter = _inside(exercise, exercise.written[exercise.tests].starter)
        next_step = f'Leave something to do in {starter}: remove a test, or an assertion.'
        return Check('starter', False, 'passes all gates already', next_step)
    if failed[0].name == 'bugs':
        caught = [bug for bug in verdict.bugs if bug.caught_by]
        message = f'passes, and catches {len(caught)} of {counted(len(verdict.bugs), "bug")}'
        return Check('starter', True, message)
    return Check('starter', True, f'does not pass the gate `{failed[0].name}`, as it should be')


def _check_texts(exercise: Exercise) -> Check:
    """Check that no text is still to be written."""
    places = {}
    for path in _texts(exercise):
        lines = _lines_to_write(path)
        if lines:
            places[_inside(exercise, path)] = lines
    if not places:
        return Check('texts', True, 'all written')
    listed = [f'{counted(len(lines), "line")} of {name}' for name, lines in places.items()]
    file, lines = next(iter(places.items()))
    next_step = f'{file}, line {lines[0]}: replace the {TODO}.'
    return Check('texts', False, f'still {TODO}: {", ".join(listed)}', next_step)


def _texts(exercise: Exercise) -> list[Path]:
    """Return the files that an author writes."""
    folders = ('starter', 'solution')
    tests = [path for folder in folders for path in sorted(exercise.folder.glob(f'{folder}/*.py'))]
    return [exercise.folder / FILE, *tests, exercise.folder / 'README.md']


def _lines_to_write(path: Path) -> list[int]:
    """Return the lines of a file that say TODO; in exercise.toml, where a text begins with it."""
    try:
        lines = path.read_text(encoding='utf-8', errors='replace').splitlines()
    except OSError:
        return []
    pattern = rf'^[^#]*["\']{TODO}' if path.name == FILE else TODO
    return [number for number, line in enumerate(lines, 1) if re.search(pattern, line)]


def _check_hints(exercise: Exercise) -> Check:
    """Check that there are enough hints."""
    hints = [hint for hint in exercise.hints('passes') if not hint.startswith(TODO)]
    if exercise.final:
        return Check('hints', True, 'none, as `final` says')
    if len(hints) < HINTS:
        next_step = f'Write at least {HINTS} hints, from a nudge to nearly the answer.'
        return Check('hints', False, f'{len(hints)} of at least {HINTS} written', next_step)
    return Check('hints', True, counted(len(hints), 'hint'))


def _check_read(exercise: Exercise) -> Check:
    """Check that there is something to read."""
    if not exercise.read:
        next_step = 'Name what explains it, such as a lesson or a page: read = ["README.md"]'
        return Check('read', False, '`read` is empty', next_step)
    return Check('read', True, ', '.join(exercise.read))


def _inside(exercise: Exercise, path: Path) -> str:
    """Return a path as seen from the exercise's folder."""
    return path.relative_to(exercise.folder).as_posix()


def render(exercise: Exercise, checks: list[Check]) -> RenderableType:
    """Return the checks as a person reads them, then the one next step."""
    rows = grid(2)
    for one in checks:
        style = STYLES[one.passed]
        rows.add_row(Text(MARKS[one.passed], style), Text(one.name, style), Text(one.message))
    failed = [one for one in checks if one.passed is False]
    if failed:
        ending = Text.assemble(('NEXT: ', 'bold yellow'), failed[0].next_step)
    else:
        ending = Text.assemble(('Complete. ', 'bold green'), f'Learners run {exercise.command}')
    heading = Text(f'Your exercise: {display_path(exercise.folder)}', 'dim')
    return Group(heading, Padding(rows, (1, 2)), ending)

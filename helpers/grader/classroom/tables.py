"""What a class gets to see: tables on the screen, and CSV files with more in them."""

import csv
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from rich.table import Table
from rich.text import Text

from helpers.grader.classroom.matching import Matched
from helpers.grader.exercises import Exercise
from helpers.grader.verdict import Verdict

SOLVED = 'solved'
IDENTICAL = "solved, identical to the kit's"
STARTER = 'starter unchanged'
NOTHING = 'nothing handed in'
UNCLEAR = 'none found: see the notes'
CSV_FILES = ('grades.csv', 'bugs.csv', 'missed.csv', 'gates.csv')
WIDE = 3  # exercises that get a column on the screen; more of them share one
SENTENCE = 80  # characters of a cell on the screen, if there are several learners
FIRST = 10  # rows of the most frequently missed bugs on the screen


class Missed(NamedTuple):
    """How many learners have missed a bug, of those whose tests it was planted for."""

    exercise: str
    bug: str
    missed_by: int
    reached_by: int


@dataclass
class Room:
    """What all learners have handed in, and how far each of them is."""

    offered: list[Exercise]  # the exercises that could be handed in, in order
    matched: dict[str, Matched]  # by learner
    results: dict[tuple[str, str], Verdict | str]  # by learner and exercise; a verdict, or why not

    @cached_property
    def exercises(self) -> list[Exercise]:
        """The exercises for which somebody has handed something in."""
        handed_in = {exercise for _, exercise in self.results}
        return [exercise for exercise in self.offered if exercise.name in handed_in]

    @property
    def all_solved(self) -> bool:
        """Whether there are submissions, and each is solved."""
        solved = [isinstance(one, Verdict) and one.solved for one in self.results.values()]
        return bool(solved) and all(solved)

    def result(self, learner: str, exercise: Exercise) -> Verdict | str:
        """Return the verdict on a learner's submission, or say why there is none."""
        without = UNCLEAR if self.matched[learner].notes else NOTHING
        return self.results.get((learner, exercise.name), without)

    def verdicts(self, exercise: Exercise) -> list[Verdict]:
        """Return all verdicts on an exercise."""
        found = [self.result(learner, exercise) for learner in self.matched]
        return [result for result in found if isinstance(result, Verdict)]

    def notes(self, learner: str) -> list[str]:
        """Return what is to be known of a learner's files."""
        notes = []
        for name, submission in self.matched[learner].submissions.items():
            notes += [f'{name}: {note}' for note in submission.notes]
        return [printable(note) for note in [*notes, *self.matched[learner].notes]]

    def lines(self) -> Iterator[str]:
        """Yield the notes on all learners; for a single one, yield the next steps, too."""
        for learner in self.matched:
            for note in self.notes(learner):
                yield f'{printable(learner)}: {note}'
        if len(self.matched) == 1:
            for (_, name), result in self.results.items():
                if isinstance(result, Verdict) and not result.solved:
                    yield f'NEXT, {name}: {printable(result.next)}'


def printable(text: str) -> str:
    """Replace what a terminal would obey, and what cannot be encoded: it comes from learners."""
    shown = []
    for character in text:
        obeyed = character not in '\n\t' and unicodedata.category(character) in ('Cc', 'Cs')
        shown.append('?' if obeyed else character)
    return ''.join(shown)


def gate_of(verdict: Verdict) -> str:
    """Return the name of the first gate that is not passed, or 'solved'."""
    for gate in verdict.gates:
        if not gate.passed:
            return gate.name
    return SOLVED


def sentence(result: Verdict | str) -> str:
    """Say in a few words how far a learner is."""
    if isinstance(result, str):
        return printable(result)
    for gate in result.gates:
        if not gate.passed:
            return printable(f'{gate.name}: {gate.message}')
    return IDENTICAL if result.identical else SOLVED


def brief(result: Verdict | str) -> str:
    """Say in a word, and a number, how far a learner is."""
    if isinstance(result, str):
        return 'starter' if result == STARTER else 'not graded'
    if gate_of(result) == 'bugs' and caught(result) != '':
        return f'bugs {caught(result)} of {len(result.bugs)}'
    return gate_of(result)


def gates_passed(result: Verdict | str) -> int | str:
    """Return the number of gates before the first that is not passed; nothing if not graded."""
    if isinstance(result, str):
        return ''
    names = [gate.name for gate in result.gates]
    return len(names) if result.solved else names.index(gate_of(result))


def caught(result: Verdict | str) -> int | str:
    """Return the number of bugs that are caught; nothing if the grader did not get that far."""
    if isinstance(result, str) or not any(bug.caught_by or bug.missed for bug in result.bugs):
        return ''
    return len([bug for bug in result.bugs if bug.caught_by])


def catchers(result: Verdict | str, index: int) -> str:
    """Return the tests that catch a bug, 'missed', or nothing if the grader did not get there."""
    if isinstance(result, str) or not result.bugs:
        return ''
    bug = result.bugs[index]
    if bug.caught_by:
        return ' '.join(bug.caught_by)
    return 'missed' if bug.missed else ''


def missed_bugs(room: Room) -> list[Missed]:
    """Return the bugs that anyone missed, the most frequently missed first."""
    missed = []
    for exercise in room.exercises:
        if not exercise.grades_tests:
            continue
        for index, bug in enumerate(exercise.bugs):
            cells = [catchers(verdict, index) for verdict in room.verdicts(exercise)]
            reached = [cell for cell in cells if cell]
            if 'missed' in reached:
                count = reached.count('missed')
                missed.append(Missed(exercise.name, bug.name, count, len(reached)))
    return sorted(missed, key=lambda each: each.missed_by, reverse=True)


def stands(room: Room, exercise: Exercise) -> dict[str, int]:
    """Return how many learners stand at each gate, and how many have solved the exercise."""
    counts = Counter(gate_of(verdict) for verdict in room.verdicts(exercise))
    return {gate: counts[gate] for gate in [*exercise.gates, SOLVED]}


def write(room: Room, folder: Path) -> list[str]:
    """Write the CSV files, and return their names."""
    for name, rows in zip(CSV_FILES, _csv_rows(room), strict=True):
        with (folder / name).open('w', encoding='utf-8-sig', newline='') as file:
            writer = csv.writer(file)
            for row in rows:
                writer.writerow([_not_a_formula(str(cell)) for cell in row])
    return list(CSV_FILES)


def _not_a_formula(cell: str) -> str:
    """Return what a spreadsheet shows as it is: a formula would begin with one of these."""
    if cell.startswith(('=', '+', '-', '@')):
        return f"'{cell}"
    return cell


def _csv_rows(room: Room) -> Iterator[list[Any]]:
    yield _grades(room)
    yield _bugs(room)
    yield [['exercise', 'bug', 'missed by', 'of'], *missed_bugs(room)]
    gates = []
    for exercise in room.exercises:
        total = len(room.verdicts(exercise))
        for gate, count in stands(room, exercise).items():
            gates.append([exercise.name, gate, count, total])
    yield [['exercise', 'gate', 'learners', 'of'], *gates]


def _grades(room: Room) -> list[list[Any]]:
    """Return a row per learner: for each exercise a sentence and numbers."""
    head = ['learner']
    for exercise in room.exercises:
        name = exercise.name
        head += [name, f'{name}: gates passed of {len(exercise.gates)}']
        if exercise.grades_tests:
            head.append(f'{name}: bugs caught of {len(exercise.bugs)}')
    rows: list[list[Any]] = [[*head, 'notes']]
    for learner in room.matched:
        row: list[Any] = [printable(learner)]
        for exercise in room.exercises:
            result = room.result(learner, exercise)
            row += [sentence(result), gates_passed(result)]
            if exercise.grades_tests:
                row.append(caught(result))
        rows.append([*row, '; '.join(room.notes(learner))])
    return rows


def _bugs(room: Room) -> list[list[Any]]:
    """Return a row per learner: for each bug the tests that catch it, or 'missed'."""
    bugs = []
    for exercise in room.exercises:
        if exercise.grades_tests:
            bugs += [(exercise, index) for index in range(len(exercise.bugs))]
    head = [f'{exercise.name}: {exercise.bugs[index].name}' for exercise, index in bugs]
    rows = [['learner', *head]]
    for learner in room.matched:
        cells = [catchers(room.result(learner, exercise), index) for exercise, index in bugs]
        rows.append([printable(learner), *cells])
    return rows


def render(room: Room) -> Iterator[Table | str]:
    """Yield the tables for the screen, or say that there is nothing to show."""
    if not room.results:
        yield 'Nobody has handed in a file that can be graded.'
        return
    yield _table(room) if len(room.exercises) <= WIDE else _brief_table(room)
    yield _stands_table(room)
    missed = missed_bugs(room)
    if missed:
        yield _missed_table(missed)


def _table(room: Room) -> Table:
    table = Table(show_footer=True)
    total = len(room.matched)
    table.add_column('learner', '1 learner' if total == 1 else f'{total} learners')
    for exercise in room.exercises:
        table.add_column(exercise.name, f'{stands(room, exercise)[SOLVED]} solved')
    for learner in room.matched:
        cells = []
        for exercise in room.exercises:
            result = room.result(learner, exercise)
            text = sentence(result)
            if total > 1 and len(text) > SENTENCE:
                text = f'{text[:SENTENCE]}…'
            solved = isinstance(result, Verdict) and result.solved
            cells.append(Text(text, 'green' if solved else 'yellow'))
        table.add_row(Text(printable(learner)), *cells)
    return table


def _brief_table(room: Room) -> Table:
    """Return a table whose width does not depend on the number of exercises."""
    table = Table('learner', 'solved', 'not solved yet')
    for learner in room.matched:
        solved = 0
        others = []
        for exercise in room.exercises:
            result = room.results.get((learner, exercise.name))
            if isinstance(result, Verdict) and result.solved:
                solved += 1
            elif result:
                others.append(f'{exercise.name}: {brief(result)}')
        count = f'{solved} of {len(room.exercises)}'
        table.add_row(Text(printable(learner)), count, Text(', '.join(others), 'yellow'))
    return table


def _stands_table(room: Room) -> Table:
    table = Table('exercise', 'graded', 'where they stand')
    for exercise in room.exercises:
        total = f'{len(room.verdicts(exercise))} of {len(room.matched)}'
        counts = [f'{gate} {count}' for gate, count in stands(room, exercise).items() if count]
        table.add_row(exercise.name, total, ', '.join(counts))
    return table


def _missed_table(missed: list[Missed]) -> Table:
    table = Table('exercise', 'most frequently missed bugs', 'missed by')
    for exercise, bug, missed_by, reached_by in missed[:FIRST]:
        table.add_row(exercise, bug, f'{missed_by} of {reached_by}')
    return table

"""Grade a room: `python -m helpers.grader.classroom FOLDER`."""

import csv
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from helpers.command import Parser
from helpers.grader.exercises import EXERCISES, WORK, Exercise, Variant
from helpers.grader.grade import grade
from helpers.grader.supervisor import end_all
from helpers.grader.verdict import Verdict

DESCRIPTION = """Grade what a room has handed in: a table here, and three CSV files in FOLDER.

Every sub-folder of FOLDER is a learner: a clone of the kit, as it is, or a folder with any of
test_receive.py, green.py, and my_helpers.py with test_async_receive.py. The grader, the correct
code and the bugs are yours, never theirs. But it RUNS what they have written, with your rights:
do not grade what you would not run. The README shows how to grade each on a machine of its own.
"""
Verdicts = dict[tuple[str, str], Verdict | None]  # learner, stage: None if nothing is handed in


def main() -> int:
    """Grade, print and write; return the exit status."""
    parser = Parser(prog='nox -s grade --', description=DESCRIPTION)
    parser.add_argument('folder', metavar='FOLDER', type=Path, help='one sub-folder a learner')
    folder = parser.parse_args().folder
    if not folder.is_dir():
        parser.error(f'{folder} is no folder')
    learners = sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith('.'))
    if not learners:
        parser.error(f'{folder} has no sub-folder: there should be one for each learner')
    console = Console(highlight=False)
    try:
        verdicts = _grade_all(learners, console)
    except KeyboardInterrupt:
        return 130
    names = [learner.name for learner in learners]
    missed = _missed(verdicts)
    console.print(_table(names, verdicts), _missed_table(missed))
    files: dict[str, list[Any]] = {
        'grades.csv': [['learner', *EXERCISES], *_grades(names, verdicts)],
        'bugs.csv': [['learner', *map(_title, _bugs())], *_caught(names, verdicts)],
        'missed.csv': [['exercise', 'bug', 'missed by'], *missed],
    }
    for name, rows in files.items():
        with (folder / name).open('w', encoding='utf-8-sig', newline='') as file:
            csv.writer(file).writerows(rows)
    console.print(f'Written to {folder}: {", ".join(files)}', soft_wrap=True)
    return 0


def _grade_all(learners: list[Path], console: Console) -> Verdicts:
    verdicts: Verdicts = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        waiting = {
            pool.submit(_grade, learner, exercise): (learner.name, stage)
            for learner in learners
            for stage, exercise in EXERCISES.items()
        }
        try:
            done = as_completed(waiting)
            for future in track(done, 'grading', total=len(waiting), console=console):
                verdicts[waiting[future]] = future.result()
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise
    return verdicts


def _grade(learner: Path, exercise: Exercise) -> Verdict | None:
    for folder in learner / exercise.stage / WORK, learner:
        if any((folder / name).exists() for name in exercise.solution):
            hand_in = folder / exercise.tests if len(exercise.solution) == 1 else folder
            try:
                return grade(exercise.stage, hand_in)
            except Exception as error:  # one broken hand-in costs its own row and no other
                return Verdict(exercise.stage, [], [], error=f'{type(error).__name__}: {error}')
    return None


def _words(verdict: Verdict | None) -> str:
    """Say in a few words how far a hand-in is."""
    if verdict is None:
        return 'nothing handed in'
    if verdict.error:
        return f'could not be graded: {verdict.error}'
    failed = next((gate for gate in verdict.gates if not gate.passed), None)
    return f'{failed.name}: {failed.message}' if failed else 'solved'


def _grades(names: list[str], verdicts: Verdicts) -> list[list[str]]:
    return [[name, *(_words(verdicts[name, stage]) for stage in EXERCISES)] for name in names]


def _table(names: list[str], verdicts: Verdicts) -> Table:
    table = Table('learner', *EXERCISES)
    for name, *cells in _grades(names, verdicts):
        styles = ['green' if cell == 'solved' else 'yellow' for cell in cells]
        short = [cell if len(cell) < 80 else f'{cell[:78]}…' for cell in cells]
        pairs = zip(short, styles, strict=True)
        table.add_row(name, *(f'[{style}]{escape(cell)}' for cell, style in pairs))
    return table


def _bugs() -> list[tuple[str, int, Variant]]:
    """Return every bug with its stage and its place there."""
    return [
        (stage, place, bug)
        for stage, exercise in EXERCISES.items()
        if 'bugs' in exercise.gates
        for place, bug in enumerate(exercise.bugs)
    ]


def _title(bug: tuple[str, int, Variant]) -> str:
    return f'{bug[0]}: {bug[2].name}'


def _catches(verdict: Verdict | None, place: int) -> str:
    if verdict is None or not verdict.bugs:
        return ''  # not reached
    return ' '.join(verdict.bugs[place].caught_by) or 'missed'


def _caught(names: list[str], verdicts: Verdicts) -> list[list[str]]:
    return [
        [name, *(_catches(verdicts[name, stage], place) for stage, place, _ in _bugs())]
        for name in names
    ]


def _missed(verdicts: Verdicts) -> list[tuple[str, str, int]]:
    """Return the bugs that somebody missed, those that most have missed first."""
    counts = Counter(
        (stage, bug.name)
        for stage, place, bug in _bugs()
        for (_, graded), verdict in verdicts.items()
        if graded == stage and _catches(verdict, place) == 'missed'
    )
    return [(stage, name, count) for (stage, name), count in counts.most_common()]


def _missed_table(missed: list[tuple[str, str, int]]) -> Table:
    table = Table('exercise', 'bugs missed most', 'missed by')
    for stage, name, count in missed[:10]:
        table.add_row(stage, name, str(count))
    return table


if __name__ == '__main__':
    sys.exit(main())

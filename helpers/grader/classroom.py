"""Grade a class: `python -m helpers.grader.classroom FOLDER`."""

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
from rich.text import Text

from helpers.cli import Parser, console, quiet_on_ctrl_c
from helpers.grader.exercises import EXERCISES, Exercise, Variant
from helpers.grader.grade import grade
from helpers.grader.supervisor import end_all
from helpers.grader.verdict import Verdict
from helpers.kit import ROOT, WORK

SOLVED = 'solved'
IDENTICAL = "solved, identical to the kit's"
DESCRIPTION = """Grade what a class has handed in: print a table, write three CSV files to FOLDER.

Each subfolder of FOLDER is one learner: a copy of the kit with its my_work folders, or a folder
with any of the files that the exercises ask for. The grader, the correct code and the bugs are
always yours, never the learner's. But this RUNS learners' code under your account: do not grade
code that you would not run. The README shows how to grade each submission on a disposable machine.
"""
Verdicts = dict[tuple[str, str], Verdict | str]  # learner, stage: a verdict, or why there is none


@quiet_on_ctrl_c
def main() -> int:
    """Grade, write and print; return the exit status."""
    parser = Parser(prog='nox -s grade --', description=DESCRIPTION)
    parser.add_argument('folder', metavar='FOLDER', type=Path, help='has one subfolder per learner')
    folder = parser.parse_args().folder
    if not folder.is_dir():
        parser.error(f'{folder} is not a folder')
    learners = sorted(p for p in folder.iterdir() if p.is_dir() and p.name[0] not in '._')
    if not learners:
        parser.error(f'{folder} has no subfolders: it needs one per learner')
    screen = console()
    verdicts = _grade_all(learners, screen)
    missed = _missed(verdicts)
    bugs = [f'{stage}: {bug.name}' for stage, _, bug in _bugs()]
    files: dict[str, list[Any]] = {
        'grades.csv': [['learner', *EXERCISES], *_grades(verdicts)],
        'bugs.csv': [['learner', *bugs], *_caught(verdicts)],
        'missed.csv': [['exercise', 'bug', 'missed by'], *missed],
    }
    try:
        for name, rows in files.items():
            _write(folder / name, rows)
        ending = f'Written to {folder}: {", ".join(files)}'
    except OSError as error:
        ending = f'Cannot write the CSV files. Is one of them open in another program? {error}'
    screen.print(_table(verdicts), _missed_table(missed))
    screen.print(escape(_printable(ending)), soft_wrap=True)
    return 0


def _write(path: Path, rows: list[Any]) -> None:
    with path.open('w', encoding='utf-8-sig', newline='') as file:
        writer = csv.writer(file)
        for row in rows:
            writer.writerow([_not_a_formula(str(cell)) for cell in row])


def _not_a_formula(cell: str) -> str:
    """Return what a spreadsheet shows as it is: a formula would begin with one of these."""
    if cell.startswith(('=', '+', '-', '@')):
        return f"'{cell}"
    return cell


def _grade_all(learners: list[Path], screen: Console) -> Verdicts:
    verdicts: Verdicts = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        waiting = {
            pool.submit(_grade, learner, exercise): (learner.name, stage)
            for learner in learners
            for stage, exercise in EXERCISES.items()
        }
        try:
            done = as_completed(waiting)
            for future in track(done, 'grading', total=len(waiting), console=screen):
                verdicts[waiting[future]] = future.result()
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise
    return verdicts


def _grade(learner: Path, exercise: Exercise) -> Verdict | str:
    for folder in learner / exercise.name / WORK, learner / WORK, learner:
        if any((folder / name).exists() for name in exercise.written):
            submission = folder / exercise.tests if len(exercise.written) == 1 else folder
            if not submission.resolve().is_relative_to(learner.resolve()):
                return 'a link that leads out of the folder'
            try:
                return grade(exercise, submission)
            except Exception as error:  # one broken submission affects no other
                lines = str(error).strip().splitlines()
                reason = lines[-1] if lines else ''
                return f'could not be graded: {type(error).__name__}: {reason}'
    return _elsewhere(learner, exercise)


def _elsewhere(learner: Path, exercise: Exercise) -> str:
    """Say that nothing was handed in, or which file in another place or by another name was."""
    stem = exercise.tests.removesuffix('.py')
    for depth in '*', '*/*', '*/*/*':
        for path in sorted(learner.glob(depth)):
            if stem in path.name.lower() and path.is_file():
                inside = path.relative_to(learner)
                shipped = ROOT / inside
                if not shipped.is_file() or shipped.read_bytes() != path.read_bytes():
                    return f'not where it is expected, but there is {inside.as_posix()}'
    return 'nothing handed in'


def _summary(verdict: Verdict | str) -> str:
    """Say in a few words how far a learner is."""
    if isinstance(verdict, str):
        return _printable(verdict)
    for gate in verdict.gates:
        if not gate.passed:
            return _printable(f'{gate.name}: {gate.message}')
    if verdict.identical:
        return IDENTICAL
    return SOLVED


def _printable(text: str) -> str:
    """Replace what cannot be encoded: a folder's name, or a test's message, may hold surrogates."""
    return text.encode('utf-8', 'replace').decode()


def _names(verdicts: Verdicts) -> list[str]:
    return sorted({name for name, _ in verdicts})


def _grades(verdicts: Verdicts) -> list[list[str]]:
    rows = []
    for name in _names(verdicts):
        summaries = [_summary(verdicts[name, stage]) for stage in EXERCISES]
        rows.append([_printable(name), *summaries])
    return rows


def _table(verdicts: Verdicts) -> Table:
    rows = _grades(verdicts)
    table = Table(show_footer=True)
    table.add_column('learner', f'{len(rows)} learners')
    for column, stage in enumerate(EXERCISES, 1):
        solved = [row for row in rows if row[column] in (SOLVED, IDENTICAL)]
        table.add_column(stage, f'{len(solved)} solved')
    for name, *cells in rows:
        table.add_row(Text(name), *map(_cell, cells))
    return table


def _cell(text: str) -> Text:
    if text in (SOLVED, IDENTICAL):
        return Text(text, 'green')
    if len(text) < 80:
        return Text(text, 'yellow')
    return Text(f'{text[:78]}…', 'yellow')


def _bugs() -> list[tuple[str, int, Variant]]:
    """Return every bug, with its stage and its index there."""
    return [
        (stage, index, bug)
        for stage, exercise in EXERCISES.items()
        if exercise.grades_tests
        for index, bug in enumerate(exercise.bugs)
    ]


def _catches(verdict: Verdict | str, index: int) -> str:
    """Return the tests that catch a bug, 'missed', or nothing if the grader did not get there."""
    if isinstance(verdict, str) or not verdict.bugs:
        return ''
    bug = verdict.bugs[index]
    if bug.caught_by:
        return ' '.join(bug.caught_by)
    return 'missed' if bug.missed else ''


def _caught(verdicts: Verdicts) -> list[list[str]]:
    rows = []
    for name in _names(verdicts):
        cells = [_catches(verdicts[name, stage], index) for stage, index, _ in _bugs()]
        rows.append([_printable(name), *cells])
    return rows


def _missed(verdicts: Verdicts) -> list[tuple[str, str, int]]:
    """Return the bugs that anyone missed, the most frequently missed first."""
    counts: Counter[tuple[str, str]] = Counter()
    for stage, index, bug in _bugs():
        for (_, graded), verdict in verdicts.items():
            if graded == stage and _catches(verdict, index) == 'missed':
                counts[stage, bug.name] += 1
    return [(stage, name, count) for (stage, name), count in counts.most_common()]


def _missed_table(missed: list[tuple[str, str, int]]) -> Table:
    table = Table('exercise', 'most frequently missed bugs', 'missed by')
    for stage, name, count in missed[:10]:
        table.add_row(stage, name, str(count))
    return table


if __name__ == '__main__':
    sys.exit(main())

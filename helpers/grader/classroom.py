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
from rich.text import Text

from helpers.cli import Parser, console, handle_sigint
from helpers.grader.exercises import EXERCISES, ROOT, WORK, Exercise, Variant
from helpers.grader.grade import grade
from helpers.grader.supervisor import end_all
from helpers.grader.verdict import Verdict

DESCRIPTION = """Grade what a room has handed in: a table here, and three CSV files in FOLDER.

Every sub-folder of FOLDER is a learner: a copy of the kit, its my_work folders included, or a
folder with any of test_receive.py, green.py, and my_helpers.py with test_async_receive.py. The
grader, the correct code and the bugs are yours, never theirs. But it RUNS what they have written,
with your rights: do not grade what you would not run. The README shows how to let a machine of its
own run each.
"""
Verdicts = dict[tuple[str, str], Verdict | str]  # learner, stage: a verdict, or why there is none


def main() -> int:
    """Grade, write and print; return the exit status."""
    parser = Parser(prog='nox -s grade --', description=DESCRIPTION)
    parser.add_argument('folder', metavar='FOLDER', type=Path, help='one sub-folder a learner')
    folder = parser.parse_args().folder
    if not folder.is_dir():
        parser.error(f'{folder} is no folder')
    learners = sorted(p for p in folder.iterdir() if p.is_dir() and p.name[0] not in '._')
    if not learners:
        parser.error(f'{folder} has no sub-folder: there should be one for each learner')
    screen = console()
    handle_sigint('SIGTERM', 'SIGHUP')
    try:
        verdicts = _grade_all(learners, screen)
    except KeyboardInterrupt:
        return 130
    missed = _missed(verdicts)
    files: dict[str, list[Any]] = {
        'grades.csv': [['learner', *EXERCISES], *_grades(verdicts)],
        'bugs.csv': [['learner', *map(_title, _bugs())], *_caught(verdicts)],
        'missed.csv': [['exercise', 'bug', 'missed by'], *missed],
    }
    try:
        for name, rows in files.items():
            _write(folder / name, rows)
        ending = f'Written to {folder}: {", ".join(files)}'
    except OSError as error:
        ending = f'Not written, is it open elsewhere? {error}'
    screen.print(_table(verdicts), _missed_table(missed))
    screen.print(escape(_clean(ending)), soft_wrap=True)
    return 0


def _write(path: Path, rows: list[Any]) -> None:
    with path.open('w', encoding='utf-8-sig', newline='') as file:
        # A spreadsheet would take what begins with one of these for a formula.
        csv.writer(file).writerows(
            [f"'{cell}" if str(cell)[:1] in ('=', '+', '-', '@') else cell for cell in row]
            for row in rows
        )


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
    for folder in learner / exercise.stage / WORK, learner / WORK, learner:
        if any((folder / name).exists() for name in exercise.solution):
            submission = folder / exercise.tests if len(exercise.solution) == 1 else folder
            if not submission.resolve().is_relative_to(learner.resolve()):
                return 'a link that leads out of the folder'
            try:
                return grade(exercise.stage, submission)
            except Exception as error:  # one broken hand-in costs its own row and no other
                last = str(error).strip().splitlines() or ['']
                return f'could not be graded: {type(error).__name__}: {last[-1]}'
    return _elsewhere(learner, exercise)


def _elsewhere(learner: Path, exercise: Exercise) -> str:
    """Say that nothing is handed in, or what there is in another place or by another name."""
    stem = exercise.tests.removesuffix('.py')
    for path in (path for depth in ('*', '*/*', '*/*/*') for path in sorted(learner.glob(depth))):
        if stem in path.name.lower() and path.is_file():
            inside = path.relative_to(learner)
            shipped = ROOT / inside
            if not shipped.is_file() or shipped.read_bytes() != path.read_bytes():
                return f'not where it is expected; but there is {inside.as_posix()}'
    return 'nothing handed in'


def _words(verdict: Verdict | str) -> str:
    """Say in a few words how far a hand-in is."""
    if isinstance(verdict, str):
        return _clean(verdict)
    failed = next((gate for gate in verdict.gates if not gate.passed), None)
    return _clean(f'{failed.name}: {failed.message}') if failed else 'solved'


def _clean(text: str) -> str:
    # A folder's name, or what a test says, may hold what no encoding can.
    return text.encode('utf-8', 'replace').decode()


def _names(verdicts: Verdicts) -> list[str]:
    return sorted({name for name, _ in verdicts})


def _grades(verdicts: Verdicts) -> list[list[str]]:
    return [
        [_clean(name), *(_words(verdicts[name, stage]) for stage in EXERCISES)]
        for name in _names(verdicts)
    ]


def _table(verdicts: Verdicts) -> Table:
    rows = _grades(verdicts)
    table = Table(show_footer=True)
    table.add_column('learner', f'{len(rows)} learners')
    for place, stage in enumerate(EXERCISES, 1):
        table.add_column(stage, f'{sum(row[place] == "solved" for row in rows)} solved')
    for name, *cells in rows:
        short = [cell if len(cell) < 80 else f'{cell[:78]}…' for cell in cells]
        styles = ['green' if cell == 'solved' else 'yellow' for cell in cells]
        table.add_row(Text(name), *map(Text, short, styles))
    return table


def _bugs() -> list[tuple[str, int, Variant]]:
    """Return every bug with its stage and its place there."""
    return [
        (stage, place, bug)
        for stage, exercise in EXERCISES.items()
        if exercise.grades_tests
        for place, bug in enumerate(exercise.bugs)
    ]


def _title(bug: tuple[str, int, Variant]) -> str:
    return f'{bug[0]}: {bug[2].name}'


def _catches(verdict: Verdict | str, place: int) -> str:
    if isinstance(verdict, str) or not verdict.bugs:
        return ''  # not reached
    bug = verdict.bugs[place]
    return ' '.join(bug.caught_by) or ('missed' if bug.missed else '')


def _caught(verdicts: Verdicts) -> list[list[str]]:
    return [
        [_clean(name), *(_catches(verdicts[name, stage], place) for stage, place, _ in _bugs())]
        for name in _names(verdicts)
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

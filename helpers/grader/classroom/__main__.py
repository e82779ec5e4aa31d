"""Grade a class: `python -m helpers.grader.classroom FOLDER`."""

import os
import sys
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import track

from helpers.cli import Parser, console, quiet_on_ctrl_c
from helpers.grader.classroom import tables
from helpers.grader.classroom.hand_ins import HandIn
from helpers.grader.classroom.matching import Matched, Submission, match
from helpers.grader.command import find_exercise
from helpers.grader.exercise_file import ExerciseError
from helpers.grader.exercises import Exercise, all_exercises
from helpers.grader.grade import grade
from helpers.grader.supervisor import end_all
from helpers.grader.verdict import Verdict
from helpers.kit import STAGES, WORK

DESCRIPTION = """Grade what a class has handed in: print tables, write CSV files to FOLDER.

Each subfolder of FOLDER is one learner, and so is each zip: what `nox -s hand_in` has packed, a
copy of the kit, or any folder with the files that the exercises ask for. The grader, the correct
code and the bugs are always yours, never the learner's. But this RUNS learners' code under your
account: do not grade code that you would not run. The README shows how to grade each submission on
a disposable machine.
"""


@quiet_on_ctrl_c
def main() -> int:
    """Read, grade, write and print; return the exit status."""
    parser = Parser(prog='nox -s grade --', description=DESCRIPTION)
    parser.add_argument(
        'folder', metavar='FOLDER', type=Path, help='has one subfolder, or one zip, per learner'
    )
    parser.add_argument(
        '--require-solved',
        action='store_true',
        help='exit with status 1 unless every exercise found is solved (a starter is not)',
    )
    parser.add_argument(
        '--exercise',
        action='append',
        default=[],
        metavar='PATH',
        type=find_exercise,
        help='an exercise of your own: a folder with an exercise.toml; may be given several times',
    )
    given = parser.parse_args()
    folder = given.folder
    try:
        for exercise in given.exercise:
            exercise.check_files()
    except ExerciseError as error:
        parser.error(str(error))
    exercises = [*all_exercises(), *given.exercise]
    if not folder.is_dir():
        parser.error(f'{folder} is not a folder')
    learners, loose = find_learners(folder)
    if not learners:
        parser.error(f'{folder} has no subfolders and no zips: it needs one per learner')
    if {*STAGES, WORK} & {*learners}:
        parser.error(f"{folder} holds one learner's work: it needs a folder, or a zip, per learner")
    screen = console()
    matched = read_all(learners, exercises, screen)
    room = grade_all(matched, exercises, screen)
    try:
        written = tables.write(room, folder)
        ending = f'Written to {folder}: {", ".join(written)}'
    except OSError as error:
        ending = f'Cannot write the CSV files. Is one of them open in another program? {error}'
    for table in tables.render(room):
        screen.print(table)
    for line in room.lines():
        screen.print(escape(line), soft_wrap=True)
    if loose:
        warning = f"Not in a learner's folder, so not graded: {', '.join(loose)}"
        screen.print(escape(tables.printable(warning)), style='yellow', soft_wrap=True)
    screen.print(escape(tables.printable(ending)), soft_wrap=True)
    if given.require_solved and not room.all_solved:
        return 1
    return 0


def find_learners(folder: Path) -> tuple[dict[str, list[Path]], list[str]]:
    """Return each learner's folder, zip or both, and the names of the loose files."""
    learners: dict[str, list[Path]] = {}
    loose = []
    for path in sorted(folder.iterdir()):
        if path.name[0] in '._':
            continue
        if path.is_dir():
            learners.setdefault(path.name, []).append(path)
        elif path.suffix.casefold() == '.zip':
            learners.setdefault(path.stem, []).append(path)
        elif path.name not in tables.CSV_FILES:
            loose.append(path.name)
    return dict(sorted(learners.items())), loose


def read_all(
    learners: dict[str, list[Path]], exercises: list[Exercise], screen: Console
) -> dict[str, Matched]:
    """Read what each learner has handed in."""
    matched = {}
    for learner, sources in track(learners.items(), 'reading', console=screen):
        hand_in = HandIn()
        for source in sources:
            hand_in.read(source)
        matched[learner] = match(hand_in, exercises)
    return matched


def grade_all(
    matched: dict[str, Matched], exercises: list[Exercise], screen: Console
) -> tables.Room:
    """Grade every submission, several at a time."""
    if not any(found.submissions for found in matched.values()):
        return tables.Room(exercises, matched, {})
    results: dict[tuple[str, str], Verdict | str] = {}
    with (
        tempfile.TemporaryDirectory(prefix='room-', ignore_cleanup_errors=True) as scratch,
        ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        waiting: dict[Future[Verdict | str], tuple[str, str]] = {}
        for learner, found in matched.items():
            for name, submission in found.submissions.items():
                folder = Path(scratch, str(len(waiting)))
                waiting[pool.submit(grade_one, submission, folder)] = (learner, name)
        try:
            done = as_completed(waiting)
            for future in track(done, 'grading', total=len(waiting), console=screen):
                results[waiting[future]] = future.result()
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise
    return tables.Room(exercises, matched, results)


def grade_one(submission: Submission, folder: Path) -> Verdict | str:
    """Write a submission's files to a folder, under the right names; return the verdict."""
    exercise = submission.exercise
    if submission.is_the_starter:
        return tables.STARTER
    try:
        folder.mkdir()
        for name, file in submission.files.items():
            (folder / name).write_bytes(file.content)
        path = folder / exercise.tests if len(exercise.written) == 1 else folder
        return grade(exercise, path)
    except Exception as error:  # one broken submission affects no other
        lines = str(error).strip().splitlines()
        reason = lines[-1] if lines else ''
        return f'could not be graded: {type(error).__name__}: {reason}'


if __name__ == '__main__':
    sys.exit(main())

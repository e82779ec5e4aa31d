"""Which of the files that a learner has handed in is for which exercise."""

import functools
import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path, PurePosixPath

from helpers.grader.classroom.hand_ins import HandedIn, HandIn
from helpers.grader.exercises import Exercise
from helpers.kit import ROOT, WORK

SIMILAR = 0.8  # of 1: two swapped letters of twelve make 0.92
SHOWN = 3  # names in a note
NOTES = 10  # on the files of a learner that are not graded


@dataclass
class Submission:
    """The files of one learner for one exercise, and what the instructor should know of them."""

    exercise: Exercise
    files: dict[str, HandedIn]  # by the names that the exercise gives
    notes: list[str] = field(default_factory=list)

    @property
    def is_the_starter(self) -> bool:
        """Whether the learner has changed nothing."""
        return all(is_starter(self.exercise, name, file) for name, file in self.files.items())


@dataclass
class Matched:
    """What one learner has handed in, by exercise."""

    submissions: dict[str, Submission]  # by the exercise's name
    notes: list[str]  # about files that are not graded


def starter(exercise: Exercise, name: str) -> bytes:
    """Return the file with which a learner starts."""
    return _content(exercise.written[name].starter)


@functools.cache
def _content(path: Path) -> bytes:
    return path.read_bytes()


def is_starter(exercise: Exercise, name: str, file: HandedIn) -> bool:
    """Return whether a file is the starter, unchanged."""
    return file.has_content_of(starter(exercise, name))


def match(hand_in: HandIn, exercises: list[Exercise]) -> Matched:
    """Say which files are for which exercise, and name those that are for none."""
    named, others, kits = _sort(hand_in, exercises)
    others = [file for file in others if not _is_the_code(file, exercises)]
    submissions: dict[str, Submission] = {}
    for exercise in exercises:
        submission = _choose(exercise, named[exercise.name])
        if submission:
            submissions[exercise.name] = submission
    clear = _clear(others, exercises)
    for exercise in exercises:
        submission = submissions.get(exercise.name, Submission(exercise, {}))
        for name in exercise.written:
            chosen = submission.files.get(name)
            if chosen and not is_starter(exercise, name, chosen):
                continue
            file = _recognize(exercise, name, clear[exercise.name])
            if file:
                submission.files[name] = file
                submission.notes.append(f'graded {file.path} as {name}')
                submissions[exercise.name] = submission
                others.remove(file)
    notes = list(hand_in.not_read)
    if others:
        paths = listed([str(file.path) for file in others])
        notes.append(f'none of the files asked for, so not graded: {paths}')
    for exercise, file in kits:
        if exercise.name not in submissions:
            where = exercise.work.relative_to(ROOT).as_posix()
            notes.append(f"the kit's own file, changed; not in {where}, so not graded: {file.path}")
    if len(notes) > NOTES:
        notes[NOTES:] = [f'and {len(notes) - NOTES} more notes like these']
    return Matched(submissions, notes)


def _is_the_code(file: HandedIn, exercises: list[Exercise]) -> bool:
    """Return whether a file is the copy of the code under test that lies beside a drill's tests."""
    for exercise in exercises:
        if exercise.grades_tests and file.path.name == exercise.source.name:
            return WORK in file.path.parts or file.has_content_of(_content(exercise.source))
    return False


def _sort(
    hand_in: HandIn, exercises: list[Exercise]
) -> tuple[dict[str, list[HandedIn]], list[HandedIn], list[tuple[Exercise, HandedIn]]]:
    """Sort files into those named as an exercise asks, others, and the kit's own, changed."""
    named: dict[str, list[HandedIn]] = {exercise.name: [] for exercise in exercises}
    others = []
    kits = []
    for file in hand_in.files:
        exercise = _exercise_by_name(file, exercises)
        if hand_in.is_in_a_copy_of_the_kit(file.path):
            if exercise:
                kits.append((exercise, file))
        elif exercise:
            named[exercise.name].append(file)
        else:
            others.append(file)
    return named, others, kits


def _exercise_by_name(file: HandedIn, exercises: list[Exercise]) -> Exercise | None:
    """Return the exercise that asks for a file of this name, if it is clear which one does."""
    asking = [exercise for exercise in exercises if _name_asked_for(file, exercise)]
    if len(asking) > 1:
        by_folder = [exercise for exercise in asking if _label(exercise) in file.path.parts]
        asking = by_folder or [exercise for exercise in asking if _is_evident(file, exercise)]
    return asking[0] if len(asking) == 1 else None


def _name_asked_for(file: HandedIn, exercise: Exercise) -> str | None:
    """Return by what name an exercise asks for a file, if it does; case does not count."""
    for name in exercise.written:
        if name.casefold() == file.path.name.casefold():
            return name
    return None


def _place(exercise: Exercise) -> tuple[str, ...]:
    """Return the folders in which a copy of the kit, or of an exercise, has a learner's files."""
    root = ROOT if exercise.of_the_kit else exercise.code_folder.parent
    return exercise.work.relative_to(root).parts


def _label(exercise: Exercise) -> str:
    """Return the folder whose name tells this exercise from others: a stage, or a drill."""
    return [part for part in _place(exercise) if part != WORK][-1]


def _choose(exercise: Exercise, files: list[HandedIn]) -> Submission | None:
    """Choose one file for each name: the most likely one, next to the tests if possible."""
    submission = Submission(exercise, {})
    folder = None
    for name in reversed(exercise.written):  # the tests first
        candidates = [file for file in files if _name_asked_for(file, exercise) == name]
        changed = [file for file in candidates if not is_starter(exercise, name, file)]
        ranked = sorted(changed or candidates, key=lambda file: _rank(file, exercise))
        if not ranked:
            continue
        beside = [file for file in ranked if file.path.parent == folder]
        chosen = [*beside, *ranked][0]
        folder = folder or chosen.path.parent
        submission.files[name] = chosen
        passed_over = [str(file.path) for file in ranked if not file.has_content_of(chosen.content)]
        if passed_over:
            submission.notes.append(f'graded {chosen.path}, not {listed(passed_over)}')
    if not submission.files:
        return None
    submission.files = {
        name: submission.files[name] for name in exercise.written if name in submission.files
    }
    return submission


def _rank(file: HandedIn, exercise: Exercise) -> tuple[int, int, float, PurePosixPath]:
    """Return what comes first: in my_work, then near the top, then new."""
    folders = file.path.parts[:-1]
    place = _place(exercise)
    if folders[-len(place) :] == place:
        where = 0
    elif WORK in folders:
        where = 1
    else:
        where = 2
    # A zip beside the learners' folders is as near to the top as a folder.
    depth = len([folder for folder in folders if not folder.casefold().endswith('.zip')])
    return where, depth, -file.modified, file.path


def _clear(files: list[HandedIn], exercises: list[Exercise]) -> dict[str, list[HandedIn]]:
    """Return the misnamed files of which it is clear for which exercise they are, by exercise."""
    clear: dict[str, list[HandedIn]] = {exercise.name: [] for exercise in exercises}
    for file in files:
        fitting = [exercise for exercise in exercises if _is_evident(file, exercise)]
        if len(fitting) > 1:
            fitting = [exercise for exercise in fitting if _is_similar(file, exercise.tests)]
        if len(fitting) == 1:
            clear[fitting[0].name].append(file)
    return clear


def _recognize(exercise: Exercise, name: str, files: list[HandedIn]) -> HandedIn | None:
    """Return the misnamed file that is an exercise's file of that name, if exactly one can be."""
    candidates = [file for file in files if _fits(file, exercise, name)]
    if len(candidates) > 1:
        candidates = [file for file in candidates if _is_similar(file, name)]
    return candidates[0] if len(candidates) == 1 else None


def _is_evident(file: HandedIn, exercise: Exercise) -> bool:
    """Return whether what a file contains is for an exercise."""
    return any(_fits(file, exercise, name) for name in exercise.written)


def _fits(file: HandedIn, exercise: Exercise, name: str) -> bool:
    """Return whether what a file contains could be an exercise's file of that name."""
    if name.startswith('test_'):
        module = re.escape(exercise.source.stem)
        imports = rf'^[ \t]*(from|import)[ \t]+{module}\b'
        imports_it = re.search(imports, file.text, re.MULTILINE)
        return bool(imports_it and re.search(r'\bdef\s+test', file.text))
    asked_for = _functions(starter(exercise, name).decode())
    return _is_similar(file, name) and bool(asked_for & _functions(file.text))


def _functions(text: str) -> set[str]:
    """Return the names of the functions that a module defines."""
    return set(re.findall(r'^(?:async\s+)?def\s+(\w+)', text, re.MULTILINE))


def _is_similar(file: HandedIn, name: str) -> bool:
    """Return whether a file is called nearly like another name."""
    stem = file.path.stem.casefold()
    wanted = PurePosixPath(name).stem.casefold()
    return wanted in stem or SequenceMatcher(None, stem, wanted).ratio() >= SIMILAR


def listed(names: list[str]) -> str:
    """Return the first names, and how many more there are."""
    shown = ', '.join(names[:SHOWN])
    more = len(names) - SHOWN
    return f'{shown} and {more} more' if more > 0 else shown

"""Exercises: each is a folder with code under test, starter, solution and exercise.toml."""

import hashlib
import itertools
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from helpers.grader.exercise_file import FILE, HIDDEN, PLUGINS, ExerciseError, read_exercise
from helpers.kit import ROOT, WORK

FINAL_CHECK = 'final_check'


def _python() -> str:
    try:
        return os.path.relpath(sys.executable, ROOT)
    except ValueError:  # on another drive
        return sys.executable


PYTHON = _python()  # as typed in the kit's folder


class GraderError(Exception):
    """The kit itself is broken: the grader's fault, not the learner's."""


@dataclass(frozen=True)
class Variant:
    """The code under test, with one change."""

    text: str
    lines: tuple[int, ...] = ()  # the lines of the correct code that are changed
    old: str = ''
    new: str = ''
    name: str = ''
    symptom: str = ''
    ask: str = ''


@dataclass(frozen=True)
class WrittenFile:
    """One file that the learner writes."""

    name: str
    starter: Path
    solution: Path
    sha256: str = ''  # of the starter, to report an edit in the wrong place
    changes: tuple[dict[str, str], ...] = ()  # what in the solution differs where a learner works
    checks: str = ''  # the file of tests that it must pass
    defines: tuple[str, ...] = ()  # what it must define itself
    not_from: tuple[str, ...] = ()  # the modules from which that must not be imported

    def solved(self) -> str:
        """Return the solution, changed so that it runs where a learner works."""
        text = self.solution.read_text(encoding='utf-8')
        for change in self.changes:
            text = _replace_once(text, change['old'], change['new'], self.solution.name)
        return text

    def is_solution(self, path: Path) -> bool:
        """Return whether a file is the solution, word for word."""
        try:
            text = path.read_text(encoding='utf-8')
        except (OSError, ValueError):
            return False
        return text in (self.solution.read_text(encoding='utf-8'), self.solved())

    def digest(self) -> str:
        """Return the SHA-256 of the starter, which does not depend on its line endings."""
        text = self.starter.read_text(encoding='utf-8', errors='replace')
        return hashlib.sha256(text.encode()).hexdigest()

    def edited(self) -> bool:
        """Whether the starter is not as it was shipped, as far as that is known."""
        return bool(self.sha256) and self.digest() != self.sha256


@dataclass(frozen=True)
class Exercise:
    """One exercise, wherever its folder lies."""

    folder: Path  # has the exercise.toml

    @cached_property
    def data(self) -> dict[str, Any]:
        """What exercise.toml says. Raises ExerciseError."""
        return read_exercise(self.folder)

    @property
    def hidden(self) -> bool:
        """Whether its folder lies out of sight, inside the folder of its code."""
        return self.folder.name == HIDDEN

    @property
    def name(self) -> str:
        """The name of the folder with the code."""
        return self.code_folder.name

    @property
    def code_folder(self) -> Path:
        """The folder with the code that is tested, or patched."""
        return self.folder.parent if self.hidden else self.folder

    @property
    def of_the_kit(self) -> bool:
        """Whether it comes with the kit: it lies where the kit's own exercises do."""
        if not self.folder.is_relative_to(ROOT):
            return False
        stage, *rest = self.folder.relative_to(ROOT).parts or ['']
        return rest in ([HIDDEN], [FINAL_CHECK]) or (len(rest) == 2 and rest[0] == 'drills')

    @property
    def scratch_name(self) -> str:
        """The name of its folder in a scratch tree.

        Elsewhere the folder may have any name, such as one with brackets, which mean something to
        pytest and coverage.
        """
        return self.name if self.hidden else 'exercise'

    @property
    def work(self) -> Path:
        """The folder in which the learner works."""
        if self.hidden or not self.of_the_kit:
            return self.code_folder / WORK
        stage = self.folder.relative_to(ROOT).parts[0]
        return ROOT / stage / WORK / self.name

    @property
    def title(self) -> str:
        """What it is about, in a few words."""
        return str(self.data['title'])

    @property
    def minutes(self) -> int:
        """The minutes that it takes."""
        return int(self.data['minutes'])

    @property
    def read(self) -> list[str]:
        """What to read about it."""
        return list(self.data['read'])

    @property
    def next(self) -> str:
        """What to read when it is solved, if anything."""
        return str(self.data.get('next', ''))

    @property
    def final(self) -> bool:
        """Whether it checks what was learnt: it gives no hints."""
        return bool(self.data.get('final', False))

    @property
    def grades_tests(self) -> bool:
        """Whether the learner writes tests, which have to catch bugs."""
        return 'source' in self.data

    @property
    def gates(self) -> tuple[str, ...]:
        """The names of the gates that a submission has to pass, in order."""
        if not self.grades_tests:
            return ('found', 'patched', 'tests', 'switching')
        gates = ('found', 'passes', 'branches', 'bugs')
        return ('helpers', *gates) if self.checked else gates

    @cached_property
    def written(self) -> dict[str, WrittenFile]:
        """The files that the learner writes, by name; the last one has the tests."""
        default = f'test_{Path(self.data["source"]).name}' if self.grades_tests else ''
        entries = self.data.get('write') or [{'file': default}]
        return {entry['file']: self._written(entry) for entry in entries}

    def _written(self, entry: dict[str, Any]) -> WrittenFile:
        name = entry['file']
        return WrittenFile(
            name,
            self.folder / entry.get('starter', f'starter/{name}'),
            self.folder / entry.get('solution', f'solution/{name}'),
            entry.get('sha256', ''),
            tuple(entry.get('change', ())),
            entry.get('checks', ''),
            tuple(entry.get('defines', ())),
            tuple(entry.get('not_from', ())),
        )

    def check_files(self) -> None:
        """Raise ExerciseError unless every starter and every solution is there."""
        for file in self.written.values():
            for path in file.starter, file.solution:
                if not path.is_file():
                    raise ExerciseError(
                        f'{display_path(self.folder)}: there is no {path.parent.name}/{path.name}: '
                        'put it there.'
                    )

    @property
    def checked(self) -> WrittenFile | None:
        """The file that is graded by checks of its own, if any."""
        return next((file for file in self.written.values() if file.checks), None)

    @property
    def tests(self) -> str:
        """The name of the file of tests, or of the only file."""
        return list(self.written)[-1]

    @property
    def submission(self) -> Path:
        """What is graded by default: the one file, or the folder if there are several."""
        return self.work / self.tests if len(self.written) == 1 else self.work

    @property
    def plugins(self) -> list[str]:
        """The modules of the pytest plugins that the tests need."""
        return [PLUGINS[name] for name in self.data.get('plugins', [])]

    @property
    def runner(self) -> str:
        """The function that runs a coroutine in the tests; '' if Python's own tools do."""
        return str(self.data.get('runner', ''))

    @property
    def cover(self) -> list[str]:
        """The functions of which every branch must run; none means the whole file."""
        return list(self.data.get('cover', []))

    @property
    def patch(self) -> list[str] | None:
        """The names that tests may replace; None means any."""
        return self.data.get('patch')

    @property
    def runs(self) -> Path | None:
        """The folder of the code that the learner's program runs, if it runs any."""
        return (self.folder / self.data['runs']).resolve() if 'runs' in self.data else None

    @cached_property
    def source(self) -> Path:
        """The code under test."""
        return (self.folder / self.data['source']).resolve()

    @cached_property
    def correct(self) -> list[Variant]:
        """The correct code: as it is, then in other shapes, if there are any."""
        original = Variant(self.source.read_text(encoding='utf-8'))
        return [original, *map(self._variant, self.data.get('correct', []))]

    @cached_property
    def bugs(self) -> list[Variant]:
        """The planted bugs."""
        return [self._variant(bug) for bug in self.data.get('bug', [])]

    def _variant(self, change: dict[str, str]) -> Variant:
        text = self.source.read_text(encoding='utf-8')
        old = change['old']
        changed = _replace_once(text, old, change['new'], self.source.name)
        first = text[: text.index(old)].count('\n') + 1
        last = first + len(old.rstrip('\n').splitlines())
        return Variant(changed, tuple(range(first, last)), **change)

    def hints(self, gate: str) -> list[str]:
        """Return the hints for a gate; commands in them use the Python that is running."""
        hints = self.data.get('hints', [])
        texts = hints.get(gate, []) if isinstance(hints, dict) else hints
        return [text.replace('PYTHON', PYTHON) for text in texts]

    @property
    def series(self) -> list['Exercise']:
        """The exercises that it is one of, in order."""
        if self.hidden:
            folders = self.code_folder.parent.glob(f'*/{HIDDEN}')
        else:
            folders = self.folder.parent.glob(f'*/{FILE}')
        found = {path if path.is_dir() else path.parent for path in folders}
        return [Exercise(folder) for folder in sorted(found)]

    @property
    def position(self) -> str:
        """Its place among the others, such as 'Drill 4 of 14'."""
        if not self.of_the_kit or self.final:
            return self.title
        names = [exercise.name for exercise in self.series]
        if len(names) == 1:
            return self.title
        kind = 'Exercise' if self.hidden else 'Drill'
        return f'{kind} {names.index(self.name) + 1} of {len(names)}'

    @property
    def command(self) -> str:
        """The command that grades the working copy."""
        if not self.of_the_kit:
            return f'nox -s drill -- "{display_path(self.folder)}"'
        if self.hidden:
            return f'nox -s {self.name[:2]}_exercise'
        if self.final:
            return 'nox -s final'
        return f'nox -s drill -- {self.name}'

    def command_with(self, option: str) -> str:
        """Return the command with an option, such as --hint."""
        separator = ' ' if ' -- ' in self.command else ' -- '
        return f'{self.command}{separator}{option}'

    def start(self) -> list[Path]:
        """Copy what the learner's folder does not have yet; return the new files to edit.

        Beside a drill's tests lies a copy of its code, so that they run by themselves.
        """
        self.work.mkdir(parents=True, exist_ok=True)
        existing = {path.name for path in self.work.iterdir()}
        missing = [file for file in self.written.values() if file.name not in existing]
        for file in missing:
            shutil.copy(file.starter, self.work / file.name)
        if not self.hidden:
            for path in self.code_folder.glob('*.py'):
                if path.name not in existing and path.name not in self.written:
                    shutil.copy(path, self.work)
        return [self.work / file.name for file in missing]

    def replace(self, solution: bool = False) -> Iterator[tuple[Path, Path | None]]:
        """Write the starter, or the solution; yield each file and what the old one is now called.

        A file is kept, under a new name, if the learner has changed it.
        """
        self.work.mkdir(parents=True, exist_ok=True)
        contents = {}
        for file in self.written.values():
            contents[file.name] = [file.starter.read_bytes(), file.solved().encode()]
        if not self.hidden:
            contents[self.source.name] = [self.source.read_bytes()]
        for name, known in contents.items():
            path = self.work / name
            kept = None
            existing = {other.name for other in self.work.iterdir()}
            if name in existing and not _has_one_of(path, known):
                kept = path.rename(self.work / _unused_name(name, existing))
            path.write_bytes(known[-1] if solution else known[0])
            if name in self.written or kept:
                yield path, kept

    def edited_starters(self) -> list[Path]:
        """Return the starter files that are not as they were shipped."""
        return [file.starter for file in self.written.values() if file.edited()]


def _replace_once(text: str, old: str, new: str, file: str) -> str:
    """Replace a passage that a file has exactly once; raise GraderError if it does not."""
    if text.count(old) != 1:
        raise GraderError(f'{file} has {old!r} {text.count(old)} times, not once')
    return text.replace(old, new)


def _has_one_of(path: Path, contents: list[bytes]) -> bool:
    return path.is_file() and path.read_bytes() in contents


def _unused_name(name: str, existing: set[str]) -> str:
    """Return a name under which pytest does not collect the old file."""
    for number in itertools.count(1):
        unused = f'old{number}_{name}'
        if unused not in existing:
            break
    return unused


def _named(folders: Iterable[Path]) -> dict[str, Exercise]:
    """Return the exercises in some folders, by their names."""
    exercises = [Exercise(folder) for folder in sorted(folders)]
    return {exercise.name: exercise for exercise in exercises}


EXERCISES = _named(ROOT.glob(f'*/{HIDDEN}'))  # one for each stage
DRILLS = _named(path.parent for path in ROOT.glob(f'*/drills/*/{FILE}'))
FINAL = _named(path.parent for path in ROOT.glob(f'*/{FINAL_CHECK}/{FILE}'))


def all_exercises() -> list[Exercise]:
    """Return every exercise that comes with the kit, stage by stage."""
    found = [*EXERCISES.values(), *DRILLS.values(), *FINAL.values()]
    return sorted(found, key=lambda exercise: exercise.folder)


def find(text: str, numbered: dict[str, Exercise] = EXERCISES) -> list[Exercise]:
    """Return the exercises that a name, a part of a name, or a number among some may mean."""
    for exercise in all_exercises():
        if text == exercise.name:
            return [exercise]
    for exercise in numbered.values():
        number, _, _ = exercise.name.partition('_')
        if text in (number, number.lstrip('0')):
            return [exercise]
    drills = [*DRILLS.values(), *FINAL.values()]
    return [exercise for exercise in drills if text.lower() in exercise.name]


def display_path(path: Path) -> str:
    """Return a path as typed in the kit's folder."""
    path = path.resolve()
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)

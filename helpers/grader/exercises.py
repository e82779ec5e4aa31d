"""The three exercises: their files, their solutions, their bugs, and where the learner works."""

import hashlib
import itertools
import os
import shutil
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from helpers.kit import ROOT, WORK


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
class Exercise:
    """One exercise."""

    stage: str  # its folder
    gates: tuple[str, ...]
    solution: dict[str, str]  # each file that the learner writes, and the kit's file that solves it
    lesson: str  # the lesson that comes next

    @property
    def number(self) -> int:
        """1, 2 or 3."""
        return int(self.stage[:2])

    @property
    def grades_tests(self) -> bool:
        """Whether the learner writes tests, which have to catch bugs."""
        return 'bugs' in self.gates

    @property
    def command(self) -> str:
        """The command that grades the working copy."""
        return f'nox -s {self.number:02}_exercise'

    @property
    def folder(self) -> Path:
        """The folder with the starter and the bugs."""
        return ROOT / self.stage / '.exercise'

    @property
    def work(self) -> Path:
        """The folder in which the learner works."""
        return ROOT / self.stage / WORK

    @property
    def submission(self) -> Path:
        """What is graded by default: the one file, or the folder if there are several."""
        return self.work / self.tests if len(self.solution) == 1 else self.work

    @property
    def tests(self) -> str:
        """The name of the file of tests, or of the only file."""
        return list(self.solution)[-1]

    @cached_property
    def _data(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / 'exercise.toml').read_text(encoding='utf-8'))

    @cached_property
    def source(self) -> Path:
        """The code under test."""
        return ROOT / self.stage / self._data['source']

    @cached_property
    def correct(self) -> list[Variant]:
        """The correct code, as it is and rewritten."""
        original = Variant(self.source.read_text(encoding='utf-8'))
        return [original, *map(self._variant, self._data['correct'])]

    @cached_property
    def bugs(self) -> list[Variant]:
        """The planted bugs."""
        return [self._variant(bug) for bug in self._data['bug']]

    @property
    def hints(self) -> dict[str, list[str]]:
        """The hints for each gate; commands in them use the Python that is running."""
        hints: dict[str, list[str]] = {}
        for gate, texts in self._data['hints'].items():
            hints[gate] = [text.replace('PYTHON', PYTHON) for text in texts]
        return hints

    def _variant(self, change: dict[str, str]) -> Variant:
        text = self.source.read_text(encoding='utf-8')
        old = change['old']
        changed = _replace_once(text, old, change['new'], self.source.name)
        first = text[: text.index(old)].count('\n') + 1
        last = first + len(old.rstrip('\n').splitlines())
        return Variant(changed, tuple(range(first, last)), **change)

    def start(self) -> list[Path]:
        """Copy the starter files that my_work does not have yet; return the new files."""
        self.work.mkdir(exist_ok=True)
        existing = {path.name for path in self.work.iterdir()}
        missing = [name for name in self.solution if name not in existing]
        for name in missing:
            shutil.copy(self.folder / name, self.work / name)
        return [self.work / name for name in missing]

    def replace(self, solution: bool = False) -> Iterator[tuple[Path, Path | None]]:
        """Write the starter, or the solution; yield each file and what the old one is now called.

        A file is kept, under a new name, if the learner has changed it.
        """
        self.work.mkdir(exist_ok=True)
        for name in self.solution:
            path = self.work / name
            kept = None
            starter = (self.folder / name).read_bytes()
            solved = self.solved(name).encode()
            existing = {other.name for other in self.work.iterdir()}
            if name in existing and not _has_one_of(path, starter, solved):
                kept = path.rename(self.work / _unused_name(name, existing))
            path.write_bytes(solved if solution else starter)
            yield path, kept

    def solved(self, name: str) -> str:
        """Return the solution of a file: the kit's own, changed so that it runs in my_work."""
        text = (ROOT / self.solution[name]).read_text(encoding='utf-8')
        for change in self._data.get('solution', []):
            if change['file'] == name:
                text = _replace_once(text, change['old'], change['new'], self.solution[name])
        return text

    def is_the_kits_own(self, name: str, path: Path) -> bool:
        """Return whether a file is the kit's solution, as it is or as --solution writes it."""
        try:
            text = path.read_text(encoding='utf-8')
        except (OSError, ValueError):
            return False
        original = (ROOT / self.solution[name]).read_text(encoding='utf-8')
        return text in (original, self.solved(name))

    def edited_starters(self) -> list[str]:
        """Return the names of the starter files that are not as they were shipped."""
        shipped = self._data['starter']
        return [name for name in self.solution if self.starter_digest(name) != shipped[name]]

    def starter_digest(self, name: str) -> str:
        """Return the SHA-256 of a starter file, which does not depend on its line endings."""
        text = (self.folder / name).read_text(encoding='utf-8', errors='replace')
        return hashlib.sha256(text.encode()).hexdigest()


def _replace_once(text: str, old: str, new: str, file: str) -> str:
    """Replace a passage that a file has exactly once; raise GraderError if it does not."""
    if text.count(old) != 1:
        raise GraderError(f'{file} has {old!r} {text.count(old)} times, not once')
    return text.replace(old, new)


def _has_one_of(path: Path, *contents: bytes) -> bool:
    return path.is_file() and path.read_bytes() in contents


def _unused_name(name: str, existing: set[str]) -> str:
    """Return a name under which pytest does not collect the old file."""
    for number in itertools.count(1):
        unused = f'old{number}_{name}'
        if unused not in existing:
            break
    return unused


EXERCISES = {
    exercise.stage: exercise
    for exercise in (
        Exercise(
            '01_sync',
            ('found', 'passes', 'branches', 'bugs'),
            {'test_receive.py': '01_sync/test_receive.py'},
            '02_greenlet/README.md',
        ),
        Exercise(
            '02_greenlet',
            ('found', 'patched', 'tests', 'switching'),
            {'green.py': '02_greenlet/green.py'},
            '03_asyncio/README.md',
        ),
        Exercise(
            '03_asyncio',
            ('helpers', 'found', 'passes', 'branches', 'bugs'),
            {
                'my_helpers.py': 'helpers/async_testing.py',
                'test_async_receive.py': '03_asyncio/test_async_receive.py',
            },
            'README.md',
        ),
    )
}


def display_path(path: Path) -> str:
    """Return a path as typed in the kit's folder."""
    path = path.resolve()
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)

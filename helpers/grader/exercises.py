"""The three exercises: their files, their solutions, their bugs, and where the learner works."""

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


PYTHON = _python()  # as one types it in the kit's folder


class GraderError(Exception):
    """The kit itself is not as it should be: the grader's mistake, not the learner's."""


@dataclass(frozen=True)
class Variant:
    """The code under test, with one change."""

    text: str
    lines: tuple[int, ...] = ()  # what has changed, by its place in the correct code
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
    solution: dict[str, str]  # each file that the learner writes: where its solution stands
    lesson: str  # the lesson that comes next

    @property
    def number(self) -> int:
        """1, 2 or 3."""
        return int(self.stage[:2])

    @property
    def grades_tests(self) -> bool:
        """Whether the learner writes tests, which are to catch bugs."""
        return 'bugs' in self.gates

    @property
    def command(self) -> str:
        """The command that grades the working copy."""
        return f'nox -s {self.number:02}_exercise'

    @property
    def folder(self) -> Path:
        """Where the starter and the bugs are."""
        return ROOT / self.stage / '.exercise'

    @property
    def work(self) -> Path:
        """The folder in which the learner works."""
        return ROOT / self.stage / WORK

    @property
    def submission(self) -> Path:
        """What is graded unless told otherwise: the one file, or the folder of several."""
        return self.work / self.tests if len(self.solution) == 1 else self.work

    @property
    def tests(self) -> str:
        """The name of the file of tests, or the one file there is."""
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
        """The correct code, as it stands and in another shape."""
        original = Variant(self.source.read_text(encoding='utf-8'))
        return [original, *map(self._variant, self._data['correct'])]

    @cached_property
    def bugs(self) -> list[Variant]:
        """The planted bugs."""
        return list(map(self._variant, self._data['bug']))

    @property
    def hints(self) -> dict[str, list[str]]:
        """The hints for each gate; the commands in them use the Python that runs now."""
        hints: dict[str, list[str]] = self._data['hints']
        return {gate: [hint.replace('PYTHON', PYTHON) for hint in hints[gate]] for gate in hints}

    def _variant(self, change: dict[str, str]) -> Variant:
        text, old = self.source.read_text(encoding='utf-8'), change['old']
        if text.count(old) != 1:
            raise GraderError(f'{self.source.name} has {old!r} {text.count(old)} times, not once')
        first = text[: text.index(old)].count('\n') + 1
        lines = tuple(range(first, first + len(old.rstrip('\n').splitlines())))
        return Variant(text.replace(old, change['new']), lines, **change)

    def start(self) -> list[Path]:
        """Copy the starter to where the learner works, as far as it is not there; return it."""
        self.work.mkdir(exist_ok=True)
        there = {path.name for path in self.work.iterdir()}
        missing = [name for name in self.solution if name not in there]
        for name in missing:
            shutil.copy(self.folder / name, self.work / name)
        return [self.work / name for name in missing]

    def replace(self, solution: bool = False) -> Iterator[tuple[Path, Path | None]]:
        """Put the starter, or the solution, in place; yield each file and where the old one is."""
        self.work.mkdir(exist_ok=True)
        for name in self.solution:
            path, kept = self.work / name, None
            starter, solved = (self.folder / name).read_bytes(), self.solved(name).encode()
            taken = [other.name for other in self.work.iterdir()]
            if name in taken and not (path.is_file() and path.read_bytes() in (starter, solved)):
                count = next(n for n in range(1, 10**6) if f'old{n}_{name}' not in taken)
                kept = path.rename(path.with_name(f'old{count}_{name}'))  # pytest leaves it alone
            path.write_bytes(solved if solution else starter)
            yield path, kept

    def solved(self, name: str) -> str:
        """Return the solution of a file; that of stage 3 uses the learner's own helpers."""
        text = (ROOT / self.solution[name]).read_text(encoding='utf-8')
        return text.replace('from helpers import', 'from my_helpers import')


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
    """Return a path as one types it in the kit's folder."""
    path = path.resolve()
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)

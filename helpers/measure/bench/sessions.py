"""Cold and warm `nox` beside the same steps by hand: the three stages, run on a copy of the kit.

Cold is without any environment; the packages, though, are in the caches of uv and pip, which only
ask the index whether they are up to date. By hand is `python -m venv` and `pip install` for each
stage, then its tests; warm by hand is its tests alone.
"""

import contextlib
import os
import runpy
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import nox.registry

from helpers.grader.exercises import EXERCISES, ROOT, WORK
from helpers.measure.bench.measure import Aim, Part, Way, run

HAND, NOX, VIRTUALENV = 'venv and pip by hand', 'nox[uv]', 'nox with virtualenv'
ENVIRONMENTS = '.nox'  # by hand, too, so that no tool looks into one and not into the other
SCRIPTS = 'Scripts' if os.name == 'nt' else 'bin'


class ByHand:
    """What a session does, for somebody who types it: it takes the place of nox.Session."""

    posargs = ()

    def __init__(self, kit: Path, stage: str, cold: bool) -> None:
        """Begin where there is no environment yet, or where it is complete."""
        self.kit, self.cold, self.seconds = kit, cold, 0.0
        self.environment = kit / ENVIRONMENTS / stage
        if cold:
            self._run(sys.executable, '-m', 'venv', self.environment)

    def install(self, *packages: str) -> None:
        """Install packages into the environment, unless they are there."""
        if self.cold:
            self._run(self._program('python'), '-m', 'pip', 'install', *packages)

    def run(self, program: str, *arguments: str, env: dict[str, str]) -> None:
        """Run a program of the environment."""
        self._run(self._program(program), *arguments, **env)

    def _program(self, name: str) -> Path:
        return self.environment / SCRIPTS / name

    def _run(self, *command: str | Path, **env: str) -> None:
        self.seconds += run(command, self.kit, **env)[0]


def by_hand(kit: Path, cold: bool) -> float:
    """Do by hand what the sessions of the stages do; return the seconds it took."""
    if cold:
        _remove_environments(kit)
    seconds = 0.0
    for stage in EXERCISES:
        hand = ByHand(kit, stage, cold)
        _sessions()[stage](hand)
        seconds += hand.seconds
    return seconds


def by_nox(kit: Path, cold: bool, backend: str) -> float:
    """Run `nox`; return the seconds it took."""
    if cold:
        _remove_environments(kit)
    # Forced, for a missing uv would be replaced by virtualenv without a word.
    command = [sys.executable, '-m', 'nox', '--force-venv-backend', backend]
    return run(command, kit)[0]


@cache
def _sessions() -> dict[str, Any]:
    with contextlib.chdir(ROOT):
        runpy.run_path('noxfile.py')  # registers the sessions
    return dict(nox.registry.get())


def _remove_environments(kit: Path) -> None:
    if (kit / ENVIRONMENTS).exists():
        shutil.rmtree(kit / ENVIRONMENTS)


def _copy(folder: Path) -> Path:
    ignored = shutil.ignore_patterns(WORK, '__pycache__')
    for name in 'helpers', *EXERCISES:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in 'noxfile.py', 'pyproject.toml', '.constraints.txt':
        shutil.copy(ROOT / name, folder)
    return folder


def _ways(folder: Path) -> Iterator[Way]:
    ways: dict[str, Callable[[Path, bool], float]] = {
        HAND: by_hand,
        NOX: partial(by_nox, backend='uv'),
        VIRTUALENV: partial(by_nox, backend='virtualenv'),
    }
    for number, (name, way) in enumerate(ways.items()):
        kit = _copy(folder / str(number))
        yield Way(name, 'cold', partial(way, kit, True))
        yield Way(name, 'warm', partial(way, kit, False))


PARTS = (
    Part(
        'The three stages from nothing (cold), and again (warm; by hand, pytest alone)',
        's',
        3,
        _ways,
        (
            Aim('cold nox[uv] beside venv and pip by hand', NOX, (HAND,), 'cold', 0.25),
            Aim('warm nox[uv] beside the bare pytest runs', NOX, (HAND,), 'warm', 2),
        ),
    ),
)

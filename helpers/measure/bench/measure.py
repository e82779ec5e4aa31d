"""What the parts of the bench have in common: ways to do a thing, run in turns, and aims."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from helpers.grader.supervisor import CLEAN_ENV, end_tree
from helpers.service.acceptance import OWN_GROUP


class BenchError(Exception):
    """Something that was to be measured did not do what it should have done."""


@dataclass(frozen=True)
class Way:
    """One way to do a thing, and its place in the table."""

    row: str
    column: str
    measure: Callable[[], float]  # does it once, and returns what that cost in the part's unit


@dataclass(frozen=True)
class Aim:
    """How often a row may cost what the cheapest of some others costs, in the same column."""

    text: str
    row: str
    others: tuple[str, ...]
    column: str
    at_most: float


@dataclass(frozen=True)
class Part:
    """What stands in one table; its first row is what the others are compared with."""

    title: str
    unit: str
    repeats: int  # unless the command line says otherwise
    ways: Callable[[Path], Iterator[Way]]  # takes an empty folder
    aims: tuple[Aim, ...] = ()


class Results(dict[tuple[str, str], list[float]]):
    """What each row and column of a part has cost, in the part's unit, each time."""

    def median(self, row: str, column: str) -> float:
        """Return the median of what a row has cost."""
        return median(self[row, column])

    def ratio(self, row: str, column: str, *others: str) -> float:
        """Return how often a row costs what the cheapest of the others costs, by their medians."""
        return self.median(row, column) / min(self.median(other, column) for other in others)


def in_turns(
    parts: Sequence[Part], repeats: int | None, folder: Path, screen: Console
) -> dict[Part, Results]:
    """Measure all ways in turns, so that what else the machine does hits all; show how far it is.

    The first turn is not counted: it fills the caches of bytecode and packages, and shows how long
    each way takes.
    """
    results = {part: Results() for part in parts}
    ways: list[tuple[Part, Way]] = []
    for number, part in enumerate(parts):
        (place := folder / str(number)).mkdir()
        ways += [(part, way) for way in part.ways(place)]
    turns = {part: repeats or part.repeats for part in parts}
    order = [(*way, turn) for turn in range(max(turns.values()) + 1) for way in ways]
    order = [(part, way, turn) for part, way, turn in order if turn <= turns[part]]
    seconds: dict[Way, float] = {}
    with _progress(screen) as progress:
        task = progress.add_task('', total=None)
        for number, (part, way, turn) in enumerate(order, 1):
            what = f'{number} of {len(order)}: {way.row}, {way.column}'
            progress.update(task, description=what)
            start = time.perf_counter()
            cost = way.measure()
            if turn:
                results[part].setdefault((way.row, way.column), []).append(cost)
                progress.advance(task, seconds[way])
                continue
            seconds[way] = time.perf_counter() - start
            if len(seconds) == len(ways):
                progress.update(task, total=sum(seconds[way] for _, way, turn in order if turn))
    return results


def _progress(screen: Console) -> Progress:
    return Progress(
        TextColumn('{task.description}'),
        BarColumn(None),
        TimeRemainingColumn(),
        console=screen,
        disable=not screen.is_terminal,
        transient=True,
        expand=True,
        speed_estimate_period=600,
    )


def run(command: Sequence[str | Path], folder: Path, **environment: str) -> tuple[float, str]:
    """Run a command in a folder; return the seconds it took, and what it printed.

    Raises BenchError if it fails. Ctrl-C ends it and all that it has started.
    """
    # nox hands its own settings down, and what a user has set for pytest is for other tests.
    inherited = {name: os.environ[name] for name in os.environ if not name.startswith('NOX')}
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=inherited | CLEAN_ENV | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding='utf-8',
        errors='replace',
        start_new_session=True,
        creationflags=OWN_GROUP,
    ) as process:
        try:
            output, errors = process.communicate()
        except BaseException:
            end_tree(process)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=5)  # until the last of them has let go of the pipes
            raise
    seconds = time.perf_counter() - start
    if process.returncode:
        lines = [*output.splitlines(), *errors.splitlines()][-10:]
        what = subprocess.list2cmdline(map(str, command))
        raise BenchError('\n'.join([f'{what}: exit status {process.returncode}', *lines]))
    return seconds, output

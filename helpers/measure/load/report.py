"""What a measurement says: the medians, the table, the aims, the answer; as JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

from rich import box
from rich.table import Table

from helpers.measure.load.measure import Run

COLUMNS = (
    'clients',
    'requests/s',
    'slower',
    'p50 s',
    'p99 s',
    'peak MB',
    'threads',
    'handles',
    'lost',
)
AIM = 1.25  # times that a server may be slower than its floor


@dataclass(frozen=True)
class LeftOut:
    """A server, or its floor, without figures under so many clients, and why.

    `tried`: it is the server that failed, not a limit of the system that was known before.
    """

    server: str
    floor: bool
    clients: int
    why: str
    tried: bool = False

    def __str__(self) -> str:
        """Return it in words."""
        floor = ' (its floor)' if self.floor else ''
        return f'{self.server}{floor} at {self.clients:,} clients: {self.why}'


@dataclass
class Report:
    """All that was measured, on which machine, and how."""

    machine: dict[str, Any]
    wait: float
    seconds: float
    repeats: int
    left_out: list[LeftOut] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def medians(self) -> dict[tuple[str, bool, int], Run]:
        """Return the medians of each server's runs, by its name, whether the floor, and clients.

        `lost` is no median: it is the sum.
        """
        groups: dict[tuple[str, bool, int], list[Run]] = {}
        for run in self.runs:
            groups.setdefault((run.server, run.floor, run.clients), []).append(run)
        return {key: _median(runs) for key, runs in groups.items()}

    def slower(self) -> dict[tuple[str, int], float]:
        """Return how many times a server is slower than its floor, by its name and the clients."""
        medians = self.medians()
        return {
            (server, clients): floor.rate / run.rate
            for (server, is_floor, clients), run in medians.items()
            if not is_floor and run.rate and (floor := medians.get((server, True, clients)))
        }

    def save(self, path: Path) -> None:
        """Write all to a file, a run a line."""
        whole = asdict(self)
        lists = {name: whole.pop(name) for name in ('left_out', 'runs')}
        parts = [f' {json.dumps(name)}: {json.dumps(value)}' for name, value in whole.items()]
        for name, rows in lists.items():
            lines = ',\n'.join(f'  {json.dumps(row)}' for row in rows)
            parts.append(f' {json.dumps(name)}: [\n{lines}\n ]' if rows else f' "{name}": []')
        path.write_text('{\n' + ',\n'.join(parts) + '\n}\n', encoding='utf-8')


def _median(runs: list[Run]) -> Run:
    measured = ('rate', 'p50', 'p99', 'memory', 'threads', 'handles')
    medians = {name: median(getattr(run, name) for run in runs) for name in measured}
    return replace(runs[0], **medians, lost=sum(run.lost for run in runs))


def load(path: Path) -> Report:
    """Return what was saved in a file; raise OSError or ValueError if there is none in it."""
    try:
        whole = json.loads(path.read_text(encoding='utf-8'))
        left_out = [LeftOut(**row) for row in whole.pop('left_out')]
        runs = [Run(**row) for row in whole.pop('runs')]
        return Report(**whole, left_out=left_out, runs=runs)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError(f'{path} was not written by --json') from None


def table(report: Report) -> Table:
    """Return the medians as a table of at most 80 columns."""
    caption = (
        f'Medians of {report.repeats}, {report.seconds:g} s each. The handler waits '
        f'{report.wait:g} s. slower: times its floor.'
    )
    shown = Table('server', box=box.SIMPLE_HEAD, padding=0, caption=caption, caption_justify='left')
    for name in COLUMNS:
        shown.add_column(name, justify='right', no_wrap=True)
    slower = report.slower()
    for (server, floor, clients), run in report.medians().items():
        if floor:
            continue
        times = slower.get((server, clients))
        shown.add_row(
            server,
            f'{clients:,}',
            f'{run.rate:,.0f}',
            '–' if times is None else f'{times:.2f}',
            f'{run.p50:.3f}',
            f'{run.p99:.3f}',
            f'{run.memory:,.0f}',
            f'{run.threads:,.0f}',
            f'{run.handles:,.0f}',
            f'{run.lost:,}',
        )
    return shown


def aims(report: Report) -> Iterator[tuple[bool | None, str]]:
    """Yield each aim, and whether it was reached; None if nothing was measured."""
    good = True if report.runs else None
    over = {key: times for key, times in report.slower().items() if times > AIM}
    misses = ', '.join(f'{name} at {n:,} ({times:.2f})' for (name, n), times in over.items())
    within = f'each server within {AIM} times of its floor'
    yield not over and good, within + (f'; but {misses}' if over else '')
    lost = [
        f'{run.server} at {run.clients:,} ({run.lost:,})'
        for run in report.medians().values()
        if run.lost
    ]
    lost += [f'{it.server} at {it.clients:,} (given up)' for it in report.left_out if it.tried]
    yield not lost and good, 'nothing lost' + (f'; but {", ".join(lost)}' if lost else '')


def answer(report: Report) -> str:
    """Return what green threads and asyncio bought, by the figures; '' if they do not tell."""
    medians = report.medians()
    levels = [n for name, floor, n in medians if name == 'threads' and not floor]
    if not levels:
        return ''
    most = max(levels)
    threads = medians['threads', False, most]
    told = []
    for name in 'gevent', 'eventlet', 'asyncio':
        if other := medians.get((name, False, most)):
            told.append(
                f'{name} {other.rate / threads.rate:.2f} times the requests on '
                f'{other.threads:,.0f} OS thread(s) and {other.memory / threads.memory:.2f} times '
                f'the memory'
            )
    if not told:
        return ''
    beside = f'a thread for each of {most:,} clients ({threads.threads:,.0f} OS threads, '
    return f'Beside {beside}{threads.memory:,.0f} MB): {"; ".join(told)}.'

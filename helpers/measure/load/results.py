"""What was measured: saved as JSON, shown as a table, compared with the aims."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

from rich import box
from rich.table import Table

from helpers.measure.load.run import Run

AIM = 1.25  # times that a server may be slower than its baseline


@dataclass
class Results:
    """The medians of all runs, the conditions of measuring, and one line for each failure."""

    conditions: dict[str, Any]
    runs: list[Run] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def find(self, server: str, baseline: bool, clients: int) -> Run | None:
        """Return the run of a server, or of its baseline, with so many clients, if there is one."""
        for run in self.runs:
            if (run.server, run.baseline, run.clients) == (server, baseline, clients):
                return run
        return None

    def save(self, file: Path) -> None:
        """Write all to a file, one run per line."""
        rows = [json.dumps(asdict(run)) for run in self.runs]
        text = f'{{"conditions": {json.dumps(self.conditions)},\n'
        text += f'"failed": {json.dumps(self.failed)},\n"runs": [\n'
        text += ',\n'.join(rows) + '\n]}\n'
        file.write_text(text, encoding='utf-8')


def load(file: Path) -> Results:
    """Return what was saved in a file; raise OSError or ValueError if it holds no results."""
    try:
        saved = json.loads(file.read_text(encoding='utf-8'))
        runs = [Run(**row) for row in saved['runs']]
        return Results(saved['conditions'], runs, saved['failed'])
    except (ValueError, KeyError, TypeError):
        raise ValueError(f'{file} was not written by nox -s load') from None


def medians(runs: list[Run]) -> Run:
    """Return the medians of several runs of one kind, rounded; of the lost requests, the sum."""
    digits = {'rate': 1, 'p50': 4, 'p99': 4, 'memory': 1, 'threads': 0, 'files': 0}
    values = {}
    for name, places in digits.items():
        values[name] = round(median(getattr(run, name) for run in runs), places or None)
    return replace(runs[0], **values, lost=sum(run.lost for run in runs))


def draw_table(results: Results) -> Table:
    """Return the medians as a table of at most 80 columns."""
    table = Table('server', box=box.SIMPLE_HEAD, padding=0)
    columns = ['clients', 'answers/s', 'slower', 'p50 s', 'p99 s', 'MB', 'threads', 'files', 'lost']
    for column in columns:
        table.add_column(column, justify='right', no_wrap=True)
    for run in results.runs:
        if run.baseline:
            continue
        baseline = results.find(run.server, True, run.clients)
        slower = f'{baseline.rate / run.rate:.2f}' if baseline and run.rate else '–'
        table.add_row(
            run.server,
            f'{run.clients:,}',
            f'{run.rate:,.0f}',
            slower,
            f'{run.p50:.3f}',
            f'{run.p99:.3f}',
            f'{run.memory:,.0f}',
            f'{run.threads:,}',
            f'{run.files:,}',
            f'{run.lost:,}',
        )
    return table


def check_aims(results: Results) -> Iterator[tuple[bool, str]]:
    """Yield whether each aim was reached, in words."""
    slow = []
    lost = []
    for run in results.runs:
        baseline = results.find(run.server, True, run.clients)
        if not run.baseline and baseline and baseline.rate > AIM * run.rate:
            slow.append(f'{run.server} at {run.clients:,}')
        if run.lost:
            lost.append(f'{run.server} at {run.clients:,} ({run.lost:,})')
    yield not slow, f'each server at most {AIM} times slower than its baseline' + _but(slow)
    yield not lost, 'no request without an answer' + _but(lost)
    yield not results.failed, 'no server failed' + _but(results.failed)


def _but(misses: list[str]) -> str:
    return f'; but {", ".join(misses)}' if misses else ''

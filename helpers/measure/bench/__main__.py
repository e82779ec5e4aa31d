"""Measure the kit beside the other ways, in one run: tests, mocks, the grader, nox.

All ways take turns, and medians are shown, each also as a multiple of its table's first row. The
aims at the end are what this kit tries to reach, and fail nothing.
"""

import argparse
import json
import os
import sys
import tempfile
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from helpers.cli import MARKS, Parser, console, handle_sigint
from helpers.measure.bench import grading, mocks, sessions, tests_of_each_kind
from helpers.measure.bench.measure import Aim, BenchError, Part, Results, in_turns
from helpers.measure.machine import host_info

PARTS = {
    'tests': tests_of_each_kind.PARTS,
    'mocks': mocks.PARTS,
    'grader': grading.PARTS,
    'nox': sessions.PARTS,
}


def main() -> int:
    """Measure, print the tables and the aims, write the file; return the exit status."""
    given = _arguments()
    parts = [part for name in PARTS if name in (given.only or PARTS) for part in PARTS[name]]
    screen = console()
    handle_sigint('SIGTERM', 'SIGHUP')
    try:
        results = _measure(parts, given.repeats, screen)
        _show(results, screen)
        given.json.write_text(json.dumps(_report(results), indent=1), encoding='utf-8')
    except KeyboardInterrupt:
        return 130
    except (BenchError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    screen.print(f'Every measurement: {escape(str(given.json))}', soft_wrap=True)
    return 0


def _arguments() -> argparse.Namespace:
    parser = Parser(prog='nox -s bench --', description=__doc__)
    parser.add_argument('--repeats', type=int, help='turns that count (default: 7; nox: 3)')
    parser.add_argument(
        '--only', nargs='+', choices=PARTS, metavar='PART', help=f'of {", ".join(PARTS)}'
    )
    parser.add_argument(
        '--json',
        type=Path,
        metavar='FILE',
        default=Path('bench.json'),
        help='where to write every measurement (default: bench.json, which git ignores)',
    )
    given = parser.parse_args()
    if given.repeats is not None and given.repeats < 1:
        parser.error('--repeats: at least 1')
    if given.json.is_dir() or not given.json.parent.is_dir():
        parser.error(f'--json: {given.json} cannot be written')
    return given


def _measure(parts: list[Part], repeats: int | None, screen: Console) -> dict[Part, Results]:
    with tempfile.TemporaryDirectory(prefix='bench-', ignore_cleanup_errors=True) as folder:
        # What a command that is killed leaves behind goes with the folder, too.
        os.environ.update(dict.fromkeys(('TMPDIR', 'TEMP', 'TMP'), folder))
        return in_turns(parts, repeats, Path(folder).resolve(), screen)


def _show(results: dict[Part, Results], screen: Console) -> None:
    for part, measured in results.items():
        screen.print(Text(part.title, 'bold'), _table(part, measured))
    if any(part.aims for part in results):
        screen.print(Text('What this kit aims at', 'bold'), Padding(_aims(results), (1, 2)))


def _table(part: Part, results: Results) -> Table:
    rows, columns = (list(dict.fromkeys(names)) for names in zip(*results, strict=True))
    table = Table(box=box.SIMPLE)
    table.add_column(f'medians, in {part.unit}', no_wrap=True)
    for column in columns:
        table.add_column(column, justify='right', no_wrap=True)
    for row in rows:
        table.add_row(Text(row), *(_cell(results, row, column, rows[0]) for column in columns))
    return table


def _cell(results: Results, row: str, column: str, floor: str) -> Text:
    if (row, column) not in results:
        return Text()
    ratio = f'{results.ratio(row, column, floor):.2f}x'
    return Text.assemble(_short(results.median(row, column)), (f'{ratio:>8}', 'dim'))


def _short(number: float) -> str:
    """Return a number to three digits, never as a power of ten."""
    return f'{number:.0f}' if number >= 100 else f'{number:#.3g}'


def _aims(results: dict[Part, Results]) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    for part, measured in results.items():
        for aim in part.aims:
            ratio = _ratio(aim, measured)
            mark, style = MARKS[ratio <= aim.at_most]
            numbers = f'{ratio:.2f}x', f'(aim: {aim.at_most}x)'
            grid.add_row(Text(mark, style), *numbers, Text(aim.text))
    return grid


def _ratio(aim: Aim, measured: Results) -> float:
    return measured.ratio(aim.row, aim.column, *aim.others)


def _report(results: dict[Part, Results]) -> dict[str, Any]:
    """Return what is written to the file."""
    return {
        'machine': host_info(),
        'packages': {found.name: found.version for found in distributions()},
        'measured': [
            {
                'table': part.title,
                'unit': part.unit,
                'row': row,
                'column': column,
                'median': measured.median(row, column),
                'each': each,
            }
            for part, measured in results.items()
            for (row, column), each in measured.items()
        ],
        'aims': [
            {'aim': aim.text, 'at_most': aim.at_most, 'measured': _ratio(aim, measured)}
            for part, measured in results.items()
            for aim in part.aims
        ],
    }


if __name__ == '__main__':
    sys.exit(main())

"""Measure the four servers, each beside a bare echo server, with 1 to 10,000 clients.

Servers and echo servers take turns. What fails is reported in one line, and the others go on.
"""

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from helpers.cli import MARKS, Parser, console, quiet_on_ctrl_c
from helpers.measure.load import results as saved
from helpers.measure.load.results import Results, check_aims, draw_table, medians
from helpers.measure.load.run import Failed, Run, measure
from helpers.measure.machine import host_info
from helpers.service.acceptance import SERVERS

WAIT = 0.2  # seconds, of the handler, as in lesson 2
MOST_CLIENTS = 50_000
SPARE_FILES = 100  # open files that a process needs besides those for its clients


@quiet_on_ctrl_c
def main() -> int:
    """Measure, print the table and the aims, save what was measured; return the exit status."""
    given, parser = parse_arguments()
    screen = console()
    try:
        if given.redraw:
            results = saved.load(given.redraw / 'load.json')
        else:
            results = measure_all(given, screen)
        report(results, screen)
        folder = given.save or given.redraw
        if folder:
            from helpers.measure.load import chart  # matplotlib is needed for nothing else

            results.save(folder / 'load.json')
            chart.draw_rate(results, folder / 'load.png')
            chart.draw_all(results, folder / 'load-all.png')
    except (OSError, ValueError) as error:
        parser.error(str(error))
    return 0


def parse_arguments() -> tuple[argparse.Namespace, Parser]:
    """Return what the command line asks for, and the parser; exit with status 2 if it is wrong."""
    parser = Parser(prog='nox -s load --', description=__doc__)
    parser.add_argument(
        '--clients',
        type=client_count,
        nargs='+',
        default=[1, 10, 100, 1000, 10_000],
        help='how many at a time (default: 1 10 100 1000 10000)',
    )
    parser.add_argument(
        '--servers', nargs='+', choices=SERVERS, default=[*SERVERS], help='default: all four'
    )
    parser.add_argument(
        '--fast', action='store_true', help='one run of 0.2 s of each, not three of 1 s'
    )
    parser.add_argument(
        '--save', type=Path, metavar='FOLDER', help='save load.json and its two charts there'
    )
    parser.add_argument(
        '--redraw', type=Path, metavar='FOLDER', help='draw the charts of its load.json again'
    )
    given = parser.parse_args()
    for folder in given.save, given.redraw:
        if folder and not folder.is_dir():  # not after minutes of measuring
            parser.error(f'there is no folder {folder}')
    return given, parser


def client_count(text: str) -> int:
    """Return a number of clients from the command line; raise ArgumentTypeError if it is none."""
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= MOST_CLIENTS):
        raise argparse.ArgumentTypeError(f'{text!r}: use a number from 1 to {MOST_CLIENTS:,}')
    return int(text)


def measure_all(given: argparse.Namespace, screen: Console) -> Results:
    """Measure in turns; report in one line what fails, and do not try that again."""
    raise_open_files_limit(max(given.clients) + SPARE_FILES)
    seconds, repeats = (0.2, 1) if given.fast else (1, 3)
    results = Results(host_info() | {'wait': WAIT, 'seconds': seconds, 'repeats': repeats})
    runs: dict[tuple[str, bool, int], list[Run]] = {}
    for clients in sorted({*given.clients}):
        for server in given.servers:
            runs[server, False, clients] = []
            runs[server, True, clients] = []
    with Progress(console=screen, transient=True) as progress:
        task = progress.add_task('', total=len(runs) * repeats)
        for _ in range(repeats):
            for server, baseline, clients in list(runs):
                name = f'{server}{" (its baseline)" if baseline else ""} at {clients:,}'
                progress.update(task, description=name)
                try:
                    run = measure(server, baseline, clients, seconds, WAIT)
                    runs[server, baseline, clients].append(run)
                except Failed as error:
                    del runs[server, baseline, clients]
                    results.failed.append(f'{name}: {error}')
                    screen.print(Text(f'failed: {name}: {error}'), soft_wrap=True)
                progress.advance(task)
    results.runs = [medians(measured) for measured in runs.values()]
    return results


def raise_open_files_limit(wanted: int) -> None:
    """Let this process, and those it starts, open so many files, as far as the system allows."""
    try:
        import resource
    except ModuleNotFoundError:
        return  # Windows has no such limit
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):
        return  # macOS allows fewer than it says


def report(results: Results, screen: Console) -> None:
    """Print the table and the aims."""
    screen.print(draw_table(results))
    repeats, seconds = results.conditions['repeats'], results.conditions['seconds']
    screen.print(
        f'Medians of {repeats}, {seconds:g} s each; slower: compared with a bare echo server.'
    )
    for reached, aim in check_aims(results):
        screen.print(Text(f'{MARKS[reached]} {aim}'), soft_wrap=True)


if __name__ == '__main__':
    sys.exit(main())

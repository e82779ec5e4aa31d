"""The four servers, each beside a bare echo server of its framework, under 1 to 10,000 clients."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from helpers.cli import MARKS, Parser, console, handle_sigint
from helpers.measure.load.limits import limits
from helpers.measure.load.measure import Failed, measure
from helpers.measure.load.picture import picture
from helpers.measure.load.report import LeftOut, Report, aims, answer, load, table
from helpers.measure.machine import host_info
from helpers.service.acceptance import SERVERS

WAIT = 0.2  # seconds, of the handler, as in lesson 2
MOST = {'clients': 50_000, 'seconds': 60, 'repeats': 100}


def main() -> int:
    """Measure as the command line says, print the table and write the files; return the status."""
    parser = _parser()
    given = parser.parse_args()
    screen = console()
    handle_sigint('SIGTERM', 'SIGHUP')
    for path in given.json, given.svg:
        if path and (path.is_dir() or not path.parent.is_dir()):  # not after minutes of measuring
            parser.error(f'{path} cannot be written')
    try:
        report = load(given.draw) if given.draw else _measured(given, screen)
        _tell(report, screen)
        if given.json:
            report.save(given.json)
        if given.svg:
            given.svg.write_text(picture(report), encoding='utf-8')
    except KeyboardInterrupt:
        return 130
    except (OSError, ValueError) as error:
        parser.error(str(error))
    return 0


def _tell(report: Report, screen: Console) -> None:
    screen.print(table(report))
    for reached, aim in aims(report):
        mark, style = MARKS[reached]
        screen.print(f'[{style}]{mark}[/] {aim}')
    for missing in report.left_out:
        screen.print(f'· left out: {missing}')
    screen.print(answer(report))


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog='nox -s load --', description=__doc__)
    parser.add_argument(
        '--clients',
        type=_number('clients', int),
        nargs='+',
        default=[1, 10, 100, 1000, 10_000],
        help='how many at a time (default: 1 10 100 1000 10000)',
    )
    parser.add_argument(
        '--servers',
        nargs='+',
        choices=SERVERS,
        default=[*SERVERS],
        help='which ones (default: all four)',
    )
    parser.add_argument(
        '--seconds',
        type=_number('seconds', float),
        default=1,
        help='how long the clients of a run ask (default: 1)',
    )
    parser.add_argument(
        '--repeats', type=_number('repeats', int), default=3, help='runs of each (default: 3)'
    )
    parser.add_argument('--json', type=Path, metavar='FILE', help='write what was measured there')
    parser.add_argument('--svg', type=Path, metavar='FILE', help='draw it there')
    parser.add_argument(
        '--draw', type=Path, metavar='FILE', help='measure nothing: take what --json wrote'
    )
    return parser


def _number(what: str, kind: type) -> Callable[[str], float]:
    def number(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = 0
        if not 0 < value <= MOST[what]:
            raise argparse.ArgumentTypeError(f'{text!r}: use a number up to {MOST[what]:,}')
        return value

    return number


def _measured(given: argparse.Namespace, screen: Console) -> Report:
    """Tell the limits, then measure: servers and floors in turns, so that noise hits all."""
    report = Report(host_info(), WAIT, given.seconds, given.repeats)
    levels, servers = sorted({*given.clients}), [name for name in SERVERS if name in given.servers]
    found = limits(max(levels))
    pairs = []
    for clients in levels:
        for server in servers:
            limit = next((limit for limit in found if limit.forbids(server, clients)), None)
            if limit:
                report.left_out.append(LeftOut(server, False, clients, limit.why))
                told = f'left out, {report.left_out[-1]}; cure: {limit.cure}'
                screen.print(told, soft_wrap=True)
            else:
                pairs.append((server, clients))
    turns = [(server, floor, n) for server, n in pairs for floor in (False, True)] * given.repeats
    failed: set[tuple[str, bool, int]] = set()
    with Progress(console=screen, transient=True) as progress:
        task = progress.add_task('', total=len(turns))
        for turn in turns:
            server, floor, clients = turn
            progress.update(task, description=f'{server}{" floor" if floor else ""}, {clients:,}')
            try:
                if not failed & {turn, (server, False, clients)}:  # no floor without its server
                    report.runs.append(measure(server, floor, clients, given.seconds, WAIT))
            except Failed as error:
                failed.add(turn)
                report.left_out.append(LeftOut(server, floor, clients, str(error), tried=True))
                screen.print(f'given up, {report.left_out[-1]}', soft_wrap=True)
            progress.advance(task)
    report.runs = [r for r in report.runs if (r.server, r.floor, r.clients) not in failed]
    return report


if __name__ == '__main__':
    sys.exit(main())

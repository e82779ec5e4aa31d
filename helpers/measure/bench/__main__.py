"""Measure the kit beside the other ways to do the same, in one run.

All commands of a table take turns, so that whatever else the machine does affects them all. The
tables show medians, and how many times the first row each row takes.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil
import pyperf
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from helpers.cli import MARKS, Parser, console, quiet_on_ctrl_c
from helpers.kit import ROOT, STAGES
from helpers.measure.bench.styles import STYLES, command_for, summary_of

PARTS = ('tests', 'mocks', 'grader')
TESTS = 1000
TURNS = 7
FAST_TURNS = 2
# The table, its row, the row to compare it with, and how many times that one it may take.
AIMS = (
    ('1,000 tests under unittest', '_run and AsyncMock', 'synchronous', 1.1),
    ('grading 01_sync', 'the grader', 'pytest --cov', 1.2),
    ('grading 03_asyncio', 'the grader', 'pytest --cov', 1.2),
)


class BenchError(Exception):
    """A command that was to be measured failed, or did not do what it should."""


@dataclass
class Case:
    """One row of a table: a command, what it prints if all went well, and the seconds it took.

    A test runner times itself: what it reports is taken, so that starting Python does not count.
    """

    table: str
    row: str
    command: list[str]
    expected: str
    folder: Path
    times_itself: bool = False
    seconds: list[float] = field(default_factory=list)

    def measure(self) -> None:
        """Run the command once, and record the seconds."""
        start = time.perf_counter()
        output = run(self.command, self.folder, self.expected)
        seconds = time.perf_counter() - start
        if self.times_itself:
            seconds = reported_seconds(output)
        self.seconds.append(seconds)


@quiet_on_ctrl_c
def main() -> int:
    """Measure, print the tables and the aims, save the measurements; return the exit status."""
    given = parse_arguments()
    turns = FAST_TURNS if given.fast else TURNS
    screen = console()
    try:
        with tempfile.TemporaryDirectory(prefix='bench-', ignore_cleanup_errors=True) as folder:
            tables = measure(given.only, turns, Path(folder).resolve(), screen)
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    for title, rows in tables.items():
        screen.print(Text(title, 'bold'), draw_table(rows))
    print_aims(tables, screen)
    if given.json:
        save(tables, given.json)
    return 0


def parse_arguments() -> argparse.Namespace:
    """Return what the command line asks for; exit with status 2 if it is wrong."""
    parser = Parser(prog='nox -s bench --', description=__doc__)
    parser.add_argument(
        '--only', nargs='+', choices=PARTS, default=PARTS, help='measure only these parts'
    )
    parser.add_argument('--fast', action='store_true', help='two turns instead of seven')
    parser.add_argument(
        '--json', type=Path, metavar='FILE', help='save the measurements, in the format of pyperf'
    )
    given = parser.parse_args()
    if given.json and (given.json.is_dir() or not given.json.parent.is_dir()):
        parser.error(f'--json: {given.json} cannot be written')
    return given


Tables = dict[str, dict[str, list[float]]]  # for each table and row, the seconds of each turn


def measure(parts: list[str], turns: int, folder: Path, screen: Console) -> Tables:
    """Measure the parts, and return the seconds of each turn; show the progress."""
    cases: list[Case] = []
    if 'tests' in parts:
        cases += cases_of_tests(folder)
    if 'grader' in parts:
        cases += cases_of_grader(folder)
    tables: Tables = {}
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as progress:
        task = progress.add_task('', total=len(cases) * turns)
        for case in cases:
            progress.update(task, description=f'preparing: {case.table}, {case.row}')
            run(case.command, folder=case.folder, expected=case.expected)  # writes bytecode caches
        for _ in range(turns):
            for case in cases:
                progress.update(task, description=f'{case.table}, {case.row}')
                case.measure()
                progress.advance(task)
        if 'mocks' in parts:
            progress.update(task, description='mocks', total=None)
            tables = measure_mocks(turns, folder)
    for case in cases:
        tables.setdefault(case.table, {})[case.row] = case.seconds
    return tables


def cases_of_tests(folder: Path) -> Iterator[Case]:
    """Yield the styles of tests.

    unittest does not count reading the file, in which `new=AsyncMock()` makes its mocks; pytest
    does.
    """
    for runner, styles in STYLES.items():
        for style in styles:
            yield Case(
                table=f'1,000 tests under {runner}',
                row=style,
                command=command_for(runner, style, TESTS, folder),
                expected=summary_of(runner, TESTS),
                folder=folder,
                times_itself=True,
            )


def cases_of_grader(folder: Path) -> Iterator[Case]:
    """Yield the grader's command, and beside it one plain run of the same tests with coverage."""
    for stage in '01_sync', '03_asyncio':
        submission = folder / stage
        submission.mkdir()
        if stage == '01_sync':
            tests, source = 'test_receive.py', 'receive'
            text = (ROOT / stage / tests).read_text(encoding='utf-8')
        else:
            tests, source = 'test_async_receive.py', 'async_receive'
            text = (ROOT / stage / tests).read_text(encoding='utf-8')
            text = text.replace('from helpers import', 'from my_helpers import')
            helpers = (ROOT / 'helpers/async_testing.py').read_text(encoding='utf-8')
            (submission / 'my_helpers.py').write_text(helpers, encoding='utf-8')
        (submission / tests).write_text(text, encoding='utf-8')
        (submission / 'pytest.ini').touch()  # pytest looks for its settings no further up
        coverage = ['-p', 'pytest_cov.plugin', f'--cov={source}', '--cov-branch']
        grader = [sys.executable, '-m', 'helpers.grader', stage, '--json', '--tests']
        path = submission if stage == '03_asyncio' else submission / tests
        yield Case(
            table=f'grading {stage}',
            row='pytest --cov',
            command=[sys.executable, '-m', 'pytest', tests, *coverage],
            expected='100%',
            folder=submission,
        )
        yield Case(
            table=f'grading {stage}',
            row='the grader',
            command=[*grader, str(path)],
            expected='"solved": true',
            folder=ROOT,
        )


def measure_mocks(turns: int, folder: Path) -> Tables:
    """Let pyperf measure the mocks; return the seconds of each process."""
    file = folder / 'mocks.json'
    options = ['--quiet', '--copy-env', f'--processes={turns}', f'--output={file}']
    run([sys.executable, '-m', 'helpers.measure.bench.mocks', *options], ROOT)
    tables: Tables = {}
    for benchmark in pyperf.BenchmarkSuite.load(str(file)):
        what, row = benchmark.get_name().split(': ')
        tables.setdefault(f'a mock {what}', {})[row] = list(benchmark.get_values())
    return tables


def reported_seconds(output: str) -> float:
    """Return the seconds that unittest or pytest says it took."""
    found = re.search(r'(?:Ran \d+ tests|\d+ passed).* in ([\d.]+)s', output)
    if not found:
        raise BenchError(f'the test runner does not say how long it took:\n{output[-1000:]}')
    return float(found[1])


def run(command: list[str], folder: Path, expected: str = '') -> str:
    """Run a command and return what it prints.

    Raises BenchError if it fails, or does not print what is expected. Ctrl-C ends it, with all the
    processes that it has started.
    """
    # nox hands its settings down; what a user has set for pytest is for other tests.
    ignored = ('NOX', 'PYTEST', 'PYTHONPATH')
    env = {name: value for name, value in os.environ.items() if not name.startswith(ignored)}
    env['PYTEST_DISABLE_PLUGIN_AUTOLOAD'] = '1'
    env['PYTHONPATH'] = os.pathsep.join(str(ROOT / name) for name in ('', *STAGES))
    with subprocess.Popen(
        command,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding='utf-8',
        errors='replace',
    ) as process:
        try:
            output, _ = process.communicate()
        except KeyboardInterrupt:
            end_with_children(process.pid)
            raise
    if process.returncode != 0 or expected not in output:
        last_lines = '\n'.join(output.splitlines()[-10:])
        raise BenchError(f'{" ".join(command)}: status {process.returncode}\n{last_lines}')
    return output


def end_with_children(pid: int) -> None:
    """Kill a process and all below it, and wait until they have ended."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for member in family:
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=10)


def draw_table(rows: dict[str, list[float]]) -> Table:
    """Return a table of the medians, each also as a multiple of the first row's."""
    table = Table(box=box.SIMPLE)
    table.add_column('')
    table.add_column('median', justify='right')
    table.add_column('ratio', justify='right')
    first = median(next(iter(rows.values())))
    for row, seconds in rows.items():
        table.add_row(row, format_seconds(median(seconds)), f'{median(seconds) / first:.2f}')
    return table


def format_seconds(seconds: float) -> str:
    """Return seconds as text, in microseconds if they are few."""
    if seconds < 0.01:
        return f'{seconds * 1e6:.2f} µs'
    return f'{seconds:.3f} s'


def print_aims(tables: Tables, screen: Console) -> None:
    """Print each aim whose table was measured, and whether it was reached."""
    for table, row, other, at_most in AIMS:
        if table not in tables:
            continue
        ratio = median(tables[table][row]) / median(tables[table][other])
        mark = MARKS[ratio <= at_most]
        text = f'{mark} {table}: {row}, {ratio:.2f} times {other} (aim: at most {at_most})'
        screen.print(Text(text), soft_wrap=True)


def save(tables: Tables, file: Path) -> None:
    """Save the measurements in a file that pyperf can read."""
    benchmarks = []
    for table, rows in tables.items():
        for row, seconds in rows.items():
            metadata = {'name': f'{table}: {row}', 'unit': 'second'}
            runs = [pyperf.Run([value], metadata=metadata) for value in seconds]
            benchmarks.append(pyperf.Benchmark(runs))
    pyperf.BenchmarkSuite(benchmarks).dump(str(file), replace=True)


if __name__ == '__main__':
    sys.exit(main())

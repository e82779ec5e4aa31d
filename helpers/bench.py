"""Measure, side by side in one run: `nox -s bench`; `-- --help` shows the options."""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from helpers.command import Parser, hear_ctrl_c
from helpers.grader.exercises import EXERCISES, ROOT, Exercise
from helpers.grader.grade import grade
from helpers.grader.report import console
from helpers.grader.watch import saves

MUTMUT = '[mutmut]\nsource_paths=receive.py\npytest_add_cli_args_test_selection=test_receive.py\n'


def main() -> int:
    """Run everything in turns, print the medians, and write them to a file; return the status."""
    parser = Parser(prog='nox -s bench --', description=__doc__)
    parser.add_argument('--repeats', type=int, default=7, help='runs of each (default: 7)')
    parser.add_argument('--json', type=Path, metavar='FILE', help='write the seconds there')
    given = parser.parse_args()
    if given.repeats < 1:
        parser.error('--repeats: at least 1')
    screen = console()
    hear_ctrl_c()
    try:
        seconds = _measure(given.repeats, screen)
    except KeyboardInterrupt:
        return 130
    screen.print(_table(seconds))
    if given.json:
        machine = {'python': platform.python_version(), 'system': platform.platform()}
        report = {'machine': machine | {'cores': os.cpu_count()}, 'seconds': seconds}
        given.json.write_text(json.dumps(report, indent=1), encoding='utf-8')
    return 0


def _measure(repeats: int, screen: Console) -> dict[str, list[float]]:
    """Return the seconds of each way; in turns, so that what else the machine does hits all."""
    with ExitStack() as stack, Progress(console=screen, transient=True) as progress:
        ways = dict(_ways(stack))
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        task = progress.add_task('measuring', total=repeats * len(ways))
        for name, run in list(ways.items()) * repeats:
            progress.update(task, description=name)
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
            progress.advance(task)
    return seconds


def _ways(stack: ExitStack) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what is measured; the first of each stage is what its others are compared with."""
    for exercise in EXERCISES.values():
        if not exercise.asks_for_tests:
            continue
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix='bench-')))
        for name in exercise.solution:
            (folder / name).write_text(exercise.solved(name), encoding='utf-8')
        shutil.copy(exercise.source, folder)
        hand_in = folder if len(exercise.solution) > 1 else folder / exercise.tests
        stage = exercise.stage
        yield f'{stage}: pytest --cov --cov-branch', _plain(exercise, folder)
        yield f'{stage}: the grader, from its command', _command(stage, hand_in)
        yield (
            f'{stage}: the grader, from save to verdict',
            stack.enter_context(_saves(stage, hand_in)),
        )
        if stage == '01_sync' and os.name == 'posix':  # mutmut needs fork
            (folder / 'setup.cfg').write_text(MUTMUT, encoding='utf-8')
            yield f'{stage}: mutmut run', _mutmut(folder)


def _plain(exercise: Exercise, folder: Path) -> Callable[[], object]:
    module = exercise.source.stem
    options = ['-q', f'--cov={module}', '--cov-branch', '-pno:cacheprovider']
    return _run([sys.executable, '-m', 'pytest', exercise.tests, *options], folder)


def _command(stage: str, hand_in: Path) -> Callable[[], object]:
    command = [sys.executable, '-m', 'helpers.grader', stage, '--json', '--tests', str(hand_in)]
    return _run(command, ROOT)


def _mutmut(folder: Path) -> Callable[[], object]:
    run = _run([sys.executable, '-m', 'mutmut', 'run'], folder)

    def afresh() -> None:
        shutil.rmtree(folder / 'mutants', ignore_errors=True)
        run()

    return afresh


def _run(command: list[str], folder: Path) -> Callable[[], object]:
    return lambda: subprocess.run(command, cwd=folder, check=True, capture_output=True)


@contextmanager
def _saves(stage: str, hand_in: Path) -> Iterator[Callable[[], object]]:
    """Watch a hand-in, as `nox -s watch` does; yield what saves it and waits for the verdict."""
    graded, end, begun = threading.Event(), threading.Event(), threading.Event()
    saved = hand_in / EXERCISES[stage].tests if hand_in.is_dir() else hand_in

    def serve() -> None:
        for changed in saves(hand_in, end=end):
            begun.set()
            if saved in changed:
                grade(stage, hand_in)
                graded.set()

    def save() -> None:
        graded.clear()
        saved.write_bytes(saved.read_bytes())
        graded.wait()

    watcher = threading.Thread(target=serve)
    watcher.start()
    begun.wait()
    yield save
    end.set()
    watcher.join()


def _table(seconds: dict[str, list[float]]) -> Table:
    table = Table('medians of alternating runs', 'seconds', 'ratio', title='speed')
    plain = 0.0
    for name, measured in seconds.items():
        middle = median(measured)
        if 'pytest' in name:
            plain = middle
        table.add_row(name, f'{middle:.2f}', f'{middle / plain:.2f}')
    return table


if __name__ == '__main__':
    sys.exit(main())

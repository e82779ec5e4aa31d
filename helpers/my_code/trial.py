"""Tries a project's tests: first on the module as it is, then with one bug after another."""

import contextlib
import queue
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from helpers.my_code.bugs import Bug, lines_of
from helpers.my_code.project import (
    COVERAGE_REQUIRED,
    EXAMPLE,
    Copy,
    Project,
    ProjectError,
    Run,
    is_needed,
)

MOST_SECONDS = 30  # of the tests; each bug takes about as long again
AT_ONCE = 2
UNNOTICED = re.compile(
    r"coroutine '.*?' was never awaited|Task was destroyed but it is pending"
    r'|Task exception was never retrieved|Future exception was never retrieved'
)


@dataclass(frozen=True)
class Plain:
    """What is known of the tests before a bug is planted."""

    seconds: float
    output: str
    at_once: int  # how many runs there may be at the same time
    tests: dict[int, list[str]]  # the tests that reach each bug, by its number


@dataclass(frozen=True)
class Outcome:
    """A bug that the tests ran, and what became of it."""

    bug: Bug
    noticed: bool
    tests: tuple[str, ...] = ()  # those that run the line
    printed: tuple[str, ...] = ()  # what Python said while they passed
    hung: bool = False


def try_unchanged(project: Project, bugs: list[Bug], copies: list[Copy], slow: bool) -> Plain:
    """Run the tests on the module as it is, and on one that notes which bugs they reach.

    Raises ProjectError if they fail, take too long, or test something else.
    """
    first = copies[0]
    plain = first.run()
    if not plain.passed:
        raise ProjectError(
            'Your tests must pass before bugs are planted, and in a copy of '
            f'{project.root} they do not (exit status {plain.status}):\n{_end_of(plain)}'
            f'{_advice(project, plain)}'
        )
    if plain.seconds > MOST_SECONDS and not slow:
        raise ProjectError(
            f'Your tests take {plain.seconds:.0f} s, and each bug takes as long. Name fewer in the '
            'command, such as one file; or add --slow in front of the module.'
        )
    for copy in copies:
        copy.ignore_coverage = COVERAGE_REQUIRED in plain.output

    limit = limit_for(plain.seconds)
    text = with_probes(project.text, bugs, first.probe)
    with _threads(copies) as threads:
        runs = list(threads.map(lambda copy: copy.run(text, limit), copies))
    at_once = AT_ONCE
    if not all(run.passed for run in runs):
        at_once = 1
        alone = first.run(text, limit)
        if not alone.passed:
            raise ProjectError(
                f'Your tests fail once {project.name} has additional lines, which note that they '
                f'are run. Leave these tests out:\n{_end_of(alone)}'
            )
    if not first.was_imported():
        raise ProjectError(
            f'Your tests pass, but did not import {project.name} from the copy in which bugs are '
            'planted. If they do not use this module, name tests that do. If they use an installed '
            'one, uninstall it, or run them without -E and -I: the copy is first in PYTHONPATH.'
        )
    return Plain(plain.seconds, plain.output, at_once, first.tests_by_probe())


def limit_for(seconds: float) -> float:
    """Return after how many seconds a run counts as hanging, given those of a plain run."""
    return 2 * seconds + 2


def with_probes(text: str, bugs: list[Bug], folder: Path) -> str:
    """Return the module with a line in front of each bug that notes that it is reached.

    At its end, it imports the probe from its folder: not while an event loop runs.
    """
    lines = lines_of(text)
    numbers: dict[int, list[int]] = {}
    for number, bug in enumerate(bugs):
        numbers.setdefault(bug.probe, []).append(number)
    for line in sorted(numbers, reverse=True):
        indentation = re.match(r'\s*', lines[line - 1])
        assert indentation is not None
        hits = [f"__import__('my_code_probe').hit({number})" for number in numbers[line]]
        lines.insert(line - 1, f'{indentation[0]}{"; ".join(hits)}\n')
    lines.append(f"\n__import__('sys').path.append({str(folder)!a})\n__import__('my_code_probe')\n")
    return ''.join(lines)


def plant(
    bugs: list[tuple[Bug, tuple[str, ...]]],
    plain: Plain,
    copies: list[Copy],
    progress: Callable[[Outcome], None],
) -> list[Outcome]:
    """Run the tests with each bug, and return what became of it, in the order of the bugs."""
    free: queue.Queue[Copy] = queue.Queue()
    for copy in copies[: plain.at_once]:
        free.put(copy)
    limit = limit_for(plain.seconds)

    def attempt(bug: Bug, tests: tuple[str, ...]) -> Outcome:
        copy = free.get()
        try:
            run = copy.run(bug.text, limit)
        finally:
            free.put(copy)
        printed = tuple(new_warnings(run.output, plain.output)) if run.passed else ()
        return Outcome(bug, not run.passed, tests, printed, run.hung)

    with _threads(copies) as threads:
        futures = [threads.submit(attempt, bug, tests) for bug, tests in bugs]
        for future in as_completed(futures):
            progress(future.result())
    return [future.result() for future in futures]


@contextlib.contextmanager
def _threads(copies: list[Copy]) -> Iterator[ThreadPoolExecutor]:
    """Yield threads; if anything ends the block early, end the tests that they run."""
    threads = ThreadPoolExecutor(len(copies))
    try:
        yield threads
    except BaseException:
        threads.shutdown(wait=False, cancel_futures=True)
        for copy in copies:
            copy.stop()
        raise
    finally:
        threads.shutdown()


def new_warnings(output: str, usual: str) -> Iterator[str]:
    """Yield what Python prints about lost coroutines and tasks, unless it is usual."""
    known = set(UNNOTICED.findall(usual))
    for said in dict.fromkeys(UNNOTICED.findall(output)):
        if said not in known:
            yield said


def _end_of(run: Run) -> str:
    """Return the last lines that a run printed."""
    if run.hung:
        return '  they did not end in time'
    lines = run.output.rstrip().splitlines()[-15:]
    return '\n'.join(f'  {line}' for line in lines) or '  they print nothing'


def _advice(project: Project, run: Run) -> str:
    """Return what to do if the output names something that is not copied."""
    names = [path.name for path in project.root.iterdir() if not is_needed(path)]
    named = [name for name in names if name in run.output]
    if not named:
        return ''
    return (
        f'\nNot in the copy: {", ".join(named)}. Name the program that runs your tests by its path '
        f'in the project, as in {EXAMPLE}'
    )

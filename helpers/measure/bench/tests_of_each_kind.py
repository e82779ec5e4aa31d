"""A test by `_run` and `AsyncMock` beside the other kinds, each kind in files of many tests.

What a test costs: the time from reading the file to the end of its last test, divided by the number
of tests. Reading counts, since some kinds make their mocks then. What a kind does once, such as
making an event loop, counts as well: at 10 tests it shows, at 1,000 it is spread thin. Starting
Python and importing the runner and its plugin does not count: it is not done per test, and at 10
tests little else would be seen.
"""

import ast
import json
import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from helpers.grader.exercises import EXERCISES
from helpers.kit import ROOT
from helpers.measure.bench.measure import Aim, BenchError, Part, Way, run

COUNTS = 10, 100, 1000
FLOOR = 'synchronous'
OURS = '_run and AsyncMock'  # one mock for all runs of a test: it stays in memory
PATCHED = '_run and async_patch'  # one for each run
ISOLATED = 'IsolatedAsyncioTestCase'
LOOP_SCOPE = 'asyncio_default_fixture_loop_scope=function'  # unset, pytest-asyncio warns
FILES = {
    FLOOR: '01_sync/test_receive.py',
    OURS: '03_asyncio/test_async_receive.py',
    PATCHED: '03_asyncio/other_ways/test_async_patch.py',
    ISOLATED: '03_asyncio/other_ways/test_isolated_asyncio.py',
    'pytest-asyncio': '03_asyncio/other_ways/test_pytest_asyncio.py',
    'anyio': '03_asyncio/other_ways/test_anyio.py',
}
# No other plugin is loaded, so that no kind pays for what another one needs.
ALONE = {'PYTEST_DISABLE_PLUGIN_AUTOLOAD': '1'}
PLUGINS = {
    'pytest-asyncio': ['-p', 'pytest_asyncio.plugin', '-o', LOOP_SCOPE],
    'anyio': ['-p', 'anyio.pytest_plugin'],
}
KINDS = {'unittest': (FLOOR, OURS, PATCHED, ISOLATED), 'pytest': tuple(FILES)}
PATH = os.pathsep.join(str(ROOT / folder) for folder in ('', *EXERCISES))


def many(file: str, count: int) -> str:
    """Return the text of a test file of the kit, with its test_ping so many times for all tests."""
    text = (ROOT / file).read_text(encoding='utf-8')
    lines = text.splitlines(keepends=True)
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    tests = {
        node.name: node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, functions) and node.name.startswith('test_')
    }
    ping = tests['test_ping']
    head = lines[: min(map(_first_line, tests.values()))]
    test = ''.join(lines[_first_line(ping) : ping.end_lineno])
    copies = (test.replace('def test_ping', f'def test_ping_{n}') for n in range(count))
    return ''.join(head) + '\n'.join(copies)


def _first_line(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return min(part.lineno for part in [node, *node.decorator_list]) - 1


def cost(runner: str, kind: str, count: int, folder: Path) -> float:
    """Run so many tests of a kind in a process of their own; return milliseconds per test.

    Raises BenchError unless all of them have run and passed.
    """
    tests = folder / f'test_{count}_{Path(FILES[kind]).name}'
    if not tests.exists():
        (folder / 'pytest.ini').touch()  # pytest looks at no folder above it
        tests.write_text(many(FILES[kind], count), encoding='utf-8')
    command = [sys.executable, '-m', 'helpers.measure.bench.timed_run', runner, tests.name]
    _, printed = run([*command, *PLUGINS.get(kind, [])], folder, PYTHONPATH=PATH, **ALONE)
    ended = json.loads(printed.splitlines()[-1])
    if ended['passed'] != count:
        raise BenchError(f'{kind}, {runner}: {ended["passed"]} of {count} tests passed\n{printed}')
    return float(ended['seconds']) * 1000 / count


def _ways(runner: str, folder: Path) -> Iterator[Way]:
    for count in COUNTS:
        for kind in KINDS[runner]:
            yield Way(kind, f'{count:,} tests', partial(cost, runner, kind, count, folder))


def _part(runner: str, *aims: Aim) -> Part:
    title = f'A test under {runner}: its file read and run, starting {runner} left out'
    return Part(title, 'ms', 7, partial(_ways, runner), aims)


def _ahead(runner: str) -> Aim:
    others = tuple(kind for kind in KINDS[runner] if kind not in (FLOOR, OURS, PATCHED))
    text = f'_run and AsyncMock beside the best other, under {runner}'
    return Aim(text, OURS, others, '1,000 tests', 1)


def _within(kind: str) -> Aim:
    text = f'{kind} beside synchronous, under unittest'
    return Aim(text, kind, (FLOOR,), '1,000 tests', 1.1)


PARTS = (
    _part('unittest', _within(OURS), _within(PATCHED), _ahead('unittest')),
    _part('pytest', _ahead('pytest')),
)

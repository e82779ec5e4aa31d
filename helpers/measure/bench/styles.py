"""The same test in every style: which files have it, how each is run, and a file of many of it."""

import ast
import copy
import sys
from collections.abc import Iterator
from pathlib import Path

from helpers.kit import ROOT

FILES = {
    'synchronous': '01_sync/test_receive.py',
    '_run and AsyncMock': '03_asyncio/other_ways/test_article.py',
    '_run and async_patch': '03_asyncio/test_async_receive.py',
    'IsolatedAsyncioTestCase': '03_asyncio/other_ways/test_isolated_asyncio.py',
    'pytest-asyncio': '03_asyncio/other_ways/test_pytest_asyncio.py',
    'anyio': '03_asyncio/other_ways/test_anyio.py',
}
STYLES = {
    'unittest': [name for name in FILES if name not in ('pytest-asyncio', 'anyio')],
    'pytest': list(FILES),
}
UNITTEST = [sys.executable, '-m', 'unittest']
PYTEST = [sys.executable, '-m', 'pytest', '-q', '-p', 'no:cacheprovider']
PLUGINS = {  # no other plugin is loaded, so that no style pays for what another one needs
    'pytest-asyncio': [
        *['-p', 'pytest_asyncio.plugin'],
        *['-o', 'asyncio_default_fixture_loop_scope=function'],
    ],
    'anyio': ['-p', 'anyio.pytest_plugin'],
}


def command_for(runner: str, style: str, count: int, folder: Path) -> list[str]:
    """Write a file with so many tests of a style to a folder; return the command that runs it."""
    source = ROOT / FILES[style]
    file = folder / f'test_{count}_{source.name}'
    file.write_text(repeat_test_ping(source.read_text(encoding='utf-8'), count), encoding='utf-8')
    if runner == 'unittest':
        return [*UNITTEST, file.stem]
    (folder / 'pytest.ini').touch()  # pytest looks for its settings no further up
    return [*PYTEST, *PLUGINS.get(style, []), file.name]


def summary_of(runner: str, count: int) -> str:
    """Return what a runner prints when it has run so many tests."""
    return f'Ran {count} test' if runner == 'unittest' else f'{count} passed'


def repeat_test_ping(source: str, count: int) -> str:
    """Return a test file with its test_ping so many times, and without its other tests."""
    module = ast.parse(source)
    for scope in ast.walk(module):
        if isinstance(scope, ast.Module | ast.ClassDef):
            scope.body = list(_repeat(scope.body, count)) or [ast.Pass()]
    return ast.unparse(module)


def _repeat(statements: list[ast.stmt], count: int) -> Iterator[ast.stmt]:
    for statement in statements:
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield statement
        elif statement.name == 'test_ping':
            for number in range(count):
                test = copy.copy(statement)
                test.name = f'test_ping_{number}'
                yield test
        elif not statement.name.startswith('test_'):
            yield statement

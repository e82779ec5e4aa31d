"""Tests of 03_asyncio/other_ways: what its README.md says of each way is what a run shows."""

import ast
import shutil
import subprocess
import sys

import pytest

from helpers.kit import ROOT
from helpers.tests.isolated import run_isolated
from helpers.tests.programs import hang

FOLDER = ROOT / '03_asyncio' / 'other_ways'
WAYS = sorted(path.name for path in FOLDER.glob('test_*.py'))
ASYNCTEST = 'asynctest_no_longer_imports.py'
README = (FOLDER / 'README.md').read_text(encoding='utf-8')
RECEIVE = (FOLDER.parent / 'async_receive.py').read_text(encoding='utf-8')

# The options of pytest that a way needs, by the column Requires.
OPTIONS = {
    'nothing': [],
    '`helpers`': [],
    'pytest-asyncio': [
        '-p',
        'pytest_asyncio.plugin',
        '-o',
        'asyncio_default_fixture_loop_scope=function',  # without it, pytest-asyncio warns
    ],
    'anyio': ['-p', 'anyio.pytest_plugin'],
}
RESULTS = {0: 'missed', 1: 'caught', hang.STATUS: 'hangs'}  # by the status of the run

ANSWER = "await send_to_client('PONG', packet_data)"
# What each mistake, a column of the table, puts in the place of ANSWER.
MISTAKES = {
    'Forgotten await': ["send_to_client('PONG', packet_data)"],
    'Leaked task': [
        'import asyncio',
        'asyncio.create_task(asyncio.sleep(3600))',
        ANSWER,
    ],
    'Lost exception': [
        'import asyncio',
        "asyncio.create_task(trigger_event('ping', packet_data))",
        'await asyncio.sleep(0)',
        ANSWER,
    ],
    'Hang': ['import hang', 'await hang.hang()'],
}
# One mistake for each of the three tests: what is replaced, and by what.
ALL_WRONG = {
    ANSWER: "await send_to_client('PONG', None)",
    "trigger_event('message', packet_data)": "trigger_event('message', None)",
    "raise ValueError('Invalid packet type')": 'return',
}


def cells(line):
    return [cell.strip() for cell in line.strip('|').split('|')]


def read_table():
    """Return the rows of the table as dicts by heading, in a dict by file name."""
    lines = [line for line in README.splitlines() if line.startswith('|')]
    headings = cells(lines[0])
    rows = {}
    for line in lines[2:]:
        row = dict(zip(headings, cells(line), strict=True))
        file_name = row['Way'].rpartition('(')[2].removesuffix(')')
        rows[file_name] = row
    return rows


ROWS = read_table()
IN_NEED = [way for way in WAYS if ROWS[way]['Requires'] != 'nothing']
WITH_STANDARD_MOCK = [way for way in WAYS if ROWS[way]['Requires'] != '`helpers`']


def plant(mistake):
    """Return async_receive.py with one of MISTAKES."""
    indentation = '\n' + 8 * ' '
    return RECEIVE.replace(ANSWER, indentation.join(MISTAKES[mistake]))


def run_way(test_file, folder, receive, *options):
    """Run a way in a folder, on the text of an async_receive.py, with what its row requires."""
    (folder / 'async_receive.py').write_text(receive, encoding='utf-8')
    shutil.copy(hang.__file__, folder)
    requires = ROWS[test_file.name]['Requires']
    helpers = requires == '`helpers`'
    return run_isolated([test_file], folder, *OPTIONS[requires], *options, helpers=helpers)


@pytest.fixture
def asks_for_calls(tmp_path):
    """Return a function that copies a way, with assert_called... instead of assert_awaited..."""

    def copy(way):
        folder = tmp_path / 'asks for calls'
        folder.mkdir()
        text = (FOLDER / way).read_text(encoding='utf-8')
        copied = folder / way
        copied.write_text(text.replace('assert_awaited', 'assert_called'), encoding='utf-8')
        return copied

    return copy


def test_table_has_one_row_for_each_file():
    assert sorted(ROWS) == sorted([*WAYS, ASYNCTEST])


@pytest.mark.parametrize('way', ROWS)
def test_file_has_the_same_three_tests(way):
    text = (FOLDER / way).read_text(encoding='utf-8')
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    names = [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, functions)]
    tests = [name for name in names if name.startswith('test_')]
    assert tests == ['test_invalid_packet', 'test_ping', 'test_message']


@pytest.mark.parametrize('way', ROWS)
def test_table_counts_the_lines_that_are_not_empty(way):
    text = (FOLDER / way).read_text(encoding='utf-8')
    lines = [line for line in text.splitlines() if line]
    assert ROWS[way]['Lines'] == str(len(lines))


@pytest.mark.parametrize('text', [ANSWER, *ALL_WRONG])
def test_receive_has_what_the_mistakes_replace(text):
    assert RECEIVE.count(text) == 1


@pytest.mark.parametrize('way', WAYS)
def test_way_passes_with_what_its_row_requires(way, tmp_path):
    run = run_way(FOLDER / way, tmp_path, RECEIVE)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize('way', IN_NEED)
def test_way_fails_without_what_its_row_requires(way, tmp_path):
    (tmp_path / 'async_receive.py').write_text(RECEIVE, encoding='utf-8')
    assert run_isolated([FOLDER / way], tmp_path).returncode != 0


@pytest.mark.parametrize('way', WAYS)
def test_each_of_the_three_tests_fails_when_receive_is_wrong(way, tmp_path):
    receive = RECEIVE
    for right, wrong in ALL_WRONG.items():
        receive = receive.replace(right, wrong)
    assert '3 failed' in run_way(FOLDER / way, tmp_path, receive).stdout


@pytest.mark.parametrize('way', WAYS)
@pytest.mark.parametrize('mistake', MISTAKES)
def test_way_catches_or_misses_a_mistake_as_its_row_says(way, mistake, tmp_path):
    expected = ROWS[way][mistake]
    # Warnings as errors can only make more tests fail. So what is caught must be caught without
    # them, and what is missed must be missed even with them.
    warnings = 'default' if expected == 'caught' else 'error'
    run = run_way(FOLDER / way, tmp_path, plant(mistake), '-W', warnings)
    assert RESULTS.get(run.returncode) == expected, run.stdout


@pytest.mark.parametrize('way', WITH_STANDARD_MOCK)
def test_forgotten_await_is_missed_by_a_test_that_asks_for_calls(way, asks_for_calls, tmp_path):
    run = run_way(asks_for_calls(way), tmp_path, plant('Forgotten await'), '-W', 'default')
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize('way', WITH_STANDARD_MOCK)
def test_forgotten_await_is_caught_by_pytest_with_warnings_as_errors(way, asks_for_calls, tmp_path):
    run = run_way(asks_for_calls(way), tmp_path, plant('Forgotten await'), '-W', 'error')
    assert run.returncode == 1, run.stdout


def test_forgotten_await_is_missed_by_unittest_with_warnings_as_errors(asks_for_calls, tmp_path):
    copied = asks_for_calls('test_isolated_asyncio.py')
    receive = copied.with_name('async_receive.py')
    receive.write_text(plant('Forgotten await'), encoding='utf-8')
    unittest = [sys.executable, '-W', 'error', '-m', 'unittest', copied.name]
    assert subprocess.run(unittest, cwd=copied.parent, capture_output=True).returncode == 0


def test_asynctest_cannot_be_imported():
    run = subprocess.run(
        [sys.executable, FOLDER / ASYNCTEST], capture_output=True, encoding='utf-8'
    )
    error = "AttributeError: module 'asyncio' has no attribute 'coroutine'"
    assert run.stderr.splitlines()[-1].startswith(error)
    assert error in ROWS[ASYNCTEST]['When to use it']
    for mistake in MISTAKES:
        assert ROWS[ASYNCTEST][mistake] == ''

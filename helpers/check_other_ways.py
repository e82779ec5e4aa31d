"""Checks of 03_asyncio/other_ways: what its page says of a way is what a run of that way shows."""

import ast
import subprocess
import sys

import pytest

from helpers.alone import ROOT, run_alone

FOLDER = ROOT / '03_asyncio' / 'other_ways'
ASYNCTEST = FOLDER / 'asynctest_no_longer_imports.py'
WAYS = sorted(path.name for path in FOLDER.glob('test_*.py'))
PAGE = (FOLDER / 'README.md').read_text(encoding='utf-8')
SOURCE = (FOLDER.parent / 'async_receive.py').read_text(encoding='utf-8')

SETTING = 'asyncio_default_fixture_loop_scope=function'  # without it, pytest-asyncio warns
NEEDS = {
    'nothing': [],
    '`helpers`': [],
    'pytest-asyncio': ['-p', 'pytest_asyncio.plugin', '-o', SETTING],
    'anyio': ['-p', 'anyio.pytest_plugin'],
}
RESULTS = {0: 'passes', 1: 'caught', 70: 'hangs'}  # the status of a run; 70 after a second
PING = "await send_to_client('PONG', packet_data)"
MISTAKES = {
    'Forgotten await': ["send_to_client('PONG', packet_data)"],
    'Leaked task': ['asyncio.create_task(asyncio.sleep(3600))', PING],
    'Lost exception': [
        "asyncio.create_task(trigger_event('ping', packet_data))",
        'await asyncio.sleep(0)',
        PING,
    ],
    'Hang': [
        'import os, threading',
        'threading.Timer(1, os._exit, [70]).start()',
        'await asyncio.Event().wait()',
    ],
}


def table():
    """Return the rows of the page's table: what it says of each file, by the heading."""
    lines = [line.strip('|').split('|') for line in PAGE.splitlines() if line.startswith('|')]
    headings, _, *rows = [[cell.strip() for cell in line] for line in lines]
    rows = [dict(zip(headings, row, strict=True)) for row in rows]
    return {row['Way'].rpartition('(')[2].rstrip(')'): row for row in rows}


ROWS = table()


def run(tests, folder, *options, mistake=(PING,), needs='nothing'):
    """Run a file alone, with a mistake in the code under test, as its exit status."""
    assert SOURCE.count(PING) == 1
    source = SOURCE.replace(PING, '; '.join(mistake))
    (folder / 'async_receive.py').write_text(source, encoding='utf-8')
    options = [*NEEDS[needs], *options]
    return run_alone(tests, folder, *options, helpers=needs == '`helpers`').returncode


def names_of_tests(path):
    tree = ast.walk(ast.parse(path.read_text(encoding='utf-8')))
    functions = [node for node in tree if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [function.name for function in functions if function.name.startswith('test_')]


@pytest.mark.parametrize('way', ROWS)
def test_the_same_three_tests(way):
    assert names_of_tests(FOLDER / way) == ['test_invalid_packet', 'test_ping', 'test_message']


def test_each_file_has_its_row():
    assert sorted(ROWS) == sorted([*WAYS, ASYNCTEST.name])


@pytest.mark.parametrize('way', ROWS)
def test_lines(way):
    lines = (FOLDER / way).read_text(encoding='utf-8').splitlines()
    assert ROWS[way]['Lines'] == str(sum(map(bool, lines)))


@pytest.mark.parametrize('way', WAYS)
def test_it_needs_just_that(way, tmp_path):
    needs = ROWS[way]['Needs']
    assert run(FOLDER / way, tmp_path, needs=needs) == 0
    assert (run(FOLDER / way, tmp_path) == 0) == (needs == 'nothing')


@pytest.mark.parametrize('mistake', MISTAKES)
@pytest.mark.parametrize('way', WAYS)
def test_which_mistakes_it_catches(way, mistake, tmp_path):
    told, needs = ROWS[way][mistake], ROWS[way]['Needs']
    # What passes with warnings as errors passes without them all the more.
    for warnings in ['error', 'default'] if told == 'caught' else ['error']:
        options = ['-W', warnings]
        ended = run(FOLDER / way, tmp_path, *options, mistake=MISTAKES[mistake], needs=needs)
        assert RESULTS[ended] == told


@pytest.mark.parametrize('way', [way for way in WAYS if ROWS[way]['Needs'] != '`helpers`'])
def test_called_is_not_awaited(way, tmp_path):
    text = (FOLDER / way).read_text(encoding='utf-8')
    assert 'assert_awaited_once_with' in text
    called = tmp_path / 'called' / way
    called.parent.mkdir()
    called.write_text(text.replace('assert_awaited', 'assert_called'), encoding='utf-8')
    for warnings, result in ('default', 'passes'), ('error', 'caught'):
        mistake = MISTAKES['Forgotten await']
        ended = run(called, tmp_path, '-W', warnings, mistake=mistake, needs=ROWS[way]['Needs'])
        assert RESULTS[ended] == result


def test_asynctest_no_longer_imports():
    ended = subprocess.run([sys.executable, ASYNCTEST], text=True, capture_output=True)
    error = "AttributeError: module 'asyncio' has no attribute 'coroutine'"
    assert ended.stderr.splitlines()[-1].startswith(error)
    assert error in PAGE

"""Checks of 03_asyncio/other_ways: what its page says of a way is what a run of that way shows."""

import ast
import subprocess
import sys

import pytest

from helpers.kit import ROOT
from helpers.tests.isolated import run_isolated

FOLDER = ROOT / '03_asyncio' / 'other_ways'
WAYS = sorted(path.name for path in FOLDER.glob('test_*.py'))
ASYNCTEST = 'asynctest_no_longer_imports.py'
PAGE = (FOLDER / 'README.md').read_text(encoding='utf-8')
CORRECT = (FOLDER.parent / 'async_receive.py').read_text(encoding='utf-8')

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
    'Forgotten await': PING.removeprefix('await '),
    'Leaked task': f'asyncio.create_task(asyncio.sleep(3600)); {PING}',
    'Lost exception': "asyncio.create_task(trigger_event('ping', packet_data)); "
    f'await asyncio.sleep(0); {PING}',
    'Hang': 'import os, threading; threading.Timer(1, os._exit, [70]).start(); '
    'await asyncio.Event().wait()',
}
OTHER_MISTAKES = {  # one for each of the three tests
    PING: PING.replace('packet_data', 'None'),
    "trigger_event('message', packet_data)": "trigger_event('message', None)",
    "raise ValueError('Invalid packet type')": 'return',
}


def table():
    """Return the rows of the page's table: what it says of each file, by the heading."""
    lines = [line.strip('|').split('|') for line in PAGE.splitlines() if line.startswith('|')]
    headings, _, *rows = [[cell.strip() for cell in line] for line in lines]
    rows = [dict(zip(headings, row, strict=True)) for row in rows]
    return {row['Way'].rpartition('(')[2].rstrip(')'): row for row in rows}


ROWS = table()
every_way = pytest.mark.parametrize('way', WAYS)


def run(tests, folder, mistakes, *options):
    """Run a way on receive() with mistakes, with what its row says it needs."""
    source = CORRECT
    for old, new in mistakes.items():
        assert source.count(old) == 1
        source = source.replace(old, new)
    (folder / 'async_receive.py').write_text(source, encoding='utf-8')
    needs = ROWS[tests.name]['Needs']
    return run_isolated(tests, folder, *NEEDS[needs], *options, helpers=needs == '`helpers`')


def test_each_file_has_its_row():
    assert sorted(ROWS) == sorted([*WAYS, ASYNCTEST])


@pytest.mark.parametrize('way', ROWS)
def test_the_same_three_tests(way):
    text = (FOLDER / way).read_text(encoding='utf-8')
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    names = [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, functions)]
    tests = [name for name in names if name.startswith('test_')]
    assert tests == ['test_invalid_packet', 'test_ping', 'test_message']
    assert ROWS[way]['Lines'] == str(sum(map(bool, text.splitlines())))


@every_way
def test_it_needs_just_that(way, tmp_path):
    assert run(FOLDER / way, tmp_path, {}).returncode == 0
    nothing = run_isolated(FOLDER / way, tmp_path).returncode == 0
    assert nothing == (ROWS[way]['Needs'] == 'nothing')


@every_way
def test_each_of_the_three_tests_something(way, tmp_path):
    assert '3 failed' in run(FOLDER / way, tmp_path, OTHER_MISTAKES).stdout


@every_way
@pytest.mark.parametrize('mistake', MISTAKES)
def test_which_mistakes_it_catches(way, mistake, tmp_path):
    told = ROWS[way][mistake]
    # What passes with warnings as errors passes without them all the more.
    for warnings in ['error', 'default'] if told == 'caught' else ['error']:
        ended = run(FOLDER / way, tmp_path, {PING: MISTAKES[mistake]}, '-W', warnings)
        assert RESULTS[ended.returncode] == told


@pytest.mark.parametrize('way', [way for way in WAYS if ROWS[way]['Needs'] != '`helpers`'])
def test_called_is_not_awaited(way, tmp_path):
    (tmp_path / 'called').mkdir()
    called = tmp_path / 'called' / way
    text = (FOLDER / way).read_text(encoding='utf-8')
    called.write_text(text.replace('assert_awaited', 'assert_called'), encoding='utf-8')
    mistake = {PING: MISTAKES['Forgotten await']}
    assert run(called, tmp_path, mistake).returncode == 0
    assert run(called, tmp_path, mistake, '-W', 'error').returncode == 1
    if ROWS[way]['Needs'] == 'nothing':
        unittest = [sys.executable, '-W', 'error', '-m', 'unittest', way]
        assert subprocess.run(unittest, cwd=tmp_path, stderr=subprocess.DEVNULL).returncode == 0


def test_asynctest_no_longer_imports():
    ended = subprocess.run([sys.executable, FOLDER / ASYNCTEST], text=True, capture_output=True)
    error = "AttributeError: module 'asyncio' has no attribute 'coroutine'"
    assert ended.stderr.splitlines()[-1].startswith(error)
    assert error in ROWS[ASYNCTEST]['Choose it']
    assert [ROWS[ASYNCTEST][mistake] for mistake in MISTAKES] == [''] * len(MISTAKES)

"""Tests of what is said about an exercise.toml that is wrong."""

import pytest

from helpers.grader.exercise_file import ExerciseError, read_exercise

CODE = """\
import asyncio


class Client:
    async def close(self):
        await asyncio.sleep(0)


async def fetch(client):
    await client.get()
    await client.get()
    return client
"""
RIGHT = """\
title = "A client"
minutes = 6
read = ["README.md"]
source = "shop.py"
cover = ["fetch", "Client.close"]
patch = ["asyncio.sleep", "Client"]
plugins = ["pytest_asyncio"]
hints = ["What does it return?"]

[[correct]]
old = "asyncio.sleep(0)"
new = "asyncio.sleep(0.0)"

[[bug]]
name = "Nothing comes back"
old = "return client"
new = "return None"
symptom = "No client."
ask = "What comes back?"
"""


@pytest.fixture
def folder(tmp_path):
    """Return a folder with an exercise.toml that is right."""
    (tmp_path / 'shop.py').write_text(CODE, encoding='utf-8')
    (tmp_path / 'exercise.toml').write_text(RIGHT, encoding='utf-8')
    return tmp_path


def said_about(folder):
    """Return what is said about a folder's exercise."""
    with pytest.raises(ExerciseError) as caught:
        read_exercise(folder)
    return str(caught.value)


def test_reads_an_exercise_that_is_right(folder):
    assert read_exercise(folder)['title'] == 'A client'


def test_reads_a_file_with_a_byte_order_mark(folder):
    (folder / 'exercise.toml').write_text(RIGHT, encoding='utf-8-sig')
    assert read_exercise(folder)['title'] == 'A client'


BUG = RIGHT[RIGHT.index('[[bug]]') :]
# What is changed in exercise.toml, and what is then said about it.
WRONG = {
    'unknown key': (
        'minutes = 6',
        'minuts = 6',
        'there is no key `minuts`. Did you mean `minutes`?',
    ),
    'unknown key like no other': (
        'minutes = 6',
        'zzz = 6',
        'there is no key `zzz`. There are title, minutes, read, source,',
    ),
    'text for a number': (
        'minutes = 6',
        'minutes = "6"',
        '`minutes` has the wrong kind of value: write, for example, minutes = 6.',
    ),
    'flag for a number': ('minutes = 6', 'minutes = true', '`minutes` has the wrong kind of value'),
    'no minutes at all': ('minutes = 6', 'minutes = 0', '`minutes` has the wrong kind of value'),
    'empty title': ('"A client"', '" "', 'write, for example, title = "Called or awaited".'),
    'text for a list': (
        '["README.md"]',
        '"README.md"',
        '`read` has the wrong kind of value: write, for example, read = ["README.md"].',
    ),
    'number in a list': ('["fetch", "Client.close"]', '["fetch", 1]', '`cover` has the wrong kind'),
    'hints for a gate that are no list': (
        'hints = ["What does it return?"]',
        'hints.found = 1',
        '`hints` has the wrong kind of value',
    ),
    'text for a flag': (
        'minutes = 6',
        'minutes = 6\nfinal = "yes"',
        '`final` has the wrong kind of value: write, for example, final = true.',
    ),
    'one table for many': (
        '[[bug]]',
        '[bug]',
        '`bug` has the wrong kind of value: write, for example, [[bug]].',
    ),
    'title missing': (
        'title = "A client"',
        '',
        '`title` is missing: add title = "Called or awaited".',
    ),
    'source missing': (
        'source = "shop.py"',
        '',
        '`source` is missing: add source = "my_module.py".',
    ),
    'source and runs': (
        'source = "shop.py"',
        'source = "shop.py"\nruns = ".."',
        '`source` and `runs` exclude each other: remove `runs`.',
    ),
    'no bug': (BUG, '', '`bug` is missing: add at least one [[bug]].'),
    'unknown part of a bug': (
        'ask = "What',
        'aks = "What',
        '[[bug]] number 1 has no key `aks`. Did you mean `ask`?',
    ),
    'part of a bug missing': (
        'symptom = "No client."',
        '',
        '`symptom` is missing in [[bug]] number 1: add symptom = "...".',
    ),
    'number for a part of a bug': (
        '"No client."',
        '1',
        '`symptom` in [[bug]] number 1 is not text: put it in quotes.',
    ),
    'text for a list of a file': (
        '[[correct]]',
        '[[write]]\nfile = "test_shop.py"\ndefines = "fetch"\n\n[[correct]]',
        '`defines` in [[write]] number 1 is not a list: put it in brackets.',
    ),
    'unknown plugin': (
        '["pytest_asyncio"]',
        '["pytest_trio"]',
        "`plugins` has 'pytest_trio': there is only pytest_asyncio.",
    ),
    'source that is not there': (
        '"shop.py"',
        '"shops.py"',
        '`source` names shops.py, which cannot be read: put that file there.',
    ),
    'source in another folder': (
        '"shop.py"',
        '"src/shop.py"',
        '`source` names src/shop.py, which is in another folder: put it next to exercise.toml.',
    ),
    'source that is not Python': (
        '"shop.py"',
        '"shop.txt"',
        '`source` names shop.txt, which is not a Python file: name one that ends in .py.',
    ),
    'source that hides a module': (
        '"shop.py"',
        '"random.py"',
        "`source` names random.py, which hides Python's own module random: give it another name.",
    ),
    'unknown function to cover': (
        '["fetch", "Client.close"]',
        '["fetsh"]',
        "`cover` has 'fetsh', which is not in shop.py. Did you mean `fetch`?",
    ),
    'unknown method to cover': (
        '"Client.close"',
        '"Client.open"',
        "`cover` has 'Client.open', which is not in shop.py. Did you mean `Client.close`?",
    ),
    'unknown name to patch': (
        '["asyncio.sleep", "Client"]',
        '["time"]',
        "`patch` has 'time', which is not in shop.py. There are asyncio, Client, fetch.",
    ),
    'old occurs twice': (
        'old = "return client"',
        'old = "await client.get()"',
        '`old` in [[bug]] number 1 occurs 2 times in shop.py, and must occur exactly once: quote '
        'more of the code around it.',
    ),
    'old never occurs': (
        'old = "return client"',
        'old = "return  client"',
        '`old` in [[bug]] number 1 occurs 0 times in shop.py, and must occur exactly once: quote '
        'the code exactly as it is there.',
    ),
    'old of another shape never occurs': (
        'old = "asyncio.sleep(0)"',
        'old = "asyncio.sleep(1)"',
        '`old` in [[correct]] number 1 occurs 0 times in shop.py',
    ),
    'new is old': (
        'new = "return None"',
        'new = "return client"',
        '`new` in [[bug]] number 1 is the same as `old`: change it.',
    ),
    'bug that is not Python': (
        'new = "return None"',
        'new = "return ("',
        'shop.py with `new` of [[bug]] number 1 is not valid Python: line 12:',
    ),
    'not TOML': ('minutes = 6', 'minutes: 6', 'is not valid TOML: '),
}


@pytest.mark.parametrize(('old', 'new', 'says'), WRONG.values(), ids=WRONG)
def test_refuses(folder, old, new, says):
    assert RIGHT.count(old) == 1
    path = folder / 'exercise.toml'
    path.write_text(RIGHT.replace(old, new), encoding='utf-8')
    said = said_about(folder)
    assert said.startswith(str(path))
    assert says in said
    assert '\n' not in said


def test_names_the_line_that_is_not_toml(folder):
    (folder / 'exercise.toml').write_text(f'{RIGHT}oops\n', encoding='utf-8')
    assert f'line {len(RIGHT.splitlines()) + 1}, ' in said_about(folder)


def test_refuses_a_folder_without_an_exercise(tmp_path):
    assert said_about(tmp_path) == (
        f'{tmp_path} has no exercise.toml. To make one: nox -s new_exercise -- FOLDER MODULE.py'
    )


def test_refuses_a_file_that_is_not_utf_8(folder):
    path = folder / 'exercise.toml'
    path.write_bytes(RIGHT.replace('A client', 'Ein Käufer').encode('latin-1'))
    assert said_about(folder) == f'{path} is not UTF-8: save it as UTF-8.'


def test_refuses_code_that_is_not_utf_8(folder):
    (folder / 'shop.py').write_bytes(b'# K\xe4ufer\n' + CODE.encode())
    assert '`source` names shop.py, which is not UTF-8: save it as UTF-8.' in said_about(folder)


@pytest.mark.parametrize('code', ['async def fetch(:\n', 'fetch = "\0"\n'])
def test_refuses_code_that_is_not_python(folder, code):
    (folder / 'shop.py').write_text(code, encoding='utf-8')
    said = said_about(folder)
    assert 'shop.py is not valid Python: ' in said
    assert said.endswith('Fix it.')

"""Tests of new_exercise: the files that it writes, what it checks, and the page that shows it."""

import ast
import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.grader import drill, new_exercise, watch
from helpers.grader.classroom import __main__ as classroom
from helpers.grader.exercise_file import FILE
from helpers.grader.exercises import Exercise, all_exercises
from helpers.grader.grade import grade
from helpers.grader.propose import propose_bugs
from helpers.kit import ROOT

PAGE = ROOT / '03_asyncio' / 'drills' / 'OWN_EXERCISE.md'
COMMANDS = {'new_exercise': new_exercise.main, 'drill': drill.main, 'grade': classroom.main}
CODE = '''\
"""Orders."""

import json


class Mailer:
    """Sends mail."""

    async def send(self, text: str) -> str:
        """Send one mail."""
        return json.dumps(text)


async def order(mailer: Mailer, count: int) -> str:
    """Order something."""
    if count > 10:
        raise ValueError('too many')
    try:
        return await mailer.send(f'{count} please')
    finally:
        mailer.close()


def _private():
    raise ValueError('too few')
'''
SOLUTION = """\
import unittest
from unittest import mock

import orders
from orders import Mailer, order


class TestOrders(unittest.IsolatedAsyncioTestCase):
    async def test_mailer(self):
        self.assertEqual(await Mailer().send('text'), '"text"')

    async def test_order(self):
        mailer = mock.Mock(spec_set=['close', 'send'])
        mailer.send = mock.AsyncMock(return_value='sent')
        self.assertEqual(await order(mailer, 10), 'sent')
        mailer.close.assert_called_once_with()

    async def test_too_many(self):
        with self.assertRaisesRegex(ValueError, 'too many'):
            await order(None, 11)

    def test_private(self):
        with self.assertRaises(ValueError):
            orders._private()
"""


@pytest.fixture
def make(tmp_path):
    """Return what makes an exercise from some code, without checking it, and returns its folder."""

    def make(code=CODE, name='orders.py'):
        module = tmp_path / name
        module.write_text(code, encoding='utf-8')
        folder = tmp_path / 'my exercise'
        new_exercise.make(folder, module)
        return folder

    return make


def complete(folder):
    """Write all that a new exercise, made of CODE, lacks."""
    path = folder / FILE
    text = path.read_text(encoding='utf-8')
    text = text.replace('TODO: ', 'Written: ').replace('read = []', 'read = ["README.md"]')
    path.write_text(text, encoding='utf-8')
    readme = folder / 'README.md'
    readme.write_text(readme.read_text(encoding='utf-8').replace('TODO', 'Done'), encoding='utf-8')
    (folder / 'solution' / 'test_orders.py').write_text(SOLUTION, encoding='utf-8')


def marks(output):
    """Return the mark of each thing that was checked."""
    found = re.findall(r'^  ([✔✘·])  (\S+)', output, re.MULTILINE)
    return {name: mark for mark, name in found}


def test_writes_five_files_and_names_the_first_step(run_here, tmp_path):
    module = tmp_path / 'orders.py'
    module.write_text(CODE, encoding='utf-8')
    folder = tmp_path / 'my exercise'
    status, output, errors = run_here(new_exercise.main, folder, module)
    assert (status, errors) == (1, '')
    created = 'orders.py, starter/test_orders.py, solution/test_orders.py, README.md, exercise.toml'
    assert output.startswith(f'Created {created}.\n')
    written = {path.relative_to(folder).as_posix() for path in folder.rglob('*.*')}
    assert written == {*created.split(', ')}
    assert (folder / 'orders.py').read_text(encoding='utf-8') == CODE
    assert output.endswith('NEXT: Write the tests in solution/test_orders.py.\n')
    assert marks(output) == {
        'exercise.toml': '✔',
        'solution': '✘',
        'bugs': '·',
        'starter': '✔',
        'texts': '✘',
        'hints': '✘',
        'read': '✘',
    }


def test_task_has_ten_lines_and_says_where_to_write(make):
    folder = make()
    text = (folder / 'README.md').read_text(encoding='utf-8')
    assert len(text.splitlines()) <= 10
    assert '`my_work/test_orders.py`' in text


@pytest.mark.parametrize('which', ['starter', 'solution'])
def test_skeleton_has_one_test_for_each_public_function_and_class(make, which):
    folder = make()
    tree = ast.parse((folder / which / 'test_orders.py').read_text(encoding='utf-8'))
    (case,) = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    assert ast.unparse(case.bases[0]) == 'unittest.IsolatedAsyncioTestCase'
    assert [node.name for node in case.body] == ['test_mailer', 'test_order']
    assert all(isinstance(node, ast.AsyncFunctionDef) for node in case.body)


def test_skeleton_of_code_without_coroutines_has_a_plain_test_case(make):
    folder = make('def a():\n    return 1\n\n\nclass A:\n    pass\n', 'plain.py')
    text = (folder / 'solution' / 'test_plain.py').read_text(encoding='utf-8')
    assert 'from plain import A, a\n' in text
    assert 'class TestPlain(unittest.TestCase):' in text
    assert re.findall(r'    (.*) test_(\w+)', text) == [('def', 'a'), ('def', 'A')]


def test_skeleton_of_code_with_many_names_imports_one_a_line(make):
    names = [f'a_function_with_a_long_name_{number}' for number in range(5)]
    code = '\n\n'.join(f'def {name}():\n    return 1' for name in names)
    folder = make(code, 'plain.py')
    text = (folder / 'solution' / 'test_plain.py').read_text(encoding='utf-8')
    assert f'from plain import (\n    {names[0]},\n' in text
    ast.parse(text)


def test_proposes_mistakes_of_many_kinds_each_of_which_occurs_once():
    proposals = propose_bugs(CODE)
    assert [(proposal.name, proposal.old, proposal.new) for proposal in proposals] == [
        ('send() returns None', 'return json.dumps(text)', 'return None'),
        ('order() is off by one: count > 10', 'count > 10', 'count >= 10'),
        ('order() never raises ValueError', "raise ValueError('too many')", 'pass'),
        ('order() returns None', "return await mailer.send(f'{count} please')", 'return None'),
        (
            'order() never awaits mailer.send()',
            "await mailer.send(f'{count} please')",
            "mailer.send(f'{count} please')",
        ),
        ('order() never ends with mailer.close()', 'mailer.close()', 'pass'),
        ('_private() never raises ValueError', "raise ValueError('too few')", 'pass'),
    ]


@pytest.mark.parametrize(
    ('code', 'old', 'new'),
    [
        pytest.param(
            'def a(x):\n    x.y()\n    x.y(1)\n    x.y()\n    return 0\n',
            'def a(x):\n    x.y()',
            'def a(x):\n    pass',
            id='more around it',
        ),
        pytest.param(
            'async def a(ü):\n    "ü"; await ü.ä()\n', 'await ü.ä()', 'ü.ä()', id='not only ASCII'
        ),
        pytest.param(
            'def a(x):\n    try:\n        x()\n    except OSError:\n        raise\n',
            'raise',
            'pass',
            id='an error that is raised again',
        ),
        pytest.param(
            'def a(x):\n    while (x) < (1):\n        x += 1\n',
            '(x) < (1)',
            '(x) <= (1)',
            id='parentheses',
        ),
        pytest.param(
            'def a(x):\n    return x(\n        1,\n    )\n',
            'return x(\n        1,\n    )',
            'return None',
            id='several lines',
        ),
    ],
)
def test_proposes(code, old, new):
    assert (old, new) in [(proposal.old, proposal.new) for proposal in propose_bugs(code)]


def test_proposes_no_more_than_eight():
    functions = [f'def f{number}(x):\n    return x + {number}\n' for number in range(20)]
    assert len(propose_bugs('\n'.join(functions))) == 8


def test_proposes_nothing_where_nothing_can_go_wrong():
    abstract = 'class A:\n    def a(self):\n        raise NotImplementedError\n'
    assert propose_bugs(f'{abstract}\n\ndef a():\n    return None\n') == []
    assert propose_bugs('def a(x):\n    return\n\n\ndef b(x):\n    return False\n') == []
    assert propose_bugs('def a(x):\n    while (x  # <\n           < 1): x += 1\n') == []


def test_names_the_inner_function_in_which_something_goes_wrong():
    proposals = propose_bugs('def a():\n    def b(x):\n        return x\n    return b\n')
    assert [proposal.name for proposal in proposals] == ['b() returns None', 'a() returns None']


def test_asks_for_a_bug_where_it_can_propose_none(make, run_here):
    folder = make('def a():\n    pass\n', 'plain.py')
    _, output, _ = run_here(new_exercise.main, folder)
    assert 'old = "TODO: the code"' in (folder / FILE).read_text(encoding='utf-8')
    assert '`old` in [[bug]] number 1 occurs 0 times in plain.py' in output
    assert marks(output)['exercise.toml'] == '✘'
    assert marks(output)['texts'] == '✘'


def test_keeps_what_the_folder_has(run_here, tmp_path):
    folder = tmp_path / 'orders'
    folder.mkdir()
    module = folder / 'orders.py'
    module.write_text(CODE, encoding='utf-8')
    (folder / 'README.md').write_text('mine', encoding='utf-8')
    _, output, _ = run_here(new_exercise.main, folder, module)
    assert 'Kept orders.py, README.md: already there.' in output
    assert 'Created starter/test_orders.py, solution/test_orders.py, exercise.toml.' in output
    assert (folder / 'README.md').read_text(encoding='utf-8') == 'mine'


def test_same_command_again_checks_and_writes_nothing(make, run_here, tmp_path):
    folder = make()
    before = {path: path.read_bytes() for path in folder.rglob('*.*')}
    with_module = run_here(new_exercise.main, folder, tmp_path / 'orders.py')
    assert with_module == run_here(new_exercise.main, folder)
    assert with_module[0] == 1
    assert 'Created' not in with_module[1]
    assert {path: path.read_bytes() for path in folder.rglob('*.*')} == before


def test_same_command_again_reports_that_the_copy_is_missing(make, run_here, tmp_path):
    folder = make()
    (folder / 'orders.py').unlink()
    status, output, _ = run_here(new_exercise.main, folder, tmp_path / 'orders.py')
    assert status == 1
    assert '`source` names orders.py, which cannot be read: put that file there.' in output


def test_takes_a_module_with_a_byte_order_mark(make):
    folder = make(f'\ufeff{CODE}')
    assert (folder / 'orders.py').read_text(encoding='utf-8') == CODE


def test_exercise_is_complete_once_all_is_written(make, run_here):
    folder = make()
    complete(folder)
    status, output, _ = run_here(new_exercise.main, folder)
    assert {*marks(output).values()} == {'✔'}, output
    assert status == 0
    assert f'Complete. Learners run nox -s drill -- "{folder}"' in output
    status, output, _ = run_here(drill.main, folder, '--solution')
    assert status == 0
    assert f'Created {folder / "my_work" / "test_orders.py"}.' in output
    assert 'All 7 bugs are caught.' in output


def edit(path, old, new):
    """Replace a passage that a file has exactly once."""
    text = path.read_text(encoding='utf-8')
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding='utf-8')


# What is changed in an exercise that is complete, which mark that changes, and what is said.
INCOMPLETE = {
    'wrong exercise.toml': (
        FILE,
        'minutes = 10',
        'minutes = "10"',
        'exercise.toml',
        '`minutes` has the wrong kind of value: write, for example, minutes = 6.',
        'Do that, and run nox -s new_exercise -- "',
    ),
    'exercise of a stage': (
        FILE,
        'minutes = 10',
        'minutes = 10\nwrite = [{file = "test_orders.py"}]',
        'exercise.toml',
        '`write` and `runs` are for the stages of the kit: remove them.',
        'Do that',
    ),
    'solution fails': (
        'solution/test_orders.py',
        """'"text"')""",
        """'text')""",
        'solution',
        'passes: test_mailer, line 10: the code is right here',
        'Look at line 10: what does it expect, and why?',
    ),
    'solution misses a line': (
        'solution/test_orders.py',
        'await order(None, 11)',
        'raise ValueError("too many")',
        'solution',
        'branches: No test runs line 17 of',
        'Which call gets to line 17? Write that test.',
    ),
    'solution misses a bug': (
        'solution/test_orders.py',
        '        mailer.close.assert_called_once_with()\n',
        '',
        'bugs',
        '6 of 7 caught. Missed: order() never ends with mailer.close()',
        'Add to the solution a test that notices it, or remove that [[bug]]',
    ),
    'solution hangs once the code is wrong': (
        'solution/test_orders.py',
        '        mailer.close.assert_called_once_with()\n',
        '        while not mailer.close.called:\n            pass\n',
        'bugs',
        'With the bug "order() never ends with mailer.close()": test_order, line ',
        'A test must end by itself',
    ),
    'text to be written': (
        FILE,
        '"Written: one idea',
        '"TODO: one idea',
        'texts',
        'still TODO: 1 line of exercise.toml',
        'exercise.toml, line 4: replace the TODO.',
    ),
    'task to be written': (
        'README.md',
        '# Done',
        '# TODO',
        'texts',
        'still TODO: 1 line of README.md',
        'README.md, line 1: replace the TODO.',
    ),
    'two hints': (
        FILE,
        '    "Written: a nudge",\n',
        '',
        'hints',
        '2 of at least 3 written',
        'Write at least 3 hints, from a nudge to nearly the answer.',
    ),
    'nothing to read': (
        FILE,
        'read = ["README.md"]',
        'read = []',
        'read',
        '`read` is empty',
        'Name what explains it, such as a lesson or a page: read = ["README.md"]',
    ),
}


@pytest.mark.parametrize(
    ('file', 'old', 'new', 'name', 'says', 'next_step'), INCOMPLETE.values(), ids=INCOMPLETE
)
def test_reports(make, run_here, file, old, new, name, says, next_step):
    folder = make()
    complete(folder)
    edit(folder / file, old, new)
    status, output, errors = run_here(new_exercise.main, folder)
    assert (status, errors) == (1, '')
    failed = [one for one, mark in marks(output).items() if mark == '✘']
    assert failed == [name], output
    assert re.search(rf'✘  {name} +{re.escape(says)}', output), output
    assert f'NEXT: {next_step}' in output


def test_reports_a_starter_that_leaves_nothing_to_do(make, run_here):
    folder = make()
    complete(folder)
    (folder / 'starter' / 'test_orders.py').write_text(SOLUTION, encoding='utf-8')
    _, output, _ = run_here(new_exercise.main, folder)
    assert '✘  starter        passes all gates already' in output
    assert 'NEXT: Leave something to do in starter/test_orders.py' in output


def test_reports_how_many_bugs_a_starter_catches_that_passes(make, run_here):
    folder = make()
    complete(folder)
    text = SOLUTION.replace('        mailer.close.assert_called_once_with()\n', '')
    (folder / 'starter' / 'test_orders.py').write_text(text, encoding='utf-8')
    status, output, _ = run_here(new_exercise.main, folder)
    assert status == 0
    assert '✔  starter        passes, and catches 6 of 7 bugs' in output


def test_reports_a_starter_that_is_missing(make, run_here):
    folder = make()
    (folder / 'starter' / 'test_orders.py').unlink()
    status, output, _ = run_here(new_exercise.main, folder)
    assert status == 1
    assert 'there is no starter/test_orders.py: put it there.' in output


# What is on the command line beside an exercise and its module, and what is said about it.
REFUSED = {
    'module that is not there': ('new', 'none.py', 'there is no none.py: check the path'),
    'folder for a module': ('new', 'folder', 'folder is a folder: name one Python file in it'),
    'no Python file': ('new', 'notes.txt', 'notes.txt is not a Python file'),
    'no Python in it': ('new', 'wrong.py', 'wrong.py is not valid Python: line 2: '),
    'not UTF-8': ('new', 'latin.py', 'latin.py is not UTF-8: save it as UTF-8'),
    'folder that is a file': ('notes.txt', 'orders.py', 'notes.txt is a file: name a folder'),
    'another exercise': (
        'made',
        'plain.py',
        'made has an exercise of orders.py already: name another folder',
    ),
    'module that has changed': (
        'made',
        'changed/orders.py',
        'changed/orders.py is no longer what made has a copy of',
    ),
    'another file of that name': (
        'changed',
        'orders.py',
        'changed has another orders.py already: rename one of the two',
    ),
    'nothing to test': ('new', 'empty.py', 'empty.py has no public function or class'),
    'name with a hyphen': ('new', 'my-orders.py', 'my-orders.py cannot be imported'),
    'keyword': ('new', 'async.py', 'async.py cannot be imported'),
    'name in the standard library': (
        'new',
        'random.py',
        "random.py hides Python's own module random: give it another name",
    ),
    'name of pytest': ('new', 'pytest.py', 'pytest.py hides pytest, which the tests need'),
    'tests': ('new', 'test_orders.py', 'test_orders.py is a file of tests'),
    'part of a package': (
        'new',
        'part.py',
        'part.py, line 1: an exercise is no package: replace `from .orders import order`',
    ),
    'no module and no exercise': ('folder', None, 'folder has no exercise.toml: name a module'),
    'neither folder nor module': ('new', None, 'new has no exercise.toml: name a module'),
}


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Return a folder with modules that are of no use, and with an exercise in `made`."""
    for folder in 'folder', 'changed':
        (tmp_path / folder).mkdir()
    contents = {
        'notes.txt': 'notes',
        'orders.py': CODE,
        'changed/orders.py': f'{CODE}# New.\n',
        'plain.py': 'def plain():\n    return 1\n',
        'wrong.py': '\ndef (:\n',
        'empty.py': 'import os\n\n_x = os\n\n\ndef _private():\n    pass\n',
        'part.py': 'from .orders import order\n\n\ndef part():\n    order()\n',
    }
    for name in 'my-orders.py', 'async.py', 'random.py', 'pytest.py', 'test_orders.py':
        contents[name] = CODE
    for name, text in contents.items():
        (tmp_path / name).write_text(text, encoding='utf-8')
    (tmp_path / 'latin.py').write_bytes(b'# \xe4\n')
    new_exercise.make(tmp_path / 'made', tmp_path / 'orders.py')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(('folder', 'module', 'says'), REFUSED.values(), ids=REFUSED)
def test_refuses(desk, run_here, folder, module, says):
    before = sorted(desk.rglob('*'))
    arguments = [folder] if module is None else [folder, module]
    status, output, errors = run_here(new_exercise.main, *arguments)
    assert (status, output) == (2, '')
    assert errors.startswith('nox -s new_exercise --: ')
    assert says in errors.replace('\\', '/')
    assert errors.count('\n') == 1
    assert sorted(desk.rglob('*')) == before


def test_refuses_a_folder_that_cannot_be_made(desk, run_here):
    status, _, errors = run_here(new_exercise.main, Path('notes.txt', 'exercise'), 'orders.py')
    assert status == 2
    assert 'cannot write to ' in errors


def test_reports_what_is_not_installed():
    # -S: without site-packages, as in a Python in which nothing is installed.
    ended = subprocess.run(
        [sys.executable, '-S', '-m', 'helpers.grader.new_exercise', 'folder'],
        cwd=ROOT,
        encoding='utf-8',
        capture_output=True,
    )
    assert (ended.returncode, ended.stdout, ended.stderr.count('\n')) == (2, '', 1)
    assert 'Run nox -s new_exercise -- FOLDER, which installs what it needs' in ended.stderr


def test_reports_an_internal_error_as_not_the_authors_mistake(make, run_here, monkeypatch):
    folder = make()
    monkeypatch.setattr(new_exercise, '_check_and_print', lambda notes, exercise: 1 / 0)
    status, output, errors = run_here(new_exercise.main, folder)
    assert (status, output) == (3, '')
    assert 'not your mistake' in errors


def test_exercise_may_lie_anywhere(make, run_here, tmp_path):
    folder = make()
    complete(folder)
    for name in 'Übung [1] für alle', 'helpers', 'exercise':
        moved = folder.rename(tmp_path / name)
        status, output, _ = run_here(new_exercise.main, moved)
        assert status == 0, output
        folder = moved


def test_exercise_in_the_folder_of_the_kit_is_not_of_the_kit():
    own = Exercise(ROOT / 'my_exercise')
    assert not own.of_the_kit
    assert own.work == ROOT / 'my_exercise' / 'my_work'
    assert own.command == 'nox -s drill -- "my_exercise"'
    assert all(exercise.of_the_kit for exercise in all_exercises())


def test_modules_beside_the_code_are_there_too(make, run_here):
    folder = make()
    complete(folder)
    (folder / 'paper.py').write_text('SIZE = 4\n', encoding='utf-8')
    edit(folder / 'orders.py', 'import json\n', 'import json\n\nimport paper  # noqa: F401\n')
    status, output, _ = run_here(new_exercise.main, folder)
    assert status == 0, output
    run_here(drill.main, folder)
    assert (folder / 'my_work' / 'paper.py').is_file()


@pytest.mark.parametrize('command', ['drill', 'grade', 'watch'])
def test_every_command_refuses_an_exercise_that_is_wrong(make, run_here, tmp_path, command):
    folder = make()
    edit(folder / FILE, 'minutes = 10', 'minuts = 10')
    (tmp_path / 'room' / 'ada').mkdir(parents=True)
    arguments = [tmp_path / 'room', '--exercise', folder] if command == 'grade' else [folder]
    mains = COMMANDS | {'watch': watch.main}
    status, output, errors = run_here(mains[command], *arguments)
    assert (status, output) == (2, '')
    assert 'there is no key `minuts`. Did you mean `minutes`?' in errors
    assert errors.count('\n') == 1


@pytest.mark.parametrize(
    ('line', 'says'),
    [
        (
            'import not_there',
            "orders.py cannot be imported: ModuleNotFoundError: No module named 'not_there'. Copy "
            'a module that it imports into its folder',
        ),
        ('raise SystemExit(1)', 'orders.py cannot be imported: SystemExit: 1. Fix that.'),
    ],
)
def test_reports_code_that_cannot_be_imported(make, run_here, line, says):
    folder = make()
    edit(folder / 'orders.py', 'import json\n', f'import json\n\n{line}\n')
    status, output, errors = run_here(new_exercise.main, folder)
    assert (status, errors) == (1, '')
    assert f'✘  solution       {says}' in output
    assert 'NEXT: Do that, and run nox -s new_exercise -- "' in output
    status, _, errors = run_here(drill.main, folder)
    assert status == 2
    assert says in errors


BREAKS_IMPORTS = """

class Refuser:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == 'orders':
            raise ImportError('refused')


def test_that_breaks_imports():
    sys.meta_path.insert(0, Refuser)
"""


def test_does_not_blame_the_code_for_what_a_test_has_broken(make, run_here):
    folder = make()
    text = f'import sys\n{SOLUTION}{BREAKS_IMPORTS}'
    (folder / 'solution' / 'test_orders.py').write_text(text, encoding='utf-8')
    _, output, _ = run_here(new_exercise.main, folder)
    assert 'breaks what the tests after it need (ImportError: refused)' in output
    assert 'cannot be imported' not in output


def test_command_that_shows_a_failure_whole_works(make, run_here):
    folder = make()
    complete(folder)
    tests = folder / 'solution' / 'test_orders.py'
    edit(tests, "self.assertEqual(await Mailer().send('text'), '\"text\"')", "{}['text']")
    verdict = grade(Exercise(folder), tests)
    _, _, arguments = verdict.next.partition(' -m pytest ')
    words = shlex.split(arguments, posix=os.name == 'posix')
    if os.name != 'posix':
        words = [word.strip('"') for word in words]
    ended = subprocess.run(
        [sys.executable, '-m', 'pytest', *words], cwd=ROOT, encoding='utf-8', capture_output=True
    )
    assert "KeyError: 'text'" in ended.stdout, ended.stdout + ended.stderr


def parts(page):
    """Yield, in order, the files that a page has its reader save, and the commands that it shows.

    A file is ('save' or 'append', its path, its text); a command is ('$', the command, its output).
    """
    block = re.compile(r'(?:(Save|save|Append) [^`]*`([^`]+)`:\n\n)?```(\w+)\n(.*?)```', re.DOTALL)
    for verb, path, language, text in block.findall(page):
        if language == 'console':
            command, _, output = text.partition('\n')
            yield '$', command.removeprefix('$ '), output
        else:
            yield verb.lower(), path, text


def test_page_shows_what_the_commands_print(run_here, tmp_path, monkeypatch):
    kit = tmp_path / 'kit'
    kit.mkdir()
    monkeypatch.chdir(kit)
    shown = list(parts(PAGE.read_text(encoding='utf-8')))
    assert [kind for kind, *_ in shown].count('$') == 6
    for kind, what, text in shown:
        if kind == '$':
            nox, option, session, separator, *arguments = shlex.split(what)
            assert (nox, option, separator) == ('nox', '-s', '--')
            status, output, errors = run_here(COMMANDS[session], *arguments)
            assert errors == ''
            flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
            output = output.replace('\\', '/')
            assert doctest.OutputChecker().check_output(text, output, flags), f'{what}\n{output}'
            assert (status == 0) == (session == 'grade' or 'Complete.' in output)
        else:
            path = kit / what
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open({'save': 'w', 'append': 'a'}[kind], encoding='utf-8') as file:
                file.write(text)


def test_page_shows_every_file_that_its_reader_edits():
    saved = [path for kind, path, _ in parts(PAGE.read_text(encoding='utf-8')) if kind == 'save']
    assert saved == [
        '../bakery/kiln.py',
        '../exercises/kiln/solution/test_kiln.py',
        '../exercises/kiln/exercise.toml',
        '../exercises/kiln/README.md',
        '../room/ada/test_kiln.py',
    ]


NAMES_OF_STAGES = (
    r'receive|send_to_client|trigger_event|my_helpers|01_sync|03_asyncio|(?<!\w)_run(?!\w)'
)


def test_grader_names_nothing_of_a_stage():
    for path in (ROOT / 'helpers' / 'grader').rglob('*.py'):
        text = path.read_text(encoding='utf-8')
        found = [line for line in text.splitlines() if re.search(NAMES_OF_STAGES, line)]
        assert found == [], path

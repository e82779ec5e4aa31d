"""Tests of my_code: which bugs it plants, what it says of them, and what it leaves alone."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from helpers.kit import ROOT
from helpers.my_code import __main__ as my_code
from helpers.my_code import project as project_module
from helpers.my_code import trial
from helpers.my_code.bugs import EFFECTS, find_bugs, one_per_line

TRIED = Path(__file__).parent / 'programs' / 'tried'
ORDERS = (TRIED / 'orders.py').read_text(encoding='utf-8')
PAGE = ROOT / '03_asyncio' / 'my_code' / 'README.md'
SHIELD = 'return await asyncio.shield(task)'


@pytest.fixture
def project(tmp_path):
    """Return the folder of a project of orders.py and its tests, with a space in its name."""
    folder = shutil.copytree(TRIED, tmp_path / 'my project')
    (folder / 'setup.cfg').touch()
    return folder


@pytest.fixture
def run(project, monkeypatch, capsys):
    """Return a function that runs the command; it returns the exit status and what is printed."""
    monkeypatch.setenv('PYTEST_DISABLE_PLUGIN_AUTOLOAD', '1')

    def run(*options, module='orders.py', command=(sys.executable, 'wait_tests.py')):
        words = ['my_code', *options, str(project / module), '--', *command]
        monkeypatch.setattr(sys, 'argv', words)
        try:
            status = my_code.main()
        except SystemExit as ended:
            status = ended.code
        return status, capsys.readouterr()

    return run


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob('*') if path.is_file()}


def edit(path, old, new):
    text = path.read_text(encoding='utf-8')
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding='utf-8')


def test_each_kind_of_bug_can_be_planted_in_the_module_that_the_tests_try():
    assert {bug.kind for bug in find_bugs(ORDERS)} == set(EFFECTS)


def test_plants_nothing_where_a_bug_would_crash_hang_be_none_or_not_be_noted():
    text = (TRIED / 'nothing_to_plant.py').read_text(encoding='utf-8')
    assert find_bugs(text) == []


def test_every_bug_is_valid_python_and_differs_from_the_module():
    for bug in find_bugs(ORDERS):
        compile(bug.text, 'orders.py', 'exec')
        assert bug.text != ORDERS


ENDS_WITH_A_LOOP = f'{ORDERS}\nasync def repeat(send):\n    while True:\n        await send()\n'


@pytest.mark.parametrize(
    'text',
    [
        ENDS_WITH_A_LOOP.replace('\n', '\r\n'),
        ENDS_WITH_A_LOOP.replace('\n', '\r'),
        ENDS_WITH_A_LOOP.replace('    ', '\t'),
        ENDS_WITH_A_LOOP.removesuffix('\n'),
        ENDS_WITH_A_LOOP.replace('A module', '\x0c\u2028é😀'),
    ],
    ids=['CRLF', 'CR', 'tabs', 'no line end', 'other characters'],
)
def test_finds_the_same_bugs_however_the_lines_end_and_are_indented(text):
    expected = [(bug.kind, bug.line, changed_code(bug)) for bug in find_bugs(ENDS_WITH_A_LOOP)]
    found = find_bugs(text)
    assert [(bug.kind, bug.line, changed_code(bug)) for bug in found] == expected
    for bug in found:
        compile(bug.text, 'orders.py', 'exec')


def changed_code(bug):
    return [line.replace('\t', '    ') for line in bug.change]


def test_tries_a_module_in_another_encoding_as_it_is(run, project):
    text = f'# coding: latin-1\n{ORDERS}NAME = "é"\n'.replace('\n', '\r\n')
    (project / 'orders.py').write_bytes(text.encode('latin-1'))
    edit(project / 'wait_tests.py', 'Orders\n', 'Orders, NAME\nassert NAME == "é"\n')
    status, printed = run('--json')
    assert status == 1, printed
    assert [bug['line'] for bug in json.loads(printed.out)['bugs']] == [28]


def test_plants_the_same_in_a_try_with_exception_groups():
    expected = [(bug.kind, bug.probe) for bug in find_bugs(ORDERS)]
    groups = find_bugs(ORDERS.replace('except ', 'except* '))
    assert [(bug.kind, bug.probe) for bug in groups] == expected
    for bug in groups:
        compile(bug.text, 'orders.py', 'exec')


def test_notes_that_a_decorated_function_or_class_is_defined():
    text = (TRIED / 'decorated.py').read_text(encoding='utf-8')
    bugs = find_bugs(text)
    compile(trial.with_probes(text, bugs, TRIED), 'decorated.py', 'exec')
    assert [bug.probe for bug in bugs] == [bug.line for bug in bugs] == [12, 19]


def test_one_per_line_keeps_the_most_telling():
    text = ORDERS.replace(SHIELD, 'await asyncio.shield(task)')
    kinds = [bug.kind for bug in find_bugs(text) if bug.line == 27]
    assert kinds == ['shield left out', 'await left out']
    assert [bug.kind for bug in one_per_line(find_bugs(text)) if bug.line == 27] == kinds[:1]


def test_strict_tests_notice_every_bug(run):
    status, printed = run('--json', '--all', command=(sys.executable, 'strict_tests.py'))
    found = json.loads(printed.out)
    assert [bug['kind'] for bug in found['bugs'] if not bug['noticed']] == []
    assert status == 0


def test_careless_tests_notice_none(run):
    status, printed = run('--all', command=(sys.executable, 'careless_tests.py'))
    assert printed.out.count('✘') == len(find_bugs(ORDERS))
    assert '✔' not in printed.out
    assert 'While they passed, Python said: coroutine' in printed.out
    assert status == 1


def test_reports_the_change_the_effect_the_tests_and_the_next_step(run):
    _, printed = run()
    shield = """
✘  orders.py:27  shield left out
     - return await asyncio.shield(task)
     + return await task
   One caller's cancellation now cancels the task for all callers.
   These tests run the line and pass:
     __main__.TestWait.test_wait_for
"""
    assert shield in printed.out
    assert 'NEXT: Write a test that fails when line 27 of orders.py' in printed.out


def test_reports_the_names_of_tests_under_pytest(run):
    _, printed = run(command=(sys.executable, '-m', 'pytest', 'wait_tests.py'))
    assert '\n     wait_tests.py::TestWait::test_wait_for\n' in printed.out


def test_names_no_test_where_it_is_not_known_and_keeps_no_object_alive(run):
    _, printed = run(command=(sys.executable, 'leak_tests.py'))
    assert '\n     __main__.TestWait.test_keeps_nothing\n' in printed.out
    assert (
        '\n     (a test whose name is not known, such as one that starts a thread)\n' in printed.out
    )


def test_keeps_silent_what_a_comment_explains(run, project):
    edit(project / 'orders.py', SHIELD, f'{SHIELD}  # my_code: nobody else waits')
    _, printed = run('--json')
    found = json.loads(printed.out)
    reason = {'line': 27, 'kind': 'shield left out', 'reason': 'nobody else waits'}
    assert found['silent'] == [reason]
    assert 27 not in [bug['line'] for bug in found['bugs']]


def test_plants_nothing_on_lines_that_no_test_runs_and_names_them(run):
    _, printed = run('--json')
    found = json.loads(printed.out)
    assert [bug['line'] for bug in found['bugs']] == [27]
    assert found['never_run'] == sorted({bug.line for bug in find_bugs(ORDERS)} - {27})


def test_notes_lines_where_blocking_calls_are_forbidden_and_the_process_ends_at_once(run):
    _, printed = run('--json', command=(sys.executable, 'no_blocking_tests.py'))
    found = json.loads(printed.out)
    assert [bug['tests'] for bug in found['bugs']] == [['__main__.TestWait.test_wait_for']]


@pytest.mark.skipif(not hasattr(os, 'fork'), reason='Windows has no fork')
def test_notes_lines_that_a_forked_process_runs_before_it_is_killed(run):
    _, printed = run('--json', command=(sys.executable, 'killed_tests.py'))
    found = json.loads(printed.out)
    assert sorted(bug['line'] for bug in found['bugs']) == [31, 36]


def test_keeps_each_of_more_notes_than_a_file_takes(run, monkeypatch, tmp_path):
    probe = Path(shutil.copy(project_module.PROBE, tmp_path))
    edit(probe, '1 << 22', '100')
    monkeypatch.setattr(project_module, 'PROBE', probe)
    monkeypatch.setattr(my_code, 'MOST_BUGS', 1)
    _, printed = run('--json', command=(sys.executable, 'careless_tests.py'))
    assert json.loads(printed.out)['never_run'] == []


def test_a_required_coverage_that_a_bug_spoils_does_not_count_as_noticed(run):
    options = ['-p', 'pytest_cov.plugin', '--cov=timer', '--cov-branch', '--cov-fail-under=100']
    command = [sys.executable, '-m', 'pytest', 'timer_tests.py', *options]
    _, printed = run('--json', module='timer.py', command=command)
    found = json.loads(printed.out)['bugs']
    assert [(bug['kind'], bug['noticed']) for bug in found] == [
        ('cancel left out', False),
        ('guard left out', False),
    ]


def test_tests_that_cannot_run_twice_at_the_same_time_run_one_at_a_time(run, project, tmp_path):
    guarded = f"""
import atexit, os
os.mkdir({str(tmp_path / 'taken')!r})
atexit.register(os.rmdir, {str(tmp_path / 'taken')!r})
"""
    text = (project / 'wait_tests.py').read_text(encoding='utf-8')
    (project / 'wait_tests.py').write_text(text + guarded, encoding='utf-8')
    _, printed = run('--json')
    assert [bug['kind'] for bug in json.loads(printed.out)['bugs'] if bug['noticed']] == []


@pytest.mark.parametrize(
    ('module', 'package'),
    [
        ('src/shop/orders.py', 'src/shop/__init__.py'),
        ('src/acme/shop/orders.py', 'src/acme/shop/__init__.py'),  # acme has no __init__.py
        ('shop/queue.py', 'shop/logging.py'),  # they must not replace those of Python
    ],
)
def test_a_module_in_a_package_is_tried_in_the_copy(run, project, module, package):
    (project / module).parent.mkdir(parents=True)
    (project / package).touch()
    (project / 'orders.py').rename(project / module)
    name = module.removeprefix('src/').removesuffix('.py').replace('/', '.')
    edit(project / 'wait_tests.py', 'from orders', f'from {name}')
    status, printed = run('--json', module=module)
    assert status == 1, printed
    assert json.loads(printed.out)['module'] == module


def test_a_path_of_the_project_in_the_command_is_one_in_the_copy(run, project):
    command = [sys.executable, str(project / 'wait_tests.py')]
    _, printed = run('--json', command=command)
    assert [bug['line'] for bug in json.loads(printed.out)['bugs']] == [27], printed


@pytest.mark.skipif(sys.platform == 'win32', reason='Windows runs no file for its first line')
def test_a_script_of_the_project_is_run_in_the_copy(run, project):
    script = project / 'run_tests'
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$(dirname "$0")/wait_tests.py"\n')
    script.chmod(0o700)
    _, printed = run('--json', command=[str(script)])
    assert [bug['line'] for bug in json.loads(printed.out)['bugs']] == [27], printed


def test_a_program_is_found_where_the_command_says_without_its_suffix(project):
    python = sys.executable.removesuffix('.exe')
    found = project_module.find_project(project / 'orders.py', [python])
    assert found.command == (sys.executable,)


ON_LINE_25 = 'import orders; exit(orders.Orders.wait_for.__code__.co_firstlineno != 25)'
NOT_RUN = 'is not a program' if sys.platform == 'win32' else 'cannot be run: No such file'
NO_ENVIRONMENT = 'exit("there is no .venv/bin/python")'
REFUSED = {
    'not in the copy': ({'command': [sys.executable, '-c', NO_ENVIRONMENT]}, 'in the copy: .venv.'),
    'not run': ({'command': ['./script']}, NOT_RUN),
    'nested too deeply': ({'module': 'deep.py'}, 'cannot be parsed as Python'),
    'tests of line numbers': ({'command': [sys.executable, '-c', ON_LINE_25]}, 'Leave these'),
    'hidden': ({'module': '.hidden/orders.py'}, 'orders.py is not copied with'),
    'no program': ({'command': ['./programs']}, 'programs is not a program'),
    'no UTF-8': ({'module': 'latin.py'}, 'its first line must name its encoding'),
    'no module there': ({'module': 'order.py'}, 'is not a Python file'),
    'not Python': ({'module': 'broken.py'}, 'cannot be parsed as Python'),
    'no such program': ({'command': ['no_such_program']}, "There is no program 'no_such_program'"),
    'no such path': ({'command': ['./bin/python']}, 'is neither here nor in'),
    'tests that fail': ({'command': [sys.executable, 'broken.py']}, 'Your tests must pass'),
    'another copy': (
        {'command': [sys.executable, '-c', '']},
        'did not import orders.py from the copy',
    ),
    'no command': ({'command': []}, 'the command that runs your tests is missing'),
}


@pytest.mark.parametrize('case', REFUSED)
def test_refuses_and_says_why(case, run, project):
    (project / 'broken.py').write_text('def', encoding='utf-8')
    (project / 'deep.py').write_text(f'x = {"-" * 500}1', encoding='utf-8')
    (project / 'script').write_text('#!/no/such/program', encoding='utf-8')
    (project / 'script').chmod(0o700)
    (project / '.venv').mkdir()
    (project / 'programs').mkdir()
    (project / '.hidden').mkdir()
    shutil.copy(project / 'orders.py', project / '.hidden')
    (project / 'latin.py').write_bytes(b'# \xe9')
    options, why = REFUSED[case]
    status, printed = run(**options)
    assert status == 2
    assert why in printed.err
    assert 'Traceback' not in printed.err


def test_asks_for_fewer_tests_if_they_take_long(run, monkeypatch):
    monkeypatch.setattr(trial, 'MOST_SECONDS', 0)
    status, printed = run()
    assert status == 2
    assert 'add --slow in front of the module' in printed.err


def test_refuses_to_copy_a_large_folder(run, monkeypatch):
    monkeypatch.setattr(project_module, 'MOST_BYTES', 10)
    status, printed = run()
    assert status == 2
    assert 'put a pyproject.toml there' in printed.err


def test_leaves_the_project_as_it_is_and_nothing_behind(run, project, tmp_path, monkeypatch):
    (tmp_path / 'temporary').mkdir()
    monkeypatch.setattr(tempfile, 'tempdir', str(tmp_path / 'temporary'))
    monkeypatch.delenv('PYTHONDONTWRITEBYTECODE', raising=False)
    monkeypatch.setenv('PYTHONPYCACHEPREFIX', str(tmp_path / 'temporary'))
    before = contents(project)
    run()
    assert contents(project) == before
    assert list((tmp_path / 'temporary').iterdir()) == []


def test_does_not_copy_the_copy_if_temporary_files_are_in_the_project(project, monkeypatch):
    (project / 'temporary').mkdir()
    monkeypatch.setattr(tempfile, 'tempdir', str(project / 'temporary'))
    found = project_module.find_project(project / 'orders.py', [sys.executable])
    with project_module.copies(found, 1) as [copy]:
        assert list((copy.root / 'temporary').iterdir()) == []


@pytest.mark.skipif(sys.platform == 'win32', reason='Windows has other files and links')
def test_copies_files_and_links_so_that_nothing_leads_back_to_the_project(
    run, project, tmp_path, monkeypatch
):
    monkeypatch.setenv('OUTSIDE', str(tmp_path / 'outside'))
    (tmp_path / 'outside').touch()
    (project / 'outside').symlink_to('../outside')
    (project / 'inside').symlink_to(project / 'timer.py')
    (project / 'loop').symlink_to('.')
    (project / 'nowhere').symlink_to('no_such_file')
    (project / 'node_modules').mkdir()
    (project / 'conda' / 'conda-meta').mkdir(parents=True)
    os.mkfifo(project / 'pipe')
    (project / 'orders.py').chmod(0o400)
    before = contents(project)
    status, printed = run('--json', command=(sys.executable, 'files_tests.py'))
    assert status == 0, printed
    assert contents(project) == before


def test_leaves_out_of_the_copy_what_cannot_be_read(project, monkeypatch):
    (project / 'secret').touch()
    (project / 'secrets').mkdir()
    found = project_module.find_project(project / 'orders.py', [sys.executable])
    access = os.access
    monkeypatch.setattr(
        os, 'access', lambda path, mode: 'secret' not in str(path) and access(path, mode)
    )
    with project_module.copies(found, 1) as [copy]:
        assert list(copy.root.glob('secret*')) == []


@pytest.mark.skipif(sys.platform == 'win32', reason='Windows has no named pipes in folders')
def test_ends_a_process_that_the_tests_leave_running(project, tmp_path, monkeypatch):
    told = tmp_path / 'told'
    os.mkfifo(told)
    monkeypatch.setenv('TOLD', str(told))
    command = [sys.executable, 'server_tests.py']
    found = project_module.find_project(project / 'orders.py', command)
    reading = os.open(told, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(reading, encoding='utf-8') as end, project_module.copies(found, 1) as [copy]:
        assert copy.run().passed
        os.set_blocking(reading, True)
        assert end.read() == ''


@pytest.mark.skipif(sys.platform == 'win32', reason='Ctrl-C cannot be sent to one process')
def test_ctrl_c_ends_it_quietly_and_leaves_nothing_behind(project, tmp_path):
    (tmp_path / 'temporary').mkdir()
    told = tmp_path / 'told'
    os.mkfifo(told)
    waits = f"""
import time
open({str(told)!r}, 'w').close()
time.sleep(600)
"""
    (project / 'waiting_tests.py').write_text(waits, encoding='utf-8')
    before = contents(project)
    command = [sys.executable, '-m', 'helpers.my_code', str(project / 'orders.py'), '--']
    process = subprocess.Popen(
        [*command, sys.executable, 'waiting_tests.py'],
        cwd=ROOT,
        env=os.environ | {'TMPDIR': str(tmp_path / 'temporary')},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding='utf-8',
    )
    with told.open():  # waits until the tests have begun
        process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, '')
    assert contents(project) == before
    assert list((tmp_path / 'temporary').iterdir()) == []


def test_the_module_for_those_who_bring_none_misses_five_bugs_as_its_page_shows(
    run, monkeypatch, project
):
    monkeypatch.chdir(ROOT)
    command = [sys.executable, '-m', 'unittest', 'discover', '-s', '03_asyncio/my_code']
    module = str(ROOT / '03_asyncio' / 'my_code' / 'page_cache.py')
    _, printed = run(module=module, command=command)
    assert printed.out.count('✘') == 5
    page = PAGE.read_text(encoding='utf-8')
    shown = page.partition('-s 03_asyncio/my_code\n\n')[2].partition('     ...\n')[0]
    assert shown.startswith('✘')
    assert shown in printed.out

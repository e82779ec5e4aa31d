"""Tests that imports run one way, from the stages to the helpers, and between few folders."""

import ast
import functools
from importlib.util import resolve_name

import pytest

from helpers.kit import ROOT, STAGES

NOT_OURS = {'.git', '.nox', '.venv', 'my_work', 'wheels'}


@functools.cache
def python_files(folder):
    files = sorted((ROOT / folder).rglob('*.py'))
    return [file for file in files if not NOT_OURS & set(file.relative_to(ROOT).parts)]


@functools.cache
def imported_modules(file):
    """Return the dotted names that a file imports; of `from a import b`, both a and a.b."""
    package = '.'.join(file.relative_to(ROOT).parent.parts)
    modules = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = resolve_name('.' * node.level + (node.module or ''), package)
            modules.add(module)
            modules.update(f'{module}.{alias.name}' for alias in node.names)
    return modules


def is_test(file):
    folders = file.relative_to(ROOT).parent.parts
    return 'tests' in folders or file.name.startswith('test_')


def stage_modules(stage):
    """Return the names of the modules that lie in a stage, its tests included."""
    return {file.stem for file in python_files(stage)} - {'conftest', '__init__'}


def files_that_import(modules, files):
    """Return which files import one of the modules, or a part of it: 'FILE imports MODULE'."""
    found = []
    for file in files:
        for imported in sorted(imported_modules(file)):
            if any(f'{imported}.'.startswith(f'{module}.') for module in modules):
                found.append(f'{file.relative_to(ROOT).as_posix()} imports {imported}')
    return found


def test_only_the_grader_and_tests_import_the_grader():
    grader = set(python_files('helpers/grader'))
    files = [file for file in python_files('.') if file not in grader and not is_test(file)]
    assert files_that_import(['helpers.grader'], files) == []


def test_only_tests_import_the_tests():
    files = [file for file in python_files('.') if not is_test(file)]
    assert files_that_import(['helpers.tests', 'slides.tests'], files) == []


def test_the_service_imports_no_room_but_its_own():
    rooms = {path.parent.name for path in (ROOT / 'helpers').glob('*/__init__.py')}
    assert {'answers', 'grader', 'measure', 'my_code', 'service', 'tests', 'workshop'} <= rooms
    others = [f'helpers.{room}' for room in rooms - {'service'}]
    assert files_that_import([*others, 'slides'], python_files('helpers/service')) == []


@pytest.mark.parametrize('folder', ['helpers', 'slides'])
def test_no_helper_imports_a_stage(folder):
    modules = set.union(*map(stage_modules, STAGES))
    assert {'receive', 'server', 'async_receive', 'async_server', 'green', 'switching'} <= modules
    # What runs beside a learner's code, or takes the place of a server, is on a stage's side.
    beside = {*python_files('helpers/grader/sandbox'), *python_files('helpers/tests/programs')}
    files = [file for file in python_files(folder) if file not in beside]
    assert files_that_import(modules, files) == []


@pytest.mark.parametrize('stage', STAGES)
def test_no_stage_imports_another_except_the_green_threads_stage_1(stage):
    allowed = {'01_sync'} if stage == '02_greenlet' else set()
    modules = set()
    for other in set(STAGES) - {stage} - allowed:
        modules |= stage_modules(other)
    assert files_that_import(modules - stage_modules(stage), python_files(stage)) == []

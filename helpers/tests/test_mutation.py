"""Mutation tests: every small change to a stage's source must make a test of the stage fail.

mutmut makes the mutants. Its command cannot run them: it reaches neither what a file does at its
top level nor the servers, which are processes of their own. So its list of operators, which it does
not document, is imported here, and pyproject.toml pins the version that has it.
"""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import libcst as cst
import pytest
from libcst import matchers
from mutmut.mutation.mutators import mutation_operators

from helpers.kit import ROOT, copy_kit

TIMEOUT = 30  # seconds for a stage's tests: a mutant that hangs has been noticed
SOURCES = sorted(
    path for path in ROOT.glob('0*/*.py') if not path.name.startswith(('test_', 'conftest'))
)
# How the tests of a stage are started: stage 2's once on each framework, by ROOT's green.py, since
# one that is a mutant might run no test at all.
GREEN = [['02_greenlet/green.py', 'gevent'], ['02_greenlet/green.py', 'eventlet']]
SERVERS = {'01_sync': [[]], '02_greenlet': GREEN, '03_asyncio': [[]]}


def pass_instead(node: cst.CSTNode) -> list[cst.CSTNode]:
    """Return the mutant of a statement that mutmut leaves out: `pass`."""
    return [cst.Pass()]


OPERATORS = [*mutation_operators, ((cst.Expr, cst.Raise, cst.Return), pass_instead)]


def mutants_of(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each mutant of a source file."""
    text = path.read_text(encoding='utf-8')
    module = cst.parse_module(text)
    is_docstring = matchers.Expr(matchers.SimpleString())
    for node in matchers.findall(module, matchers.DoesNotMatch(is_docstring)):
        for node_type, operator in OPERATORS:
            if not isinstance(node, node_type):
                continue
            for replacement in operator(node):
                mutant = module.deep_replace(node, replacement).code
                yield name_of(path, text, mutant), mutant


def name_of(path: Path, text: str, mutant: str) -> str:
    """Return a mutant's name: its file, the lines removed (-) and added (+), without comments."""
    name = [path.relative_to(ROOT).as_posix()]
    diff = unified_diff(text.splitlines(), mutant.splitlines(), n=0)
    for line in list(diff)[2:]:
        if line[0] in '-+':
            code = line[1:].partition('  # ')[0]
            name.append(f'{line[0]} {code.strip()}')
    return '\n'.join(name)


def read_survivors() -> dict[str, str]:
    """Return why each mutant that is expected to survive may do so, by its name."""
    file = Path(__file__).with_name('surviving_mutants.toml')
    reasons = {}
    for reason, names in tomllib.loads(file.read_text(encoding='utf-8')).items():
        for name in names.strip().split('\n\n'):
            reasons[name] = reason
    return reasons


MUTANTS = {}
for source in SOURCES:
    MUTANTS.update(mutants_of(source))
SURVIVORS = read_survivors()


@pytest.mark.parametrize('stage', SERVERS)
def test_unchanged_sources_pass(stage: str, tmp_path: Path) -> None:
    assert passes(copy_kit(tmp_path / 'kit'), stage)


@pytest.mark.parametrize('name', SURVIVORS, ids=lambda name: name.partition('\n')[0])
def test_lists_only_mutants_that_exist(name: str) -> None:
    assert name in MUTANTS, f'there is no such mutant (any more):\n{name}'


@pytest.mark.parametrize('name', MUTANTS, ids=lambda name: name.partition('\n')[0])
def test_notices_each_mutant_that_is_not_listed(name: str, tmp_path: Path) -> None:
    file = name.partition('\n')[0]
    stage = file.partition('/')[0]
    copy = copy_kit(tmp_path / 'kit')
    (copy / file).write_text(MUTANTS[name], encoding='utf-8')
    survives = passes(copy, stage)
    reason = SURVIVORS.get(name, '')
    if reason.startswith('Sometimes'):
        return
    if reason:
        assert survives, f'listed as surviving, but noticed:\n{name}'
    else:
        assert not survives, f'no test notices:\n{name}'


def passes(copy: Path, stage: str) -> bool:
    """Return whether a copy of the kit passes all tests of a stage."""
    return all(passes_with(copy, stage, server) for server in SERVERS[stage])


def passes_with(copy: Path, stage: str, server: list[str]) -> bool:
    """Return whether a copy passes a stage's tests, with the command that runs its server."""
    command = [sys.executable, '-m', 'pytest', '-x', stage]
    if server:
        script, framework = server
        command[1:1] = [str(ROOT / script), framework]
        command.append('01_sync')
    env = os.environ | {'SERVER_COMMAND': ' '.join(server), 'PYTEST_DISABLE_PLUGIN_AUTOLOAD': '1'}
    with subprocess.Popen(command, cwd=copy, env=env, process_group=0) as process:
        try:
            return process.wait(TIMEOUT) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            if process.poll() is None:
                os.killpg(process.pid, 9)  # SIGKILL, to its server too

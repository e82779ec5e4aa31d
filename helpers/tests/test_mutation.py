"""Mutation tests: every small change to a stage's source must make a test of the stage fail."""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

import libcst as cst
import pytest
from libcst import matchers as m
from mutmut.mutation.mutators import mutation_operators

from helpers.kit import ROOT

SERVERS = {'02_greenlet': [['02_greenlet/green.py', name] for name in ('gevent', 'eventlet')]}
# mutmut leaves out no statement; its own runner reaches neither other processes nor top levels.
WAYS: Any = [*mutation_operators, ((cst.Expr, cst.Raise, cst.Return), lambda _: [cst.Pass()])]
REASONS = tomllib.loads(
    Path(__file__).with_name('surviving_mutants.toml').read_text(encoding='utf-8')
)
LISTED = {name: why for why, names in REASONS.items() for name in names.strip().split('\n\n')}


def mutants(path: Path) -> Iterator[tuple[str, str]]:
    """Yield a source, then its mutants: a name, which is the file and the change, and the text."""
    file, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding='utf-8')
    yield file, text
    module: Any = cst.parse_module(text)
    for node in m.findall(module, m.DoesNotMatch(m.Expr(m.SimpleString()))):  # no docstring
        for new in (new for kind, way in WAYS if isinstance(node, kind) for new in way(node)):
            mutant = module.deep_replace(node, new).code
            diff = [*unified_diff(text.splitlines(), mutant.splitlines(), n=0)][2:]
            lines = [line.partition('  # ')[0] for line in diff if line[0] in '-+']
            yield '\n'.join([file, *(f'{line[0]} {line[1:].strip()}' for line in lines)]), mutant


SOURCES = sorted({*ROOT.glob('0*/*.py')} - {*ROOT.glob('0*/test_*.py')})
MUTANTS = dict(mutant for path in SOURCES for mutant in mutants(path))


@pytest.mark.parametrize('name', MUTANTS | LISTED, ids=lambda name: name.partition('\n')[0])
def test_only_listed_mutants_survive(name: str) -> None:
    """Run the tests of a stage on a source, or on a mutant of it."""
    assert name in MUTANTS, f'there is no such mutant (any more):\n{name}'
    file, stage, reason = name.split('\n')[0], name.split('/')[0], LISTED.get(name, '')
    with tempfile.TemporaryDirectory() as scratch:
        copy = shutil.copytree(ROOT, Path(scratch, 'kit'), ignore=shutil.ignore_patterns('.*'))
        (copy / file).write_text(MUTANTS[name], encoding='utf-8')
        survives = all(passes(copy, stage, server) for server in SERVERS.get(stage, [[]]))
    right = survives == bool(reason or name == file) or reason.startswith('Sometimes')
    assert right, f'{"survives" if survives else "is noticed"}:\n{name}'


def passes(copy: Path, stage: str, server: list[str]) -> bool:
    """Return whether a copy of the kit passes the tests of a stage within half a minute."""
    tests = ['-m', 'pytest', '-x', stage]
    if server:  # ROOT's green.py runs the tests: one that is a mutant might run none
        tests = [str(ROOT / server[0]), *server[1:], *tests, '01_sync']
    env = os.environ | {'SERVER_COMMAND': ' '.join(server), 'PYTEST_DISABLE_PLUGIN_AUTOLOAD': '1'}
    with subprocess.Popen([sys.executable, *tests], cwd=copy, env=env, process_group=0) as process:
        try:
            return process.wait(30) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            if process.poll() is None:
                os.killpg(process.pid, 9)  # SIGKILL, to its server too

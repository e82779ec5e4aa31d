"""What the files of settings promise: recorded versions, five Pythons, editors that find tests."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata

import pytest
from nox.project import dependency_groups
from packaging.requirements import Requirement

from helpers.kit import ROOT
from helpers.workshop import doctor, wheels


def requirements(group):
    project = tomllib.loads((ROOT / 'pyproject.toml').read_text('utf-8'))
    return set(dependency_groups(project, group))


def test_the_recorded_versions_are_for_everything():
    lines = (ROOT / '.constraints.txt').read_text('utf-8').splitlines()
    known = [Requirement(line) for line in lines if not line.startswith('#')]
    everything = requirements('everything')
    for group in tomllib.loads((ROOT / 'pyproject.toml').read_text('utf-8'))['dependency-groups']:
        assert requirements(group) <= everything, f'"everything" lacks {group}'
    for wanted in map(Requirement, everything):
        versions = [
            next(iter(recorded.specifier)).version
            for recorded in known
            if recorded.name == re.sub('[-_.]+', '-', wanted.name)
        ]
        assert any(map(wanted.specifier.contains, versions)), f'{wanted} is not recorded'


@pytest.mark.parametrize(
    ('versions', 'expected'), [('known', '4.1.0'), ('lowest', '4.0.0'), ('newest', '')]
)
def test_the_versions_of_a_session(versions, expected, tmp_path):
    recorded = (ROOT / '.constraints.txt').read_text('utf-8')
    changed = re.sub('markdown-it-py==.*', 'markdown-it-py==4.1.0', recorded)
    (tmp_path / '.constraints.txt').write_text(changed, 'utf-8')
    for name in 'noxfile.py', 'pyproject.toml':
        shutil.copy(ROOT / name, tmp_path)
    nox = [sys.executable, '-m', 'nox', '--install-only', '-s', 'slides']
    others = {
        name: os.environ[name] for name in os.environ if not name.startswith(('UV_', 'PIP_C'))
    }
    environment = others | {'VERSIONS': versions}
    ended = subprocess.run(nox, cwd=tmp_path, env=environment, capture_output=True, text=True)
    if ended.returncode and (versions == 'newest' or 'onnection' in ended.stdout + ended.stderr):
        pytest.skip('NO NETWORK to install from, or one whose index is just changing')
    folder = tmp_path / '.nox' / ('' if versions == 'known' else versions) / 'slides'
    places = map(str, folder.rglob('site-packages'))
    [found] = metadata.distributions(name='markdown-it-py', path=places)
    assert found.version == expected or not expected and found.version > '4.1.0'


def test_versions_that_there_are_not():
    environment = os.environ | {'VERSIONS': 'latest'}
    nox = [sys.executable, '-m', 'nox', '-l']
    ended = subprocess.run(nox, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode
    assert ended.stderr.endswith('VERSIONS=latest: it must be known, newest or lowest.\n')


def test_the_same_pythons_everywhere():
    pythons = [f'3.{minor}' for minor in range(doctor.OLDEST[1], doctor.NEWEST[1] + 1)]
    workflow = (ROOT / '.github/workflows/tests.yml').read_text('utf-8')
    assert list(wheels.PYTHONS) == pythons
    assert f'python: {json.dumps(pythons)}' in workflow
    assert f'sys.version_info < (3, {doctor.NEWEST[1] + 1})' in (ROOT / 'noxfile.py').read_text()


def test_an_editor_finds_the_tests_of_each_stage():
    settings = json.loads((ROOT / '.vscode/settings.json').read_text('utf-8'))
    found = [sys.executable, '-m', 'pytest', '--collect-only', '-q', '-rs', '-pno:cacheprovider']
    report = subprocess.run(
        [*found, *settings['python.testing.pytestArgs']], cwd=ROOT, capture_output=True, text=True
    ).stdout
    for test in '01_sync/test_receive.py::TestReceive', '03_asyncio/test_async_receive.py::':
        assert test in report
    assert 'stage 2 runs on green threads: nox -s 02_greenlet' in report


def test_a_container_is_made_as_the_readme_says():
    container = json.loads((ROOT / '.devcontainer/devcontainer.json').read_text('utf-8'))
    first = (
        (ROOT / 'README.md')
        .read_text('utf-8')
        .partition('```sh\n')[2]
        .partition(' && .venv/bin/nox\n')[0]
    )
    assert container['postCreateCommand'].startswith(first)

"""Tests of the settings files: pinned versions, five Pythons, editors that find the tests."""

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

from helpers.kit import PYTHONS, ROOT, STAGES


def requirements(group):
    project = tomllib.loads((ROOT / 'pyproject.toml').read_text('utf-8'))
    return set(dependency_groups(project, group))


def test_constraints_pin_every_package_of_every_group():
    lines = (ROOT / '.constraints.txt').read_text('utf-8').splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith('#')]
    everything = requirements('everything')
    for group in tomllib.loads((ROOT / 'pyproject.toml').read_text('utf-8'))['dependency-groups']:
        assert requirements(group) <= everything, f'"everything" lacks {group}'
    for wanted in map(Requirement, everything):
        name = re.sub('[-_.]+', '-', wanted.name)
        versions = [next(iter(pin.specifier)).version for pin in pins if pin.name == name]
        assert any(map(wanted.specifier.contains, versions)), f'{wanted} is not pinned'


def test_constraints_let_old_pythons_install_a_nox():
    """A pip on Python 3.8 to 3.10 must reach noxfile.py, which names the Python to use."""
    lines = (ROOT / '.constraints.txt').read_text('utf-8').splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith('#')]
    old = {'python_version': '3.8', 'python_full_version': '3.8.18'}
    applied = {pin.name for pin in pins if pin.marker.evaluate(old)}
    assert 'nox' in applied
    assert not applied & {'argcomplete', 'colorlog', 'packaging', 'uv', 'virtualenv'}


@pytest.mark.parametrize(
    ('versions', 'expected'), [('pinned', '4.1.0'), ('lowest', '4.0.0'), ('newest', '')]
)
def test_a_session_installs_the_chosen_versions(versions, expected, tmp_path):
    pinned = (ROOT / '.constraints.txt').read_text('utf-8')
    changed = re.sub('markdown-it-py==.*', 'markdown-it-py==4.1.0', pinned)
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
    folder = tmp_path / '.nox' / ('' if versions == 'pinned' else versions) / 'slides'
    places = map(str, folder.rglob('site-packages'))
    [found] = metadata.distributions(name='markdown-it-py', path=places)
    assert found.version == expected or not expected and found.version > '4.1.0'


def test_nox_refuses_an_unknown_choice_of_versions():
    environment = os.environ | {'VERSIONS': 'latest'}
    nox = [sys.executable, '-m', 'nox', '-l']
    ended = subprocess.run(nox, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode
    assert ended.stderr.endswith('VERSIONS=latest: it must be pinned, newest or lowest.\n')


def test_the_workflow_and_the_noxfile_know_the_same_pythons():
    workflow = (ROOT / '.github/workflows/tests.yml').read_text('utf-8')
    assert f'python: {json.dumps(PYTHONS)}' in workflow
    next_minor = int(PYTHONS[-1].partition('.')[2]) + 1
    noxfile = (ROOT / 'noxfile.py').read_text('utf-8')
    assert f'sys.version_info < (3, {next_minor})' in noxfile


def test_an_editor_finds_the_tests_of_each_stage():
    settings = json.loads((ROOT / '.vscode/settings.json').read_text('utf-8'))
    found = [sys.executable, '-m', 'pytest', '--collect-only', '-q', '-rs', '-pno:cacheprovider']
    report = subprocess.run(
        [*found, *settings['python.testing.pytestArgs']], cwd=ROOT, capture_output=True, text=True
    ).stdout
    for test in '01_sync/test_receive.py::TestReceive', '03_asyncio/test_async_receive.py::':
        assert test in report
    assert 'stage 2 runs on green threads: nox -s 02_greenlet' in report


def test_a_plain_pytest_finds_the_stages_and_says_whose_tests_these_are():
    pytest = [sys.executable, '-m', 'pytest', '--collect-only', '-pno:cacheprovider']
    ended = subprocess.run(pytest, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    for stage in STAGES:
        assert f"{stage}: the kit's own tests; yours are in {stage}/my_work" in ended.stdout
    for module in '<Module test_receive.py>', '<Module test_async_receive.py>':
        assert module in ended.stdout


def test_the_container_runs_the_first_command_of_the_readme():
    container = json.loads((ROOT / '.devcontainer/devcontainer.json').read_text('utf-8'))
    readme = (ROOT / 'README.md').read_text('utf-8')
    first_block = readme.partition('```sh\n')[2]
    first = first_block.partition(' && .venv/bin/nox\n')[0]
    assert container['postCreateCommand'].startswith(first)

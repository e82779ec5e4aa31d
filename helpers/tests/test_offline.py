"""Tests of what works without a network: the doctor, and packages on a USB stick."""

import io
import os
import platform
import shutil
import subprocess
import sys

import pytest

from helpers.kit import ROOT
from helpers.workshop import doctor

NO_NETWORK = ['unshare', '--map-root-user', '--net']
PROGRAMS = ROOT / 'helpers/tests/programs'
SYSTEMS = {'x86_64': 'linux', 'aarch64': 'linux-arm'}


def run(*command, cwd=ROOT, **environment):
    return subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | {'PYTHONUTF8': '1'} | environment,
        capture_output=True,
        encoding='utf-8',
        timeout=300,
    )


@pytest.fixture
def loopback_only():
    """Return the words that run a command without any network but the loopback."""
    command = [*NO_NETWORK, sys.executable, str(PROGRAMS / 'with_loopback_only.py')]
    if not shutil.which('unshare') or run(*command, 'true').returncode != 0:
        pytest.skip('this system has no network namespaces')
    return command


def skip_without_network(ended):
    output = ended.stdout + ended.stderr
    if 'onnection' in output or 'dns error' in output:
        pytest.skip('NO NETWORK to fill the folder from')


def fill_by_nox(kit, folder, *options):
    """Fill a folder with wheels, as README says: in the session `wheels`."""
    ended = run(sys.executable, '-m', 'nox', '-s', 'wheels', '--', *options, str(folder), cwd=kit)
    skip_without_network(ended)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def fill(kit, folder, *options):
    """Fill a folder with wheels, by the command that the session runs."""
    wheels = [sys.executable, '-m', 'helpers.workshop.wheels', *options, str(folder)]
    ended = run(*wheels, cwd=kit)
    skip_without_network(ended)
    return ended


def test_wheels_downloads_what_each_system_needs_and_replaces_an_incomplete_wheel(kit, tmp_path):
    folder = tmp_path / 'usb stick'
    folder.mkdir()
    incomplete = folder / 'eventlet-0.41.3-py3-none-any.whl'
    incomplete.write_bytes(b'PK')
    ended = fill(kit, folder, '--group', 'green', '--python', '3.11')
    assert ended.returncode == 0, ended.stderr
    names = [wheel.name for wheel in folder.glob('*.whl')]
    for package, *systems in (
        ('greenlet', 'win_amd64', 'macosx', 'x86_64', 'aarch64'),
        ('gevent-25.5.1', 'macosx_11_0_universal2'),  # the last one for that Python there
        ('gevent-26', 'win_amd64', 'manylinux'),
        ('colorama', 'any'),  # which only Windows needs
    ):
        for system in systems:
            assert any(name.startswith(package) and system in name for name in names), names
    assert incomplete.stat().st_size > 2


def test_wheels_reports_a_package_without_a_wheel_and_downloads_the_others(kit, tmp_path):
    settings = kit / 'pyproject.toml'
    group = '[dependency-groups]\nno_wheel = ["pyyaml==6.0.1", "iniconfig"]\n'
    text = settings.read_text('utf-8').replace('[dependency-groups]\n', group)
    settings.write_text(text, 'utf-8')
    options = ['--group', 'no_wheel', '--python', '3.15', '--system', 'linux']
    ended = fill(kit, tmp_path / 'usb stick', *options)
    assert ended.returncode == 1, ended.stderr
    assert 'Python 3.15 on linux: no wheel of pyyaml==6.0.1\n' in ended.stdout
    assert ': 1 wheels, ' in ended.stdout


def test_wheels_refuses_an_unknown_group(kit, tmp_path):
    folder = tmp_path / 'usb stick'
    ended = fill(kit, folder, '--group', 'nope')
    assert ended.returncode == 2
    assert ended.stderr.startswith(f'nox -s wheels -- {folder}: not complete: ')
    assert ended.stderr.count('\n') == 1
    assert 'nope' in ended.stderr


def test_the_workshop_runs_offline_from_a_folder_of_wheels(kit, loopback_only, tmp_path):
    if platform.machine() not in SYSTEMS:
        pytest.skip('there are no wheels for this system')
    version = f'{sys.version_info.major}.{sys.version_info.minor}'
    system = SYSTEMS[platform.machine()]
    fill_by_nox(kit, tmp_path / 'usb stick', '--python', version, '--system', system)
    shutil.move(tmp_path / 'usb stick', kit / 'wheels')
    shutil.rmtree(kit / '.nox')

    def offline(*command, cwd=kit):
        caches = {'UV_CACHE_DIR': str(tmp_path / 'uv'), 'PIP_CACHE_DIR': str(tmp_path / 'pip')}
        ended = run(*loopback_only, *command, cwd=cwd, **caches)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout + ended.stderr

    offline(sys.executable, '-m', 'venv', '.venv')
    python = str(kit / '.venv/bin/python')
    offline(python, '-m', 'pip', 'install', '--no-index', '--find-links', 'wheels', 'nox[uv]')
    nox = str(kit / '.venv/bin/nox')
    offline(nox, '--install-only', '-t', 'workshop')
    shutil.rmtree(kit / 'wheels')  # installed sessions need it no more
    assert 'READY: the workshop can begin.' in offline(nox, '-s', 'doctor')
    moved = kit.rename(tmp_path / 'moved')
    nox = [sys.executable, '-m', 'nox']
    assert offline(*nox, cwd=moved).count('100.00%') == 4
    exercises = ['01_exercise', '02_exercise', '03_exercise']
    offline(*nox, '-s', *exercises, '--', '--solution', cwd=moved)


def test_the_doctor_reports_sessions_that_are_not_installed(kit):
    ended = run(
        sys.executable, '-m', 'helpers.workshop.doctor', cwd=kit, UV_CACHE_DIR=str(kit / 'empty')
    )
    assert ended.returncode == 1
    assert '✘  workshop   need a network: 01_sync, 02_greenlet, 03_asyncio, 01_ex' in ended.stdout
    assert '→ With a network: nox --install-only -t workshop' in ended.stdout
    assert ended.stdout.endswith('NOT READY: fix what is marked ✘.\n')


def test_the_doctor_reports_a_loopback_that_is_down(loopback_only):
    check = run(*NO_NETWORK, sys.executable, '-m', 'helpers.tests.programs.print_loopback_check')
    assert check.stdout.startswith('port failed 127.0.0.1 cannot be reached: '), check.stderr


def test_the_doctor_says_ready_when_there_are_only_warnings(monkeypatch, tmp_path, capsys):
    (tmp_path / 'noxfile.py').write_bytes(b'import nox\r\n')
    monkeypatch.setattr(doctor, 'ROOT', tmp_path)
    monkeypatch.setattr(doctor, 'PYTHONS', ('3.9', '3.10'))
    monkeypatch.setattr(doctor, 'check_sessions', lambda: [])
    monkeypatch.setattr(sys, 'argv', ['doctor'])
    monkeypatch.setenv('COLUMNS', '60')
    monkeypatch.setenv('NO_COLOR', '1')
    assert doctor.main() == 0
    output = capsys.readouterr().out
    for name in 'Python', 'width', 'colours', 'line ends':
        assert f'\n  !  {name}' in f'\n{output}'
    assert 'CR LF, for example in noxfile.py' in output
    assert output.endswith('READY: the workshop can begin.\n')


def test_the_doctor_uses_ascii_where_the_terminal_has_no_check_mark(monkeypatch):
    monkeypatch.setattr(doctor, 'check_sessions', lambda: [])
    monkeypatch.setattr(sys, 'argv', ['doctor'])
    printed = io.BytesIO()
    monkeypatch.setattr(sys, 'stdout', io.TextIOWrapper(printed, 'cp1252'))
    doctor.main()
    output = printed.getvalue().decode('cp1252')
    assert '\n  ok  nox ' in output
    assert '-> Set PYTHONUTF8=1.' in output
    assert 'cp1252 has no check mark' in output
    assert '?' not in output


def test_the_doctor_reports_that_nox_is_missing(monkeypatch):
    monkeypatch.setattr(sys, 'path', [])
    found = doctor.check_nox()
    assert found.status == 'failed'
    assert 'pip install -c .constraints.txt "nox[uv]"' in found.remedy

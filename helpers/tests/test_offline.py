"""Tests of what is promised for a day without a network: the doctor, and packages on a stick."""

import io
import os
import platform
import shutil
import subprocess
import sys

import pytest

from helpers.kit import ROOT
from helpers.workshop import doctor

# A network namespace has no interface but a loopback that is down: this brings it up (ioctl
# SIOCSIFFLAGS, IFF_UP), and becomes the command that follows.
LOOPBACK_ONLY = """
import fcntl, os, socket, struct, sys
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack('16sh14x', b'lo', 1))
os.execvp(sys.argv[1], sys.argv[1:])
"""
NO_NETWORK = ['unshare', '--map-root-user', '--net', sys.executable, '-c', LOOPBACK_ONLY]
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
def no_network():
    if not shutil.which('unshare') or run(*NO_NETWORK, 'true').returncode:
        pytest.skip('this system makes no network namespace')
    return NO_NETWORK


@pytest.fixture
def kit(tmp_path):
    """The kit as somebody has it who has never run it, in a folder with a space in its name."""
    unknown = shutil.ignore_patterns('.git', '.nox', '.venv', 'my_work', 'wheels')
    return shutil.copytree(ROOT, tmp_path / 'the kit', ignore=unknown)


def fill(tmp_path, kit, *options, **environment):
    """Fill a folder with wheels, by the session that does so."""
    nox = sys.executable, '-m', 'nox', '-s', 'wheels', '--', *options, str(tmp_path / 'stick')
    filled = run(*nox, cwd=kit, **environment)
    told = filled.stdout + filled.stderr
    if 'onnection' in told or 'dns error' in told:
        pytest.skip('NO NETWORK to fill the folder from')
    return filled


def test_wheels_for_other_systems(kit, tmp_path):
    (tmp_path / 'stick').mkdir()
    cut_off = tmp_path / 'stick/eventlet-0.41.3-py3-none-any.whl'
    cut_off.write_bytes(b'PK')
    assert fill(tmp_path, kit, '--group', 'green', '--python', '3.11').returncode == 0
    names = [wheel.name for wheel in (tmp_path / 'stick').glob('*.whl')]
    for package, *systems in (
        ('greenlet', 'win_amd64', 'macosx', 'x86_64', 'aarch64'),
        ('gevent-25.5.1', 'macosx_11_0_universal2'),  # the last one for that Python there
        ('gevent-26', 'win_amd64', 'manylinux'),
        ('colorama', 'any'),  # which only Windows needs
    ):
        for system in systems:
            assert any(name.startswith(package) and system in name for name in names), names
    assert cut_off.stat().st_size > 2


def test_what_has_no_wheel_is_told(kit, tmp_path):
    options = '--group', 'mutation', '--python', '3.15', '--system', 'linux'
    recorded = {'VERSIONS': 'known', 'UV_RESOLUTION': 'highest'}
    filled = fill(tmp_path, kit, *options, **recorded)
    assert filled.returncode == 1
    assert 'Python 3.15 on linux: no wheel of pyyaml==' in filled.stdout


def test_a_group_that_there_is_not(kit, tmp_path):
    filled = fill(tmp_path, kit, '--group', 'nope')
    assert filled.returncode != 0
    [told] = [
        line for line in (filled.stdout + filled.stderr).splitlines() if 'not complete' in line
    ]
    assert told.startswith(f'nox -s wheels -- {tmp_path / "stick"}: not complete: ')
    assert 'nope' in told


def test_without_a_network_a_folder_of_wheels_will_do(kit, no_network, tmp_path):
    if platform.machine() not in SYSTEMS:
        pytest.skip('there are no wheels for this system')
    version = f'{sys.version_info.major}.{sys.version_info.minor}'
    filled = fill(tmp_path, kit, '--python', version, '--system', SYSTEMS[platform.machine()])
    assert filled.returncode == 0, filled.stdout + filled.stderr
    shutil.move(tmp_path / 'stick', kit / 'wheels')
    shutil.rmtree(kit / '.nox')

    def offline(*command, cwd=kit):
        caches = {'UV_CACHE_DIR': str(tmp_path / 'uv'), 'PIP_CACHE_DIR': str(tmp_path / 'pip')}
        ended = run(*no_network, *command, cwd=cwd, **caches)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout + ended.stderr

    offline(sys.executable, '-m', 'venv', '.venv')
    python = str(kit / '.venv/bin/python')
    offline(python, '-m', 'pip', 'install', '--no-index', '--find-links', 'wheels', 'nox[uv]')
    nox = str(kit / '.venv/bin/nox')
    assert offline(nox).count('100.00%') == 4
    offline(nox, '--install-only', '-t', 'workshop')
    shutil.rmtree(kit / 'wheels')  # prepared is prepared
    assert 'READY: the workshop can begin.' in offline(nox, '-s', 'doctor')
    offline(nox, '-s', '01_exercise', '02_exercise', '03_exercise', '--', '--solution')
    moved = kit.rename(tmp_path / 'moved')
    assert offline(sys.executable, '-m', 'nox', cwd=moved).count('100.00%') == 4


def test_a_session_that_is_not_prepared_is_found(kit):
    ended = run(
        sys.executable, '-m', 'helpers.workshop.doctor', cwd=kit, UV_CACHE_DIR=str(kit / 'empty')
    )
    assert ended.returncode == 1
    assert '✘  workshop   need a network: 01_sync, 02_greenlet, 03_asyncio, 01_ex' in ended.stdout
    assert '→ With a network: nox --install-only -t workshop' in ended.stdout
    assert ended.stdout.endswith('NOT READY: mend what is marked ✘.\n')


def test_no_loopback_is_found(no_network):
    program = 'from helpers.workshop import doctor; print(*doctor.port())'
    unshare = no_network[: no_network.index(sys.executable)]
    told = run(*unshare, sys.executable, '-c', program).stdout
    assert told.startswith('port False 127.0.0.1 cannot be reached: ')


def findings(look):
    return {finding.name: finding for finding in look}


def test_what_can_wait_is_told_and_is_no_obstacle(monkeypatch, tmp_path, capsys):
    (tmp_path / 'noxfile.py').write_bytes(b'import nox\r\n')
    monkeypatch.setattr(doctor, 'ROOT', tmp_path)
    monkeypatch.setattr(doctor, 'NEWEST', (3, 10))
    monkeypatch.setattr(doctor, 'sessions', lambda: [])
    monkeypatch.setattr(sys, 'argv', ['doctor'])
    monkeypatch.setenv('COLUMNS', '60')
    monkeypatch.setenv('NO_COLOR', '1')
    assert doctor.main() == 0
    told = capsys.readouterr().out
    for name in 'Python', 'width', 'colours', 'line ends':
        assert f'\n  !  {name}' in f'\n{told}'
    assert 'CR LF in 1 files, such as noxfile.py' in told
    assert told.endswith('READY: the workshop can begin.\n')


def test_a_terminal_without_marks(monkeypatch):
    monkeypatch.setattr(sys, 'stdout', io.TextIOWrapper(io.BytesIO(), 'cp1252'))
    assert findings(doctor.terminal())['letters'].text == 'cp1252 has no ✔'


def test_no_nox_is_found(monkeypatch):
    monkeypatch.setattr(sys, 'path', [])
    found = findings(doctor.installed())
    assert found['nox'].good is False
    assert 'pip install -c .constraints.txt "nox[uv]"' in found['nox'].fix

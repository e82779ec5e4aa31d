"""Check that this machine is ready for the workshop, even offline, and say how to fix what is not.

Exit status: 0 if it is ready, 1 if a check marked ✘ failed, 130 after Ctrl-C.
"""

import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, NamedTuple

from helpers.cli import Parser, quiet_on_ctrl_c, replace_unprintable_characters
from helpers.kit import PYTHONS, ROOT
from helpers.service.serving import HOST

WIDTH = 80  # columns: as wide as a verdict of the grader
MARKS = {'ok': '✔', 'failed': '✘', 'warning': '!'}
ASCII = {'✔': 'ok', '✘': 'x', '→': '->'}  # for terminals without these characters
OFFLINE_HELP = 'Without a network: README.md, "No network".'
INSTALL_ALL = f'With a network: nox --install-only -t workshop\n{OFFLINE_HELP}'

Status = Literal['ok', 'failed', 'warning']


class Finding(NamedTuple):
    """What one check found, and the remedy if its status is not 'ok'; a warning can wait."""

    name: str
    status: Status
    text: str
    remedy: str = ''


def check_python() -> Finding:
    """Check that the Python that runs the sessions is one the kit is tested on."""
    name = platform.python_implementation()
    version = f'{sys.version_info.major}.{sys.version_info.minor}'
    status: Status = 'ok' if name == 'CPython' and version in PYTHONS else 'warning'
    remedy = f'The kit is tested on CPython {PYTHONS[0]} to {PYTHONS[-1]}. If it fails, use one.'
    return Finding('Python', status, f'{name} {platform.python_version()}', remedy)


def check_nox() -> Finding:
    """Check that nox is installed."""
    remedy = f'{Path(sys.executable).name} -m pip install -c .constraints.txt "nox[uv]"'
    try:
        return Finding('nox', 'ok', metadata.version('nox'))
    except metadata.PackageNotFoundError:
        return Finding('nox', 'failed', 'not installed', f'{remedy}\n{OFFLINE_HELP}')


def check_uv() -> Finding:
    """Check that uv is installed: without it, nox takes minutes to create the environments."""
    remedy = f'{Path(sys.executable).name} -m pip install -c .constraints.txt uv\n{OFFLINE_HELP}'
    try:
        return Finding('uv', 'ok', metadata.version('uv'))
    except metadata.PackageNotFoundError:
        pass
    path = shutil.which('uv')
    if path:
        return Finding('uv', 'ok', path)
    return Finding('uv', 'warning', 'not installed', remedy)


def check_loopback() -> Finding:
    """Check that a server on this machine can be reached."""
    try:
        with socket.create_server((HOST, 0)) as server:
            port = server.getsockname()[1]
            socket.create_connection((HOST, port), timeout=5).close()
    except OSError as error:
        remedy = f'Allow Python to use {HOST}: a firewall or a VPN may block it.'
        return Finding('port', 'failed', f'{HOST} cannot be reached: {error}', remedy)
    return Finding('port', 'ok', f'{HOST}:{port} could be opened and reached')


def check_terminal() -> Iterator[Finding]:
    """Check the terminal's width, its colours and its characters."""
    width = shutil.get_terminal_size().columns
    remedy = f'Make the window {WIDTH} columns wide, and lines will not wrap.'
    yield Finding('width', 'ok' if width >= WIDTH else 'warning', f'{width} columns', remedy)
    if os.environ.get('NO_COLOR'):
        remedy = 'NO_COLOR is set: unset it to see colours. Words say the same.'
        yield Finding('colours', 'warning', 'none', remedy)
    elif not sys.stdout.isatty() or os.environ.get('TERM') == 'dumb':
        yield Finding('colours', 'warning', 'none', 'Colours need a terminal. Words say the same.')
    else:
        yield Finding('colours', 'ok', 'yes')
    if not _can_print('✔✘·▶'):
        text = f'{sys.stdout.encoding} has no check mark'
        yield Finding('characters', 'warning', text, 'Set PYTHONUTF8=1.')


def check_line_endings() -> Finding:
    """Check for Windows line endings, which a clone has if git is configured to convert them."""
    files = [*ROOT.glob('*.py'), *ROOT.glob('*.md'), *ROOT.glob('0*/*.py')]
    converted = [file.name for file in files if b'\r\n' in file.read_bytes()]
    if not converted:
        return Finding('line ends', 'ok', 'LF')
    text = f'CR LF, for example in {converted[0]}'
    remedy = 'Sessions run all the same. To fix it: git checkout . (this undoes your changes, too)'
    return Finding('line ends', 'warning', text, remedy)


def check_wheels() -> Iterator[Finding]:
    """Check for a folder `wheels`, from which sessions install instead of the network."""
    if (ROOT / 'wheels').is_dir():
        remedy = 'You may delete it once everything is installed, or if you have a network.'
        yield Finding('wheels', 'warning', 'sessions install from this folder only', remedy)


def check_sessions() -> Iterator[Finding]:
    """Check which sessions can run offline, by having nox install them all offline."""
    if not find_spec('nox'):
        return
    if sys.stdout.isatty():
        print('     nox is installing all sessions ...', end='\r', flush=True)
    yield _offline_finding('workshop', ['-t', 'workshop'], 'failed', INSTALL_ALL)
    remedy = 'Do you need one? nox --install-only -s NAME'
    yield _offline_finding('the rest', ['-k', 'not workshop and not doctor'], 'warning', remedy)


def _offline_finding(name: str, selection: list[str], problem: Status, remedy: str) -> Finding:
    installed = _install_offline(selection)
    if not installed:
        return Finding(name, problem, 'nox ran no session', 'python -m nox -l says why.')
    missing = [session for session, success in installed.items() if not success]
    if not missing:
        return Finding(name, 'ok', f'{len(installed)} sessions can run without a network')
    if (ROOT / 'wheels').is_dir():
        remedy = 'The folder wheels lacks packages for them. If you have a network, delete it.'
    return Finding(name, problem, f'need a network: {", ".join(missing)}', remedy)


def _install_offline(selection: list[str]) -> dict[str, bool]:
    """Have nox install the selected sessions offline; return which of them succeeded."""
    offline = os.environ | {'UV_OFFLINE': '1', 'PIP_NO_INDEX': '1'}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / 'report.json'
        nox = [sys.executable, '-m', 'nox', '--install-only', *selection, '--report', str(report)]
        subprocess.run(nox, cwd=ROOT, env=offline, capture_output=True)
        if not report.exists():
            return {}
        sessions = json.loads(report.read_text('utf-8'))['sessions']
    return {session['name']: session['result'] == 'success' for session in sessions}


def run_checks() -> Iterator[Finding]:
    """Yield all findings, the slowest ones last."""
    yield check_python()
    yield check_nox()
    yield check_uv()
    yield check_loopback()
    yield from check_terminal()
    yield check_line_endings()
    yield from check_wheels()
    yield from check_sessions()


def _can_print(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or 'utf-8')
    except UnicodeEncodeError:
        return False
    return True


def _print(text: str) -> None:
    """Print a line at once, with ASCII for the marks that the terminal cannot show."""
    for mark, plain in ASCII.items():
        if not _can_print(mark):
            text = text.replace(mark, plain)
    print(text, flush=True)


@quiet_on_ctrl_c
def main() -> int:
    """Print each finding as soon as it is known, and return the exit status."""
    replace_unprintable_characters()
    Parser(prog='nox -s doctor --', description=__doc__).parse_args()
    failed = False
    for finding in run_checks():
        _print(f'  {MARKS[finding.status]}  {finding.name:10} {finding.text}')
        if finding.status != 'ok':
            for line in finding.remedy.splitlines():
                _print(f'     {"":10} → {line}')
        if finding.status == 'failed':
            failed = True
    _print('\nNOT READY: fix what is marked ✘.' if failed else '\nREADY: the workshop can begin.')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())

"""Can the workshop begin, also without a network? Looks, and says how to mend what it finds.

Exit status: 0 if it can, 1 if what is marked ✘ has to be mended first, 130 Ctrl-C.
"""

import io
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
from typing import NamedTuple

from helpers.cli import Parser, handle_sigint
from helpers.kit import ROOT
from helpers.service.serving import HOST

OLDEST, NEWEST = (3, 11), (3, 15)
WIDTH = 80  # columns: what a verdict of the grader takes
MARKS = {True: '✔', False: '✘', None: '!'}
WITHOUT = 'Without a network: README.md, "No network".'
PREPARE = f'With a network: nox --install-only -t workshop\n{WITHOUT}'


class Finding(NamedTuple):
    """What was looked at, how it is, and how to mend it; good is None for what can wait."""

    name: str
    good: bool | None
    text: str
    fix: str = ''


def python() -> Finding:
    """Look at the Python that runs the sessions."""
    name, version = platform.python_implementation(), sys.version_info[:2]
    tried = name == 'CPython' and OLDEST <= version <= NEWEST
    fix = f'The kit was tried on CPython 3.{OLDEST[1]} to 3.{NEWEST[1]}. If it fails, take one.'
    return Finding('Python', tried or None, f'{name} {platform.python_version()}', fix)


def installed() -> Iterator[Finding]:
    """Look at what makes the environments: nox, and uv, without which that takes minutes."""
    fix = f'{Path(sys.executable).name} -m pip install -c .constraints.txt "nox[uv]"\n{WITHOUT}'
    for package, good in ('nox', False), ('uv', None):
        try:
            yield Finding(package, True, metadata.version(package))
        except metadata.PackageNotFoundError:
            found = shutil.which('uv') if package == 'uv' else None
            yield Finding(package, bool(found) or good, found or 'not installed', fix)


def sessions() -> Iterator[Finding]:
    """Look which sessions can run without a network: nox prepares them all, with none."""
    if not find_spec('nox'):
        return
    if sys.stdout.isatty():
        print('     nox prepares all sessions ...', end='\r', flush=True)
    for name, good, selection in (
        ('workshop', False, ['-t', 'workshop']),
        ('the rest', None, ['-k', 'not workshop and not doctor']),
    ):
        ready = _prepared(*selection)
        if lacking := [session for session in ready if not ready[session]]:
            fix = PREPARE if good is False else 'Do you need one? nox --install-only -s NAME'
            if (ROOT / 'wheels').is_dir():
                fix = 'The folder wheels lacks some for them. Where there is a network, delete it.'
            yield Finding(name, good, f'need a network: {", ".join(lacking)}', fix)
        else:
            text = f'{len(ready)} sessions can run without a network'
            yield Finding(name, bool(ready), text, 'python -m nox -l says why not.')


def _prepared(*selection: str) -> dict[str, bool]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / 'report.json'
        nox = [sys.executable, '-m', 'nox', '--install-only', *selection, '--report', str(report)]
        no_network = os.environ | {'UV_OFFLINE': '1', 'PIP_NO_INDEX': '1'}
        subprocess.run(nox, cwd=ROOT, env=no_network, capture_output=True)
        made = json.loads(report.read_text('utf-8'))['sessions'] if report.exists() else []
    return {session['name']: session['result'] == 'success' for session in made}


def port() -> Finding:
    """Look whether a server can be reached on this machine."""
    try:
        with socket.create_server((HOST, 0)) as server:
            address = server.getsockname()
            socket.create_connection(address, timeout=5).close()
    except OSError as error:
        fix = f'Allow Python to use {HOST}: a firewall or a VPN forbids it, or it is switched off.'
        return Finding('port', False, f'{HOST} cannot be reached: {error}', fix)
    return Finding('port', True, f'{HOST}:{address[1]} could be opened and reached')


def terminal() -> Iterator[Finding]:
    """Look at the terminal: its width, its colours and its letters."""
    width = shutil.get_terminal_size().columns
    yield Finding('width', width >= WIDTH or None, f'{width} columns', f'{WIDTH} show it all.')
    colours = sys.stdout.isatty() and os.environ.get('TERM') != 'dumb'
    plain = not colours or os.environ.get('NO_COLOR')
    fix = 'Unset NO_COLOR, and run it in a terminal; all is said in words, too.'
    yield Finding('colours', not plain or None, 'none' if plain else 'yes', fix)
    try:
        '✔✘·▶'.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        yield Finding('letters', None, f'{sys.stdout.encoding} has no ✔', 'Set PYTHONUTF8=1.')


def wheels() -> Iterator[Finding]:
    """Look for a folder of wheels, which keeps the sessions from asking a network."""
    if (ROOT / 'wheels').is_dir():
        fix = 'Once everything is prepared, or where there is a network, you may delete it.'
        yield Finding('wheels', None, 'sessions install from this folder only', fix)


def line_ends() -> Finding:
    """Look for the line ends of Windows, which a clone has if git was told to change them."""
    files = [*ROOT.glob('*.py'), *ROOT.glob('*.md'), *ROOT.glob('0*/*.py')]
    changed = [file.name for file in files if b'\r\n' in file.read_bytes()]
    fix = 'Sessions run all the same. To mend it: git checkout . (it undoes your changes, too)'
    text = f'CR LF in {len(changed)} files, such as {changed[0]}' if changed else 'LF'
    return Finding('line ends', not changed or None, text, fix)


def look() -> Iterator[Finding]:
    """Yield all findings, the slowest ones last."""
    yield python()
    yield from installed()
    yield port()
    yield from terminal()
    yield line_ends()
    yield from wheels()
    yield from sessions()


def main() -> int:
    """Print the findings as they come and return the exit status."""
    Parser(prog='nox -s doctor --', description=__doc__).parse_args()
    handle_sigint()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors='replace')
    ill = False
    for finding in look():
        print(f'  {MARKS[finding.good]}  {finding.name:10} {finding.text}', flush=True)
        for line in finding.fix.splitlines() * (not finding.good):
            print(f'     {"":10} → {line}')
        ill |= finding.good is False
    print('\nNOT READY: mend what is marked ✘.' if ill else '\nREADY: the workshop can begin.')
    return ill


if __name__ == '__main__':
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)

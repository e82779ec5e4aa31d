"""Fill a folder with the workshop's packages, for laptops that will have no network.

Copied into the kit's folder as `wheels`, it is what the sessions install from, without a network.
"""

import argparse
import os
import re
import subprocess
import sys
from itertools import product
from pathlib import Path
from zipfile import is_zipfile

from rich.progress import Progress

from helpers.cli import Parser, console, handle_sigint

PYTHONS = '3.11', '3.12', '3.13', '3.14', '3.15'
MANYLINUX = 'manylinux2014', *(f'manylinux_2_{glibc}' for glibc in (17, 24, 26, 27, 28))
# What uv calls each system, and which wheels run there.
SYSTEMS = {
    'linux': ('x86_64-manylinux_2_28', [f'{name}_x86_64' for name in MANYLINUX]),
    'linux-arm': ('aarch64-manylinux_2_28', [f'{name}_aarch64' for name in MANYLINUX]),
    'macos': ('aarch64-apple-darwin', ['macosx_14_0_arm64']),
    'macos-intel': ('x86_64-apple-darwin', ['macosx_14_0_x86_64']),
    'windows': ('x86_64-pc-windows-msvc', ['win_amd64']),
}


def main() -> int:
    """Download what each Python needs on each system; return 1 if there is no wheel of something.

    Returns 2 if that does not work at all, 130 on Ctrl-C.
    """
    parser = Parser(prog='nox -s wheels --', description=__doc__)
    parser.add_argument('folder', type=Path, metavar='FOLDER', help='where to, such as a stick')
    for option, choices in ('--python', PYTHONS), ('--system', SYSTEMS):
        parser.add_argument(
            option,
            action='append',
            choices=choices,
            metavar=option.strip('-').upper(),
            help=f'one of {", ".join(choices)}; may be repeated (default: all)',
        )
    parser.add_argument(
        '--group', default='workshop', help='of packages, in pyproject.toml (default: workshop)'
    )
    given = parser.parse_args()
    handle_sigint()
    try:
        given.folder.mkdir(parents=True, exist_ok=True)
        missing = _fill(given)
    except OSError as error:
        parser.exit(2, f'{parser.prog} {given.folder}: {error.strerror or error}\n')
    except subprocess.CalledProcessError as error:
        why = error.stderr.strip().splitlines()[-1]
        parser.exit(2, f'{parser.prog} {given.folder}: not complete: {why}\n')
    except KeyboardInterrupt:
        return 130
    wheels = [wheel.stat().st_size for wheel in given.folder.glob('*.whl')]
    print(f'{given.folder}: {len(wheels)} wheels, {sum(wheels) / 1e6:.0f} MB', *missing, sep='\n')
    print('On a laptop without a network, copy this folder into the kit, as wheels.')
    return bool(missing)


def _fill(given: argparse.Namespace) -> list[str]:
    for wheel in given.folder.glob('*.whl'):
        if not is_zipfile(wheel):  # cut off, by a full stick or by Ctrl-C
            wheel.unlink()
    missing = []
    wanted = list(product(given.python or PYTHONS, given.system or SYSTEMS))
    with Progress(console=console(), transient=True) as progress:
        for python, system in progress.track(wanted):
            progress.update(progress.task_ids[0], description=f'Python {python}, {system}')
            target, platforms = SYSTEMS[system]
            packages = [
                package
                for package in _packages(given.group, python, target)
                if not _for_all(package, given.folder)
            ]
            where = [f'--python-version={python}', *(f'--platform={name}' for name in platforms)]
            while lacking := _download(packages, where, given.folder):
                packages.remove(lacking)
                missing.append(f'Python {python} on {system}: no wheel of {lacking}')
    return missing


def _packages(group: str, python: str, target: str) -> list[str]:
    """Return the packages of a group on another machine: pip would judge by this one."""
    options = ['--no-header', '--no-annotate', f'--python-version={python}']
    command = ['uv', 'pip', 'compile', '--quiet', f'--group={group}', *options]
    return _run(*command, f'--python-platform={target}').stdout.split()


def _for_all(package: str, folder: Path) -> bool:
    """Return whether the folder has a wheel of a package that runs everywhere."""
    name = package.replace('-', '_').replace('==', '-')
    return any(folder.glob(f'{name}-py*-none-any.whl'))


def _download(packages: list[str], where: list[str], folder: Path) -> str | None:
    """Download wheels; return the package that has none, if there is one."""
    options = ['--quiet', '--no-deps', '--only-binary=:all:', f'--dest={folder}', *where]
    try:
        _run('pip', 'download', *options, *packages)
    except subprocess.CalledProcessError as error:
        lacking = re.search('No matching distribution found for (.+)', error.stderr)
        if lacking and 'connection' not in error.stderr:
            return lacking[1]
        raise
    return None


def _run(*module: str) -> 'subprocess.CompletedProcess[str]':
    command = [sys.executable, '-m', *module]
    # The index is asked also where there are wheels, and pip would hold the others' packages
    # against what is recorded for this machine.
    index = os.environ | {'UV_OFFLINE': '0', 'PIP_NO_INDEX': '0', 'PIP_CONSTRAINT': ''}
    return subprocess.run(
        command, env=index, check=True, capture_output=True, encoding='utf-8', errors='replace'
    )


if __name__ == '__main__':
    sys.exit(main())

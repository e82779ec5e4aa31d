"""Fill a folder with the workshop's packages, for laptops that will have no network.

Copied into the kit's folder as `wheels`, it is what the sessions install from, offline.
Exit status: 0, 1 if a package has no wheel, 2 if the folder could not be filled, 130 after Ctrl-C.
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

from helpers.cli import Parser, console, quiet_on_ctrl_c, replace_unprintable_characters
from helpers.kit import PYTHONS

PROG = 'nox -s wheels --'
MANYLINUX = ['manylinux2014', *(f'manylinux_2_{glibc}' for glibc in (17, 24, 26, 27, 28))]
# What uv calls each system, and which wheels run there.
SYSTEMS = {
    'linux': ('x86_64-manylinux_2_28', [f'{name}_x86_64' for name in MANYLINUX]),
    'linux-arm': ('aarch64-manylinux_2_28', [f'{name}_aarch64' for name in MANYLINUX]),
    'macos': ('aarch64-apple-darwin', ['macosx_14_0_arm64']),
    'macos-intel': ('x86_64-apple-darwin', ['macosx_14_0_x86_64']),
    'windows': ('x86_64-pc-windows-msvc', ['win_amd64']),
}


def parse_arguments() -> argparse.Namespace:
    """Return the folder, and the Pythons, systems and group to fill it for."""
    parser = Parser(prog=PROG, description=__doc__)
    parser.add_argument('folder', type=Path, metavar='FOLDER', help='such as one on a USB stick')
    parser.add_argument(
        '--python',
        action='append',
        choices=PYTHONS,
        metavar='PYTHON',
        help=f'one of {", ".join(PYTHONS)}; may be repeated (default: all)',
    )
    parser.add_argument(
        '--system',
        action='append',
        choices=SYSTEMS,
        metavar='SYSTEM',
        help=f'one of {", ".join(SYSTEMS)}; may be repeated (default: all)',
    )
    parser.add_argument(
        '--group', default='workshop', help='dependency group in pyproject.toml (default: workshop)'
    )
    arguments = parser.parse_args()
    arguments.python = arguments.python or list(PYTHONS)
    arguments.system = arguments.system or list(SYSTEMS)
    return arguments


@quiet_on_ctrl_c
def main() -> int:
    """Download what each Python needs on each system, and return the exit status."""
    arguments = parse_arguments()
    folder = arguments.folder
    replace_unprintable_characters()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        delete_incomplete_wheels(folder)
        missing = fill(folder, arguments.python, arguments.system, arguments.group)
    except OSError as error:
        print(f'{PROG} {folder}: {error.strerror or error}', file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or [f'exit status {error.returncode}']
        print(f'{PROG} {folder}: not complete: {lines[-1]}', file=sys.stderr)
        return 2
    sizes = [wheel.stat().st_size for wheel in folder.glob('*.whl')]
    print(f'{folder}: {len(sizes)} wheels, {sum(sizes) / 1e6:.0f} MB')
    for line in missing:
        print(line)
    print("On a laptop without a network, copy this folder into the kit's folder, as wheels.")
    return 1 if missing else 0


def delete_incomplete_wheels(folder: Path) -> None:
    """Delete wheels that a full USB stick or Ctrl-C cut off, so that they are downloaded again."""
    for wheel in folder.glob('*.whl'):
        if not is_zipfile(wheel):
            wheel.unlink()


def fill(folder: Path, pythons: list[str], systems: list[str], group: str) -> list[str]:
    """Download a group's wheels for each Python and system; return a line for each that is missing.

    Raises OSError and subprocess.CalledProcessError.
    """
    missing = []
    with Progress(console=console(), transient=True) as progress:
        task = progress.add_task('', total=len(pythons) * len(systems))
        for python, system in product(pythons, systems):
            progress.update(task, description=f'Python {python}, {system}')
            for package in download_for(folder, python, system, group):
                missing.append(f'Python {python} on {system}: no wheel of {package}')
            progress.advance(task)
    return missing


def download_for(folder: Path, python: str, system: str, group: str) -> list[str]:
    """Download a group's wheels for one Python on one system; return the packages without one."""
    target, platforms = SYSTEMS[system]
    packages = [
        package
        for package in _packages(group, python, target)
        if not _runs_everywhere(package, folder)
    ]
    tags = [f'--python-version={python}', *(f'--platform={name}' for name in platforms)]
    missing = []
    while package := _download(packages, tags, folder):
        packages.remove(package)
        missing.append(package)
    return missing


def _packages(group: str, python: str, target: str) -> list[str]:
    """Return what a group installs on another system, as `name==version`."""
    # uv, because pip would evaluate markers for this machine.
    options = ['--no-header', '--no-annotate', f'--python-version={python}']
    command = ['uv', 'pip', 'compile', '--quiet', f'--group={group}', *options]
    return _run(*command, f'--python-platform={target}').stdout.split()


def _runs_everywhere(package: str, folder: Path) -> bool:
    """Return whether the folder has a wheel of the package that runs on every system."""
    name = package.replace('-', '_').replace('==', '-')
    return any(folder.glob(f'{name}-py*-none-any.whl'))


def _download(packages: list[str], tags: list[str], folder: Path) -> str | None:
    """Download wheels; return the first package that has none, or None."""
    options = ['--quiet', '--no-deps', '--only-binary=:all:', f'--dest={folder}', *tags]
    try:
        _run('pip', 'download', *options, *packages)
    except subprocess.CalledProcessError as error:
        missing = re.search('No matching distribution found for (.+)', error.stderr)
        if missing and 'connection' not in error.stderr:
            return missing[1]
        raise
    return None


def _run(*module: str) -> 'subprocess.CompletedProcess[str]':
    # Ask the index even if the kit has a folder of wheels. No constraints for pip: it would read
    # them for this machine, and uv has already chosen the versions for the other one.
    online = os.environ | {'UV_OFFLINE': '0', 'PIP_NO_INDEX': '0', 'PIP_CONSTRAINT': ''}
    return subprocess.run(
        [sys.executable, '-m', *module],
        env=online,
        check=True,
        capture_output=True,
        encoding='utf-8',
        errors='replace',
    )


if __name__ == '__main__':
    sys.exit(main())

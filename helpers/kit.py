"""Where the kit is, what it runs on, how to copy it, and what in a folder people have written."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAGES = ('01_sync', '02_greenlet', '03_asyncio')
WORK = 'my_work'  # in each stage, the learner's folder, which git ignores
PYTHONS = ('3.11', '3.12', '3.13', '3.14', '3.15')
NOT_COPIED = (
    '.git',
    '.nox',
    '.venv',
    WORK,
    'wheels',
    '__pycache__',
    '.*_cache',
    'deck.html',
    '*.zip',
)
CLUTTER = ('__pycache__', '__MACOSX', 'node_modules', 'site-packages')  # what programs write


def copy_kit(folder: Path) -> Path:
    """Copy the kit to a folder that does not exist yet, as if newly cloned; return the folder."""
    return shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))


def is_clutter(name: str) -> bool:
    """Return whether a file or folder of this name is hidden, or written by a program."""
    return name.startswith('.') or name in CLUTTER or name.endswith('.pyc')


def own_files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder that people have written, in order of their paths.

    Caches, hidden files and virtual environments are left out. A link to a folder is yielded, not
    followed. Raises OSError if a folder cannot be read.
    """
    for path, folders, names in os.walk(folder, onerror=_raise):
        if 'pyvenv.cfg' in names:  # a virtual environment
            folders.clear()
            continue
        parent = Path(path)
        links = [name for name in folders if (parent / name).is_symlink()]
        folders[:] = sorted(name for name in folders if not is_clutter(name) and name not in links)
        for name in sorted([*names, *links]):
            if not is_clutter(name):
                yield parent / name


def _raise(error: OSError) -> None:
    raise error

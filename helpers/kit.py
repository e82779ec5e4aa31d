"""Where the kit is, what it runs on, and how to copy it."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAGES = ('01_sync', '02_greenlet', '03_asyncio')
WORK = 'my_work'  # in each stage, the learner's folder, which git ignores
PYTHONS = ('3.11', '3.12', '3.13', '3.14', '3.15')
NOT_COPIED = ('.git', '.nox', '.venv', WORK, 'wheels', '__pycache__', '.*_cache', 'deck.html')


def copy_kit(folder: Path) -> Path:
    """Copy the kit to a folder that does not exist yet, as if newly cloned; return the folder."""
    return shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))

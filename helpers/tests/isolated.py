"""Run test files in another folder, as somebody does who has copied them out of the kit."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from helpers.kit import ROOT


def run_isolated(
    test_files: list[Path], folder: Path, *options: str, helpers: bool = False
) -> 'subprocess.CompletedProcess[str]':
    """Copy test files to a folder and run pytest on them there; return its status and its output.

    Only those plugins of pytest are loaded that the options name, and the kit's helpers can be
    imported only if asked for. Raises TimeoutExpired after five minutes.
    """
    for file in test_files:
        shutil.copy(file, folder)
    names = [file.name for file in test_files]
    command = [sys.executable, '-m', 'pytest', '-p', 'no:cacheprovider', *options, *names]
    environment = os.environ | {
        'PYTEST_ADDOPTS': '',
        'PYTEST_DISABLE_PLUGIN_AUTOLOAD': '1',
        'PYTHONIOENCODING': 'utf-8',  # on Windows a pipe is cp1252 otherwise
        'PYTHONPATH': str(ROOT) if helpers else '',
    }
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding='utf-8', timeout=300
    )

"""Run one test file alone, as somebody does who has copied it out of the kit."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from helpers.kit import ROOT


def run_isolated(
    tests: Path, folder: Path, *options: str, helpers: bool = False
) -> 'subprocess.CompletedProcess[str]':
    """Copy a test file to a folder and run it there; return how pytest ended and what it printed.

    No plugin of pytest is loaded but those that the options name, and the kit's helpers are found
    only if asked for. Raises TimeoutExpired after a minute.
    """
    shutil.copy(tests, folder)
    command = [sys.executable, '-m', 'pytest', '-p', 'no:cacheprovider', *options, tests.name]
    environment = os.environ | {
        'PYTEST_ADDOPTS': '',
        'PYTEST_DISABLE_PLUGIN_AUTOLOAD': '1',
        'PYTHONPATH': str(ROOT) if helpers else '',
    }
    return subprocess.run(
        command, cwd=folder, env=environment, text=True, capture_output=True, timeout=60
    )

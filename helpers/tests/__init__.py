"""Tests of the kit itself: `nox -s tests`."""

import sys
from importlib.util import find_spec
from pathlib import Path

from helpers.service.acceptance import SERVERS

# The servers that can run here: those on green threads need their framework.
INSTALLED = [name for name in SERVERS if name in ('threads', 'asyncio') or find_spec(name)]


def launched() -> int:
    """Return how many processes are between one that a test starts and the one that does the work.

    On Windows an environment's python usually only starts another one.
    """
    if sys.platform != 'win32':
        return 0
    import psutil  # not every session has it

    return int(not Path(psutil.Process().exe()).samefile(sys.executable))

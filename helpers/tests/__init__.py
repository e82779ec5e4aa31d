"""Tests of the kit itself: `nox -s tests`."""

import sys
from importlib.util import find_spec

from helpers.service.acceptance import SERVERS

# The servers that can run here: those on green threads need their framework.
INSTALLED = [name for name in SERVERS if name in ('threads', 'asyncio') or find_spec(name)]
# The processes between one that a test starts and the one that does the work: on Windows an
# environment's python only starts another one.
LAUNCHED = int(sys.platform == 'win32' and sys.prefix != sys.base_prefix)

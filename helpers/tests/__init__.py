"""Tests of the kit itself: `nox -s tests`."""

from importlib.util import find_spec

from helpers.service.acceptance import SERVERS

# The servers that can run here: those on green threads need their framework.
INSTALLED = [name for name in SERVERS if name in ('threads', 'asyncio') or find_spec(name)]

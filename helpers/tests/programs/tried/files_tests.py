"""Checks that files and links of all kinds are in the copy as they should be."""

import os
from pathlib import Path

import orders

ROOT = Path.cwd()


def target_of(name):
    """Return where a link leads."""
    return Path(os.path.realpath(ROOT / name))


assert Path(orders.__file__).parent == ROOT
assert target_of('inside') == ROOT / 'timer.py'
assert target_of('loop') == ROOT
assert target_of('nowhere') == ROOT / 'no_such_file'
assert target_of('outside') == Path(os.environ['OUTSIDE'])
assert not Path('node_modules').exists()
assert not Path('conda').exists()
assert not Path('pipe').exists()

"""Print the names of the modules that importing helpers loads."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
before = set(sys.modules)

import helpers  # noqa: F401

print(*(set(sys.modules) - before))

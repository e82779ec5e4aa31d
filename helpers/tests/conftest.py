"""The fixtures that tests in several folders use."""

from pathlib import Path

import pytest

from helpers.kit import copy_kit


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """Copy the kit, as newly cloned, to a folder with a space in its name."""
    return copy_kit(tmp_path / 'the kit')

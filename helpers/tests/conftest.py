"""What the tests in several folders use, and which of them begin."""

from pathlib import Path

import pytest

from helpers.kit import copy_kit


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests, so that none is still running when all others are done."""
    items.sort(key=lambda item: item.path.name != 'test_offline.py')


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """Copy the kit, as newly cloned, to a folder with a space in its name."""
    return copy_kit(tmp_path / 'the kit')

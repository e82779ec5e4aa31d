"""What the tests in several folders use, and the order in which they begin."""

from pathlib import Path

import pytest

from helpers.kit import copy_kit

LONGEST = ('test_offline.py', 'test_deck.py')


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests, so that none is still running when all others are done."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """Copy the kit, as newly cloned, to a folder with a space in its name."""
    return copy_kit(tmp_path / 'the kit')

"""The fixtures of these tests."""

import pytest

from helpers.tests.conftest import kit
from slides import build

__all__ = ['kit']


@pytest.fixture(scope='session')
def deck() -> list[build.Slide]:
    """Return the slides of deck.md."""
    return build.parse_deck((build.HERE / 'deck.md').read_text(encoding='utf-8'))

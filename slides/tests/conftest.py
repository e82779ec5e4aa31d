"""The fixtures of these tests."""

from helpers.tests.conftest import kit

__all__ = ['kit']

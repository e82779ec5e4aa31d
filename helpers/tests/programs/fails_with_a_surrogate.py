"""A learner's file, for the tests of the grader: its message holds what UTF-8 cannot encode."""

import unittest


class Test(unittest.TestCase):
    """One test."""

    def test(self) -> None:
        """Fail."""
        self.fail('\udcff')

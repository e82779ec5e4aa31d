"""A warm-up of two minutes: one assertion is missing, and one bug gets through.

Run `nox -s drill -- warm_up`. It plants the bug, and reports which test does not notice it.
The file to edit is 01_sync/my_work/warm_up/test_greeting.py.
"""

import unittest
from unittest import mock

from greeting import greet


class TestGreet(unittest.TestCase):
    def test_greets_by_name(self):
        screen = mock.Mock()
        greet(screen, 'Ada')
        screen.show.assert_called_once_with('Hello, Ada!')

    def test_greets_a_stranger_as_a_guest(self):
        screen = mock.Mock()
        greet(screen, '')

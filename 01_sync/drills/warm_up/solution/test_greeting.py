"""Both tests ask what the screen has shown."""

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
        screen.show.assert_called_once_with('Hello, guest!')

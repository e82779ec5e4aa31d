"""Exercise 1: write the tests of receive.py, all three functions of it.

Read 01_sync/receive.py first; it is right, and you need not change it. Write a test, save, and run
`nox -s 01_exercise`: it says what is right, what is missing, and the one next step.
"""

import unittest
from unittest import mock

from receive import receive


class TestReceive(unittest.TestCase):
    def test_invalid_packet(self):
        self.fail('Write this test: what should receive() do with a packet of type FOO?')

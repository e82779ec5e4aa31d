"""Exercise 1: write the tests of receive.py. The file to edit is 01_sync/my_work/test_receive.py.

Read 01_sync/receive.py first: it is correct, and you need not change it. Test all three of its
functions. Write a test, save, and run `nox -s 01_exercise`: it reports what is right, what is
missing, and your next step.
"""

import unittest
from unittest import mock

from receive import receive


class TestReceive(unittest.TestCase):
    def test_invalid_packet(self):
        self.fail('Write this test: what should receive() do with a packet of type FOO?')

"""Careless tests of timer.py, which cover both of its branches."""

import unittest
from unittest import mock

from timer import stop


class TestStop(unittest.TestCase):
    def test_timer_that_runs(self):
        stop(mock.Mock(**{'done.return_value': False}))

    def test_timer_that_has_ended(self):
        stop(mock.Mock(**{'done.return_value': True}))

"""A test that never runs: a slide shows it, and what unittest prints."""

import unittest


class TestSum(unittest.TestCase):
    async def test_sum(self):
        self.assertEqual(1 + 1, 3)

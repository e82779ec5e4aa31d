"""Exercise 3, second half: write the tests of async_receive.py.

The file to edit is 03_asyncio/my_work/test_async_receive.py. Test all three functions. The tests of
stage 1 (01_sync/test_receive.py) are the model; _run and AsyncMock, from your my_helpers.py, are
the tools. `nox -s 03_exercise` reports what your tests miss.
"""

import unittest
from unittest import mock

from async_receive import receive
from my_helpers import AsyncMock, _run


class TestReceive(unittest.TestCase):
    def test_invalid_packet(self):
        self.fail('Write this test: what should _run(receive(...)) do with a packet of type FOO?')

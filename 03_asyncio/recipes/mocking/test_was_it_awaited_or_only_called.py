"""Was it awaited, or only called?

Python's AsyncMock counts a call when it is made: forget the `await`, and nothing is sent, yet
`assert_called_once_with` passes. Use `assert_awaited_once_with`. This kit's AsyncMock counts only
what is awaited, so it has a single set of assertions. A function made by `create_autospec` counts
calls up to Python 3.12, and awaits from 3.13 on; the methods of an autospecced class count calls.
Needs: the folder `helpers` of this kit, for the comparison.
"""

import sys
import unittest
from unittest import mock

import helpers


async def send(address, text): ...


class Newsletter:
    def __init__(self, send):
        self.send = send

    async def welcome(self, address):
        self.send(address, 'Welcome')  # a bug: the await is missing


class TestNewsletter(unittest.IsolatedAsyncioTestCase):
    async def welcome(self, send):
        with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
            await Newsletter(send).welcome('ann@example.org')

    async def test_wrong_way_passes_falsely(self):
        send = mock.AsyncMock()
        await self.welcome(send)
        send.assert_called_once_with('ann@example.org', 'Welcome')

    async def test_wrong_way_depends_on_the_version_with_autospec(self):
        autospec = mock.create_autospec(send)
        await self.welcome(autospec)
        self.assertEqual(autospec.called, sys.version_info < (3, 13))

    async def test_right_way(self):
        send = mock.AsyncMock()
        await self.welcome(send)
        message = 'Expected mock to have been awaited once. Awaited 0 times.'
        with self.assertRaisesRegex(AssertionError, message):  # finds the bug
            send.assert_awaited_once_with('ann@example.org', 'Welcome')

    async def test_right_way_with_this_kits_mock(self):
        send = helpers.AsyncMock()
        await self.welcome(send)
        with self.assertRaisesRegex(AssertionError, 'Called 0 times'):  # finds it, too
            send.mock.assert_called_once_with('ann@example.org', 'Welcome')

"""Why does my misspelt assertion on a mock pass?

A mock invents any attribute, so `assert send.awaited_once` tests whether a mock is true, and
`send.awaited_once_with()` calls a child. Python refuses only what begins with `assert` or a typo of
it, and from 3.12 on also `called_once_with` and the like ("is not a valid assertion"). Call a
method that begins with `assert_`, with its parentheses, or compare `await_count`. A spec refuses
all the rest: use `create_autospec`, or `AsyncMock(spec=function)`.
"""

import unittest
from unittest import mock


async def send(text): ...


class Alarm:
    def __init__(self, send):
        self.send = send

    async def ring(self):
        await self.send('fire')
        await self.send('fire')  # a bug: it should ring once


class TestAlarm(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_passes(self):
        send = mock.AsyncMock()
        await Alarm(send).ring()
        assert send.awaited_once
        assert send.await_cnt
        assert send.assert_awaited_once  # the parentheses are missing
        with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):  # the only hint
            send.awaited_once_with('fire')

    async def test_wrong_way_is_refused(self):
        send = mock.AsyncMock()
        message = "'assert_awaited_onec' is not a valid assertion"
        with self.assertRaisesRegex(AttributeError, message):
            send.assert_awaited_onec()

    async def test_right_way(self):
        send = mock.AsyncMock()
        await Alarm(send).ring()
        message = 'Expected mock to have been awaited once. Awaited 2 times.'
        with self.assertRaisesRegex(AssertionError, message):  # finds the bug
            send.assert_awaited_once_with('fire')
        self.assertEqual(send.await_count, 2)

    async def test_right_way_with_a_spec(self):
        safe = mock.AsyncMock(spec=send)
        with self.assertRaisesRegex(AttributeError, "Mock object has no attribute 'awaited_once'"):
            assert safe.awaited_once
        safe = mock.create_autospec(send)
        with self.assertRaisesRegex(AttributeError, "no attribute 'await_cnt'"):
            assert safe.await_cnt

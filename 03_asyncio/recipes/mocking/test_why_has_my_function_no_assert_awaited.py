"""Why is there "'function' object has no attribute 'assert_awaited_once_with'"?

You assert on a real function, not on a mock: on the name that the test has imported, after the
patch is over, or on a function that you gave to `patch` as the replacement. Only what `mock.patch`
makes has these methods: keep it, as in `with mock.patch(...) as mocked`, and assert on that. A
replacement of your own becomes a `side_effect`. ('coroutine' object has no attribute: the same, on
the result of a call.)
"""

import unittest
from unittest import mock


class Mailer:
    async def send(self, address): ...


async def sign_up(mailer, address):
    await mailer.send(address)


async def refuse(address):
    raise ConnectionError(address)


class TestSignUp(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_after_the_patch(self):
        with mock.patch.object(Mailer, 'send'):
            await sign_up(Mailer(), 'ann@example.org')
        message = "'function' object has no attribute 'assert_awaited_once_with'"
        with self.assertRaisesRegex(AttributeError, message):
            Mailer.send.assert_awaited_once_with('ann@example.org')

    async def test_wrong_way_on_a_replacement(self):
        mailer = Mailer()
        with mock.patch.object(mailer, 'send', refuse) as replacement:
            with self.assertRaises(ConnectionError):
                await sign_up(mailer, 'ann@example.org')
        message = "'function' object has no attribute 'assert_awaited_once_with'"
        with self.assertRaisesRegex(AttributeError, message):
            replacement.assert_awaited_once_with('ann@example.org')

    async def test_right_way(self):
        with mock.patch.object(Mailer, 'send') as mocked:
            await sign_up(Mailer(), 'ann@example.org')
        mocked.assert_awaited_once_with('ann@example.org')

    async def test_right_way_with_a_replacement(self):
        mailer = Mailer()
        with mock.patch.object(mailer, 'send', side_effect=refuse) as mocked:
            with self.assertRaises(ConnectionError):
                await sign_up(mailer, 'ann@example.org')
        mocked.assert_awaited_once_with('ann@example.org')

"""Tests of sign_up(), which are awaited: IsolatedAsyncioTestCase runs asynchronous tests."""

import unittest
from unittest import mock

from sign_up import AlreadySubscribed, sign_up


class TestSignUp(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.subscribers = mock.AsyncMock()
        self.subscribers.has.return_value = False
        self.subscribers.count.return_value = 3
        self.mailer = mock.AsyncMock()

    async def test_stores_the_address_without_spaces_and_capitals(self):
        await sign_up(self.subscribers, self.mailer, ' Ada@Example.org ')
        self.subscribers.add.assert_awaited_once_with('ada@example.org')

    async def test_welcomes_the_subscriber(self):
        await sign_up(self.subscribers, self.mailer, 'ada@example.org')
        self.mailer.send.assert_awaited_once_with('ada@example.org', 'Welcome!')

    async def test_returns_how_many_there_are(self):
        count = await sign_up(self.subscribers, self.mailer, 'ada@example.org')
        self.assertEqual(count, 3)

    async def test_refuses_what_is_not_an_address(self):
        with self.assertRaises(ValueError):
            await sign_up(self.subscribers, self.mailer, 'ada')
        self.subscribers.add.assert_not_called()

    async def test_refuses_an_address_twice(self):
        self.subscribers.has.return_value = True
        with self.assertRaises(AlreadySubscribed):
            await sign_up(self.subscribers, self.mailer, 'ada@example.org')
        self.subscribers.has.assert_awaited_once_with('ada@example.org')
        self.subscribers.add.assert_not_called()
        self.mailer.send.assert_not_called()

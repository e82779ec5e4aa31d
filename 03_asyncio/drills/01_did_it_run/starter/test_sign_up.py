"""Did they run at all? Four tests of sign_up(), and `python -m unittest` says OK.

The last one expects something that cannot be true, and it passes all the same. Make the tests run,
then make them right. The file to edit is 03_asyncio/my_work/01_did_it_run/test_sign_up.py.
"""

import unittest
from unittest import mock

from sign_up import AlreadySubscribed, sign_up


class TestSignUp(unittest.TestCase):
    def setUp(self):
        self.subscribers = mock.AsyncMock()
        self.subscribers.has.return_value = False
        self.subscribers.count.return_value = 3
        self.mailer = mock.AsyncMock()

    async def test_stores_the_address(self):
        await sign_up(self.subscribers, self.mailer, ' Ada@Example.org ')
        self.subscribers.add.assert_called_once()

    async def test_refuses_what_is_not_an_address(self):
        with self.assertRaises(ValueError):
            await sign_up(self.subscribers, self.mailer, 'ada')

    async def test_refuses_an_address_twice(self):
        with self.assertRaises(AlreadySubscribed):
            await sign_up(self.subscribers, self.mailer, 'ada@example.org')

    async def test_returns_how_many_there_are(self):
        count = await sign_up(self.subscribers, self.mailer, 'ada@example.org')
        self.assertEqual(count, 1_000_000)

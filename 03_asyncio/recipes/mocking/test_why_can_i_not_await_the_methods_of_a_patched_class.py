"""Why can't I await the methods of a class that I patched?

`mock.patch` makes an AsyncMock of an `async def` function, but of a class it makes a MagicMock that
knows nothing about its methods: what they return cannot be awaited. With `autospec=True`, the mock
knows which methods are asynchronous and which arguments they take. The object that the code makes
is `patched_class.return_value`: set and assert its methods there, not on the class.
"""

import unittest
from unittest import mock


class Mailer:
    def __init__(self, host):
        self.host = host

    async def deliver(self, address, text): ...


async def sign_up(address):
    mailer = Mailer('mail.example.org')
    await mailer.deliver(address, 'Welcome')


NOT_AWAITABLE = (
    "object MagicMock can't be used in 'await' expression|'MagicMock' object can't be awaited"
)


class TestSignUp(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        with mock.patch(f'{__name__}.Mailer'):
            with self.assertRaisesRegex(TypeError, NOT_AWAITABLE):
                await sign_up('ann@example.org')

    async def test_wrong_way_on_the_class(self):
        with mock.patch(f'{__name__}.Mailer') as patched_class:
            patched_class.deliver = mock.AsyncMock()
            with self.assertRaisesRegex(TypeError, NOT_AWAITABLE):
                await sign_up('ann@example.org')

    async def test_wrong_way_with_an_asyncmock(self):
        message = "'coroutine' object has no attribute 'deliver'"
        with mock.patch(f'{__name__}.Mailer', new_callable=mock.AsyncMock):
            with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
                with self.assertRaisesRegex(AttributeError, message):
                    await sign_up('ann@example.org')

    async def test_right_way(self):
        with mock.patch(f'{__name__}.Mailer', autospec=True) as patched_class:
            await sign_up('ann@example.org')
        patched_class.assert_called_once_with('mail.example.org')
        mailer = patched_class.return_value
        mailer.deliver.assert_awaited_once_with('ann@example.org', 'Welcome')

    async def test_right_way_for_one_method(self):
        with mock.patch.object(Mailer, 'deliver') as deliver:
            await sign_up('ann@example.org')
        deliver.assert_awaited_once_with('ann@example.org', 'Welcome')

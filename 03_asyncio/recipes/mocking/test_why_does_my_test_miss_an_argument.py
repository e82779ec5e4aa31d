"""Why is "1 required positional argument" missing when I patch with `new=AsyncMock()`?

`mock.patch` passes a mock to the test only if it has made the mock itself. With `new=...`, or a
second argument such as `patch(target, AsyncMock())`, you made it: the test gets no argument, and
pytest looks for a fixture of that name. Leave `new` out: for an `async def` function, `patch` makes
an AsyncMock by itself. For anything else that is awaited, say `new_callable=AsyncMock`.
"""

import asyncio
import unittest
from unittest import mock

import pytest


async def send_mail(address, text): ...


async def sign_up(address):
    await send_mail(address, 'Welcome')


class TestSignUp(unittest.IsolatedAsyncioTestCase):
    @pytest.mark.xfail(
        raises=TypeError,
        strict=True,
        reason='missing 1 required positional argument',
    )
    @mock.patch(f'{__name__}.send_mail', new=mock.AsyncMock())
    async def test_wrong_way(self, send_mail): ...

    @mock.patch(f'{__name__}.send_mail')
    async def test_right_way(self, send_mail):
        await sign_up('ann@example.org')
        send_mail.assert_awaited_once_with('ann@example.org', 'Welcome')

    @mock.patch(f'{__name__}.send_mail', new_callable=mock.AsyncMock)
    async def test_right_way_with_new_callable(self, send_mail):
        await sign_up('ann@example.org')
        send_mail.assert_awaited_once_with('ann@example.org', 'Welcome')

    async def test_right_way_with_a_mock_of_my_own(self):
        my_mock = mock.AsyncMock()
        with mock.patch(f'{__name__}.send_mail', new=my_mock):
            await sign_up('ann@example.org')
        my_mock.assert_awaited_once_with('ann@example.org', 'Welcome')


@pytest.mark.xfail(
    raises=pytest.FixtureLookupError,
    strict=True,
    reason="fixture 'send_mail' not found",
)
@mock.patch(f'{__name__}.send_mail', new=mock.AsyncMock())
def test_wrong_way_in_a_function(send_mail): ...


@mock.patch(f'{__name__}.send_mail')
def test_right_way_in_a_function(send_mail):
    asyncio.run(sign_up('ann@example.org'))
    send_mail.assert_awaited_once_with('ann@example.org', 'Welcome')

"""Why is my patch over before the code runs?

`with mock.patch(...)` ends with its block, but a coroutine or a task that was made in the block may
run later, and then it finds the real function. A fixture that returns inside the `with` ends the
patch before the test begins. Await the task before the block ends, and let the fixture `yield`.
"""

import asyncio
import unittest
from unittest import mock

import pytest


async def send_mail(address):
    raise ConnectionError('no mail server')


class SignUp:
    def start(self, address):
        self.task = asyncio.create_task(self.welcome(address))

    async def welcome(self, address):
        await send_mail(address)


class TestSignUp(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_awaits_too_late(self):
        sign_up = SignUp()
        with mock.patch(f'{__name__}.send_mail') as mocked:
            sign_up.start('ann@example.org')
        with self.assertRaisesRegex(ConnectionError, 'no mail server'):
            await sign_up.task
        mocked.assert_not_awaited()

    async def test_right_way(self):
        sign_up = SignUp()
        with mock.patch(f'{__name__}.send_mail') as mocked:
            sign_up.start('ann@example.org')
            await sign_up.task
        mocked.assert_awaited_once_with('ann@example.org')


@pytest.fixture
def patch_that_is_over():
    with mock.patch(f'{__name__}.send_mail') as mocked:
        return mocked


def test_wrong_way_returns_from_the_fixture(patch_that_is_over):
    with pytest.raises(ConnectionError, match='no mail server'):
        asyncio.run(SignUp().welcome('ann@example.org'))
    patch_that_is_over.assert_not_awaited()


@pytest.fixture
def mocked_send_mail():
    with mock.patch(f'{__name__}.send_mail') as mocked:
        yield mocked


def test_right_way_with_a_fixture(mocked_send_mail):
    asyncio.run(SignUp().welcome('ann@example.org'))
    mocked_send_mail.assert_awaited_once_with('ann@example.org')

"""How do I patch for all tests of a class, and in `setUp` or `asyncSetUp`?

`@mock.patch` on a class decorates its test methods only: `setUp`, `asyncSetUp` and the helpers
still call the real thing, and each test gets one more argument. Start the patch at the
beginning of `asyncSetUp` with `self.enterContext`, which also ends it after the test (on Python
3.10, call `patcher.start` and `self.addCleanup(patcher.stop)`). With pytest, write a fixture with
`autouse=True` that yields inside `with mock.patch(...)`.
"""

import unittest
from unittest import mock

import pytest


async def connect(host):
    raise ConnectionError('no network in tests')


class Users:
    async def open(self):
        self.connection = await connect('db.example.org')

    async def name(self, number):
        return await self.connection.fetch(number)


@mock.patch(f'{__name__}.connect')
class TestWrongWay(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.users = Users()
        await self.users.open()

    @pytest.mark.xfail(raises=ConnectionError, strict=True, reason='asyncSetUp is not patched')
    async def test_wrong_way(self, connect): ...


class TestUsers(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.connect = self.enterContext(mock.patch(f'{__name__}.connect'))
        self.users = Users()
        await self.users.open()

    async def test_right_way(self):
        self.connect.return_value.fetch.return_value = 'Ann'
        self.assertEqual(await self.users.name(1), 'Ann')
        self.connect.assert_awaited_once_with('db.example.org')

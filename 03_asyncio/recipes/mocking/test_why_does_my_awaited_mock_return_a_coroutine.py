"""Why does `.json()` or `.scalars()` on what my awaited mock returned give a coroutine?

What an awaited mock returns is an AsyncMock again, so `response.json()` is a coroutine, which has
no `['name']`. Worse, a coroutine is always true, so an `if` takes the wrong branch. A spec for the
client does not help, nor does `create_autospec`: they do not know what the method returns. Set
`return_value` to a MagicMock, best with the spec of the real result, or to a real object.
"""

import unittest
from unittest import mock


class Response:  # as in httpx, reading a response is synchronous
    def json(self): ...

    def is_error(self): ...


class Http:
    async def get(self, path): ...


class Users:
    def __init__(self, http):
        self.http = http

    async def name(self, number):
        response = await self.http.get(f'/users/{number}')
        return response.json()['name']

    async def email(self, number):
        response = await self.http.get(f'/users/{number}')
        return response.json().get('email')

    async def exists(self, number):
        response = await self.http.get(f'/users/{number}')
        return not response.is_error()


class TestUsers(unittest.IsolatedAsyncioTestCase):
    async def fails_with(self, http):
        users = Users(http)
        with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
            with self.assertRaisesRegex(TypeError, "'coroutine' object is not subscriptable"):
                await users.name(1)
        with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
            with self.assertRaisesRegex(AttributeError, "'coroutine' object has no attribute"):
                await users.email(1)

    async def test_wrong_way(self):
        await self.fails_with(mock.AsyncMock())

    async def test_wrong_way_with_a_spec(self):
        await self.fails_with(mock.AsyncMock(spec=Http))
        await self.fails_with(mock.MagicMock(spec=Http))
        await self.fails_with(mock.create_autospec(Http, instance=True))

    async def test_wrong_way_is_always_true(self):
        http = mock.AsyncMock()
        http.get.return_value.is_error.return_value = False
        with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
            self.assertFalse(await Users(http).exists(1))  # yet there was no error

    async def test_right_way(self):
        http = mock.AsyncMock(spec=Http)
        http.get.return_value = mock.MagicMock(spec=Response)
        http.get.return_value.json.return_value = {'name': 'Ann', 'email': 'ann@example.org'}
        http.get.return_value.is_error.return_value = False
        users = Users(http)
        self.assertEqual(await users.name(1), 'Ann')
        self.assertEqual(await users.email(1), 'ann@example.org')
        self.assertTrue(await users.exists(1))
        http.get.assert_awaited_with('/users/1')

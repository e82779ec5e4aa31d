"""How do I mock `async with`?

Every method of an AsyncMock is a coroutine function; `session.post()` is none, so give the mock a
spec. Leave `__aexit__` alone: an AsyncMock there returns a mock, which is true, and that swallows
exceptions. Better, let the real client talk to aiohttp's own test server. Needs: `aiohttp`.
"""

import unittest
from unittest import mock

from aiohttp import ClientSession, web
from aiohttp.test_utils import RawTestServer


async def login(session):
    async with session.post('/login', json={'name': 'me'}) as response:
        return await response.json()


class TestLogin(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        with self.assertWarns(RuntimeWarning):
            with self.assertRaisesRegex(TypeError, 'asynchronous context manager protocol'):
                await login(mock.AsyncMock())

    async def test_wrong_way_swallows_exceptions(self):
        async with mock.MagicMock(__aexit__=mock.AsyncMock()):
            raise ValueError

    async def test_right_way_mocked(self):
        session = mock.MagicMock(ClientSession)
        session.post.return_value.__aenter__.return_value.json.return_value = 'token'
        self.assertEqual(await login(session), 'token')

    async def test_right_way_real(self):
        async def answer(request):
            return web.json_response(await request.json())

        async with RawTestServer(answer) as server, ClientSession(server.make_url('/')) as session:
            self.assertEqual(await login(session), {'name': 'me'})

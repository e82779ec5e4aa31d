"""How do I mock `async with`?

Every method of an AsyncMock without a spec is a coroutine function. `session.post` is not, and
`async with` does not accept a coroutine: use MagicMocks with a spec. Leave `__aexit__` alone: an
AsyncMock there swallows exceptions. Or let aiohttp's own test server answer. Needs: `aiohttp`.
"""

import unittest
from unittest import mock

from aiohttp import ClientResponse, ClientSession, test_utils, web


async def login(url):
    async with ClientSession() as session:
        async with session.post(url, json={'name': 'me'}) as response:
            response.raise_for_status()
            return await response.json()


async def answer_with_token(request):
    return web.json_response('token')


class TestLogin(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        session = mock.AsyncMock()
        with mock.patch(f'{__name__}.ClientSession', return_value=session):
            with self.assertWarnsRegex(RuntimeWarning, 'never awaited'):
                with self.assertRaisesRegex(TypeError, 'asynchronous context manager protocol'):
                    await login('/login')

    async def test_wrong_way_swallows_exceptions(self):
        session = mock.MagicMock()
        session.__aexit__ = mock.AsyncMock()  # returns a mock, which is true: "swallow it"
        async with session:
            raise ValueError

    async def test_right_way_with_mocks(self):
        response = mock.MagicMock(spec=ClientResponse)
        response.json.return_value = 'token'
        session = mock.MagicMock(spec=ClientSession)
        session.__aenter__.return_value = session
        session.post.return_value.__aenter__.return_value = response
        with mock.patch(f'{__name__}.ClientSession', return_value=session):
            self.assertEqual(await login('/login'), 'token')
        session.post.assert_called_once_with('/login', json={'name': 'me'})

    async def test_right_way_with_a_server(self):
        async with test_utils.RawTestServer(answer_with_token) as server:
            self.assertEqual(await login(server.make_url('/login')), 'token')

"""How do I mock `async with`?

In `async with session.post(...)`, nothing awaits `post`: an AsyncMock there returns a coroutine,
which `async with` refuses. Use MagicMocks with a spec, which know that `post` is synchronous, and
set `__aenter__.return_value` to what stands behind `as`. Leave `__aexit__` alone: an AsyncMock in
its place returns a mock, which is true, and that swallows every exception. Or mock nothing, and let
aiohttp's own test server answer. Needs: `aiohttp`.
"""

import unittest
from unittest import mock

from aiohttp import ClientResponse, ClientSession, test_utils, web


async def log_in(url, name):
    async with ClientSession() as session:
        async with session.post(url, json={'name': name}) as response:
            response.raise_for_status()
            return await response.json()


async def answer_with_token(request):
    return web.json_response('token')


class TestLogIn(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.response = mock.MagicMock(spec=ClientResponse)
        self.response.json.return_value = 'token'
        self.session = mock.MagicMock(spec=ClientSession)
        self.session.__aenter__.return_value = self.session
        self.session.post.return_value.__aenter__.return_value = self.response

    async def test_wrong_way(self):
        session = mock.AsyncMock()
        session.__aenter__.return_value = session
        message = "'coroutine' object does not support the asynchronous context manager protocol"
        with mock.patch(f'{__name__}.ClientSession', return_value=session):
            with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
                with self.assertRaisesRegex(TypeError, message):
                    await log_in('/login', 'Ann')

    async def test_wrong_way_swallows_the_exception(self):
        self.response.raise_for_status.side_effect = ValueError
        self.session.__aexit__ = mock.AsyncMock()
        with mock.patch(f'{__name__}.ClientSession', return_value=self.session):
            self.assertIsNone(await log_in('/login', 'Ann'))  # no ValueError

    async def test_right_way_with_mocks(self):
        with mock.patch(f'{__name__}.ClientSession', return_value=self.session):
            self.assertEqual(await log_in('/login', 'Ann'), 'token')
        self.session.post.assert_called_once_with('/login', json={'name': 'Ann'})
        self.session.__aexit__.assert_awaited_once()

    async def test_right_way_with_a_server(self):
        async with test_utils.RawTestServer(answer_with_token) as server:
            self.assertEqual(await log_in(server.make_url('/login'), 'Ann'), 'token')

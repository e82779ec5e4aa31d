"""How do I mock `async with`?

Without a spec each method of an AsyncMock is a coroutine function; `session.post` is none, and
`async with` does not take a coroutine: use MagicMocks with a spec. Leave `__aexit__` as it is: an
AsyncMock there swallows exceptions. Or let aiohttp's own test server answer. Needs: `aiohttp`.
"""

from unittest import IsolatedAsyncioTestCase, mock

from aiohttp import ClientResponse, ClientSession, test_utils, web


async def login(url):
    async with ClientSession() as session, session.post(url, json={'name': 'me'}) as response:
        response.raise_for_status()
        return await response.json()


class TestLogin(IsolatedAsyncioTestCase):
    @mock.patch(f'{__name__}.ClientSession', return_value=mock.AsyncMock())
    async def test_wrong_way(self, session):
        with self.assertWarns(RuntimeWarning):
            with self.assertRaisesRegex(TypeError, 'asynchronous context manager protocol'):
                await login('/login')
        async with mock.MagicMock(__aexit__=mock.AsyncMock()):
            raise ValueError  # is swallowed

    async def test_right_way_mocked(self):
        session, response = mock.MagicMock(ClientSession), mock.MagicMock(ClientResponse)
        session.__aenter__.return_value = session
        session.post.return_value.__aenter__.return_value = response
        response.json.return_value = 'token'
        with mock.patch(f'{__name__}.ClientSession', return_value=session):
            self.assertEqual(await login('/login'), 'token')
        session.post.assert_called_once_with('/login', json={'name': 'me'})

    async def test_right_way_real(self):
        answer = mock.AsyncMock(side_effect=lambda _: web.json_response('token'))
        async with test_utils.RawTestServer(answer) as server:
            self.assertEqual(await login(server.make_url('/login')), 'token')

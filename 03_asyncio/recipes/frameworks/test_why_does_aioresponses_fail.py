"""Why does aioresponses fail with a missing stream_writer, or refuse my connection?

aioresponses 0.7.9 makes responses itself, without the argument that aiohttp 3.14 requires. Let a
server of aiohttp answer instead, or move to aiointercept, which has nearly the same calls; both are
real servers on your machine. "Connection refused" means that no response was added for that method
and URL, with its query, or not often enough; requests of the test's own client need `passthrough`.
Needs: `aiohttp`, `aiointercept`, `aioresponses`.
"""

import unittest

from aiohttp import ClientConnectionError, ClientSession, test_utils, web
from aiointercept import aiointercept
from aioresponses import aioresponses

API = 'http://api.example'


async def fetch_name(user_id, api=API):
    async with ClientSession(api) as session:
        async with session.get(f'/users/{user_id}', params={'fields': 'name'}) as response:
            response.raise_for_status()
            user = await response.json()
            return user['name']


async def greet(request):
    return web.Response(text=f'Hello, {await fetch_name(1)}')


async def answer_with_ada(request):
    return web.json_response({'name': 'Ada'})


class TestFetchName(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        app = web.Application()
        app.router.add_get('/greeting', greet)
        client = test_utils.TestClient(test_utils.TestServer(app))
        self.client = await self.enterAsyncContext(client)

    async def test_wrong_way(self):
        with aioresponses() as api:
            api.get(f'{API}/users/1?fields=name', payload={'name': 'Ada'})
            with self.assertRaisesRegex(
                TypeError, "missing 1 required keyword-only argument: 'stream_writer'"
            ):
                await fetch_name(1)

    async def test_wrong_way_without_passthrough(self):
        with aioresponses() as api:
            api.get(f'{API}/users/1', payload={'name': 'Ada'})
            with self.assertRaisesRegex(ClientConnectionError, 'Connection refused: GET'):
                await self.client.get('/greeting')

    async def test_right_way(self):
        async with test_utils.RawTestServer(answer_with_ada) as server:
            self.assertEqual(await fetch_name(1, server.make_url('/')), 'Ada')

    async def test_right_way_with_aiointercept(self):
        async with aiointercept(mock_external_urls=True) as api:
            api.get(f'{API}/users/1?fields=name', payload={'name': 'Ada'})
            response = await self.client.get('/greeting')
            self.assertEqual(await response.text(), 'Hello, Ada')

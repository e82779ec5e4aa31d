"""Why does respx not mock my request?

A route matches one method and one whole URL, including the host: "not mocked!" shows the request
that arrived, so compare it with your routes. respx and pytest-httpx see only httpx: requests of
httpx2, or of a library built on it, go to the network. There, pass a client with a MockTransport.
Needs: `httpx`, `httpx2`, `respx`.
"""

import unittest
from unittest import mock

import httpx
import httpx2
import respx

API = 'https://api.example'


async def fetch_name(user_id):
    async with httpx.AsyncClient(base_url=API) as client:
        response = await client.get(f'/users/{user_id}')
        response.raise_for_status()
        return response.json()['name']


class TestFetchName(unittest.IsolatedAsyncioTestCase):
    @respx.mock
    async def test_wrong_way(self):
        respx.get(f'{API}/users').respond(json={'name': 'Ada'})
        with self.assertRaisesRegex(respx.models.AllMockedAssertionError, 'not mocked!'):
            await fetch_name(1)

    async def test_wrong_way_mocks_more_than_is_requested(self):
        with self.assertRaisesRegex(AssertionError, 'RESPX: some routes were not called!'):
            async with respx.mock(base_url=API) as api:
                api.get('/users/1').respond(json={'name': 'Ada'})
                api.get('/users/2').respond(json={'name': 'Bob'})
                await fetch_name(1)

    @respx.mock
    async def test_wrong_way_with_httpx2(self):
        route = respx.get(f'{API}/users/1').respond(json={'name': 'Ada'})
        send = 'httpx2.AsyncHTTPTransport.handle_async_request'
        with mock.patch(send, side_effect=httpx2.ConnectError('no network in this test')):
            async with httpx2.AsyncClient() as client:
                with self.assertRaisesRegex(httpx2.ConnectError, 'no network in this test'):
                    await client.get(f'{API}/users/1')
        self.assertEqual(route.call_count, 0)

    async def test_right_way(self):
        async with respx.mock(base_url=API) as api:
            route = api.get('/users/1').respond(json={'name': 'Ada'})
            self.assertEqual(await fetch_name(1), 'Ada')
        self.assertEqual(route.call_count, 1)

    async def test_right_way_with_httpx2(self):
        def answer(request):
            return httpx2.Response(200, json={'path': request.url.path})

        async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as client:
            response = await client.get(f'{API}/users/1')
        self.assertEqual(response.json(), {'path': '/users/1'})

"""How do I mock httpx's AsyncClient?

`client.get` is awaited, but `response.json` and `raise_for_status` are not: a patched `get` returns
an AsyncMock, whose `json()` is a coroutine. Do not add an `await`: the real `json()` returns a
dict. Let a MockTransport answer: everything but the network is real, so wrong URLs and methods show
up. Or return a real Response; its `raise_for_status` needs the request. (httpx2 works like httpx.)
Needs: `httpx`.
"""

import unittest
from unittest import mock

import httpx

API = 'https://api.example'


async def fetch_name(client, user_id):
    response = await client.get(f'{API}/users/{user_id}')
    response.raise_for_status()
    return response.json()['name']


async def fetch_with_one_await_too_many(client, user_id):
    response = await client.get(f'{API}/users/{user_id}')
    return await response.json()


def answer(request):
    if request.url == f'{API}/users/1':
        return httpx.Response(200, json={'name': 'Ada'})
    return httpx.Response(404)


class TestFetchName(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        transport = httpx.MockTransport(answer)
        self.client = await self.enterAsyncContext(httpx.AsyncClient(transport=transport))

    async def test_wrong_way(self):
        with mock.patch('httpx.AsyncClient.get') as get:
            get.return_value.json.return_value = {'name': 'Ada'}
            with self.assertWarnsRegex(RuntimeWarning, 'never awaited'):
                with self.assertRaisesRegex(TypeError, "'coroutine' object is not subscriptable"):
                    await fetch_name(self.client, 1)

    async def test_wrong_way_with_await(self):
        with mock.patch('httpx.AsyncClient.get') as get:
            get.return_value.json.return_value = {'name': 'Ada'}
            await fetch_with_one_await_too_many(self.client, 1)  # passes
        # "object dict can't be used in 'await' expression"; from Python 3.14 on:
        # "'dict' object can't be awaited"
        with self.assertRaisesRegex(TypeError, "dict.* can't be"):
            await fetch_with_one_await_too_many(self.client, 1)

    async def test_right_way(self):
        self.assertEqual(await fetch_name(self.client, 1), 'Ada')
        with self.assertRaisesRegex(httpx.HTTPStatusError, '404 Not Found'):
            await fetch_name(self.client, 2)

    async def test_right_way_with_a_patch(self):
        response = httpx.Response(
            200, json={'name': 'Ada'}, request=httpx.Request('GET', f'{API}/users/1')
        )
        with mock.patch('httpx.AsyncClient.get', return_value=response) as get:
            self.assertEqual(await fetch_name(self.client, 1), 'Ada')
        get.assert_awaited_once_with(f'{API}/users/1')

"""Why does httpx say that my client has been closed, or that its event loop is closed?

A client made at import outlives the first test: `async with client`, or the app's shutdown, closes
it, and a closed client can be used no more. If nothing closes it, its connections still belong to
the first test's loop. Make the client in the lifespan, or in a fixture, and hand it to the code; or
let the code make one when it needs one. (httpx2 says the same.) Needs: `httpx`.
"""

import unittest

import httpx


def answer(request):
    return httpx.Response(200, json=3)


client = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url='https://shop.example')


async def fetch_price(client, name):
    response = await client.get(f'/prices/{name}')
    return response.json()


class TestFetchPrice(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        own_client = httpx.AsyncClient(
            transport=httpx.MockTransport(answer), base_url='https://shop.example'
        )
        self.client = await self.enterAsyncContext(own_client)

    async def test_wrong_way(self):
        async with client:  # in one test, or in the app
            self.assertEqual(await fetch_price(client, 'tea'), 3)
        with self.assertRaisesRegex(
            RuntimeError, 'Cannot send a request, as the client has been closed'
        ):
            await fetch_price(client, 'tea')
        with self.assertRaisesRegex(
            RuntimeError, 'Cannot reopen a client instance, once it has been closed'
        ):
            await client.__aenter__()  # as the next `async with client` does

    async def test_right_way(self):
        self.assertEqual(await fetch_price(self.client, 'tea'), 3)

    async def test_right_way_in_the_next_test(self):
        self.assertEqual(await fetch_price(self.client, 'milk'), 3)

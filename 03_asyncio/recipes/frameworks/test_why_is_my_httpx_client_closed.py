"""Why does httpx say that my client has been closed?

A client made at import outlives the test: `async with client`, or the app's shutdown, closes it,
and a closed client cannot be used again. Make the client in the lifespan or in a fixture, and pass
it to the code; or let the code make one when it needs one. (If nothing closes it, its connections
still belong to the first test's loop: "Event loop is closed".) Needs: `httpx`.
"""

import unittest

import httpx


def answer(request):
    prices = {'/prices/tea': 3, '/prices/milk': 1}
    return httpx.Response(200, json=prices[request.url.path])


def connect():
    transport = httpx.MockTransport(answer)
    return httpx.AsyncClient(transport=transport, base_url='https://shop.example')


client = connect()


async def fetch_price(client, name):
    response = await client.get(f'/prices/{name}')
    return response.json()


class TestFetchPrice(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = await self.enterAsyncContext(connect())

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
        self.assertEqual(await fetch_price(self.client, 'milk'), 1)

"""How do I test a timeout, or a retry, of httpx?

Let a MockTransport raise httpx.ReadTimeout, as the real transport does. It needs a message: the
bare class fails as a `side_effect`. httpx never raises Python's own TimeoutError, so a mock that
does tests code that nothing will reach. Count the requests in the transport, to see the retries.
(httpx2 works like httpx.) Needs: `httpx`.
"""

import unittest
from unittest import mock

import httpx


async def fetch_price(client, name):
    attempts_left = 3
    while True:
        attempts_left -= 1
        try:
            response = await client.get(f'/prices/{name}', timeout=5)
        except httpx.TimeoutException:
            if not attempts_left:
                return None
        else:
            return response.json()


class Shop:
    """Raises and answers in the given order, and keeps the requests."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.requests = []

    def handle(self, request):
        self.requests.append(request)
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def connect(shop):
    transport = httpx.MockTransport(shop.handle)
    return httpx.AsyncClient(transport=transport, base_url='https://shop.example')


class TestFetchPrice(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        with mock.patch('httpx.AsyncClient.get', side_effect=httpx.ReadTimeout):
            async with httpx.AsyncClient() as client:
                with self.assertRaisesRegex(
                    TypeError, "missing 1 required positional argument: 'message'"
                ):
                    await fetch_price(client, 'tea')

    async def test_wrong_way_with_another_timeout(self):
        async with connect(Shop(TimeoutError())) as client:
            with self.assertRaises(TimeoutError):  # as no server can make it fail
                await fetch_price(client, 'tea')

    async def test_right_way(self):
        shop = Shop(httpx.ReadTimeout('too slow'), httpx.Response(200, json=3))
        async with connect(shop) as client:
            self.assertEqual(await fetch_price(client, 'tea'), 3)
        self.assertEqual(len(shop.requests), 2)
        self.assertEqual(shop.requests[1].extensions['timeout']['read'], 5)

    async def test_right_way_when_it_gives_up(self):
        shop = Shop(*[httpx.ConnectTimeout('too slow')] * 3)
        async with connect(shop) as client:
            self.assertIsNone(await fetch_price(client, 'tea'))
        self.assertEqual(len(shop.requests), 3)

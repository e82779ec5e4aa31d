"""May I give a mock a coroutine, or a Future, as its `return_value`?

No: give an AsyncMock the plain value. `MagicMock(return_value=fetch())` works for one await, since
a coroutine runs only once. An AsyncMock wraps it in a coroutine of its own, so that the code gets
yours in place of the value; a Future is passed on in the same way. (That was the usual trick before
Python 3.8, from which on `mock.patch` makes an AsyncMock of an `async def` function.)
"""

import unittest
from unittest import mock


class RateClient:
    async def fetch(self, currency): ...


class Converter:
    def __init__(self, client):
        self.client = client

    async def convert(self, amount, currency):
        return amount * await self.client.fetch(currency)


async def result(value):
    return value


class TestConverter(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_works_only_once(self):
        client = mock.MagicMock()
        client.fetch.return_value = result(1.5)
        converter = Converter(client)
        self.assertEqual(await converter.convert(10, 'EUR'), 15)
        with self.assertRaisesRegex(RuntimeError, 'cannot reuse already awaited coroutine'):
            await converter.convert(20, 'EUR')

    async def test_wrong_way_is_not_awaited(self):
        coroutine = result(1.5)
        with mock.patch.object(RateClient, 'fetch', return_value=coroutine):
            with self.assertRaisesRegex(TypeError, "unsupported operand .* 'coroutine'"):
                await Converter(RateClient()).convert(10, 'EUR')
        coroutine.close()

    async def test_right_way(self):
        client = mock.AsyncMock()
        client.fetch.return_value = 1.5
        converter = Converter(client)
        self.assertEqual(await converter.convert(10, 'EUR'), 15)
        self.assertEqual(await converter.convert(20, 'EUR'), 30)

    async def test_right_way_with_patch(self):
        with mock.patch.object(RateClient, 'fetch', return_value=1.5) as fetch:
            self.assertEqual(await Converter(RateClient()).convert(10, 'EUR'), 15)
        fetch.assert_awaited_once_with('EUR')

"""Tests with a client whose requests are awaited, and a response whose methods are not."""

import unittest
from unittest import mock

from prices import fetch_price, fetch_total


def make_client(price=0.29, status_code=200):
    response = mock.Mock(status_code=status_code)
    response.json.return_value = {'price': price}
    client = mock.AsyncMock()
    client.get.return_value = response
    return client


class TestFetchPrice(unittest.IsolatedAsyncioTestCase):
    async def test_asks_for_the_item_and_returns_cents(self):
        client = make_client(price=0.29)
        self.assertEqual(await fetch_price(client, 'tea'), 29)
        client.get.assert_awaited_once_with('/items/tea')

    async def test_refuses_an_item_that_the_shop_does_not_have(self):
        client = make_client(status_code=404)
        with self.assertRaises(LookupError):
            await fetch_price(client, 'tea')

    async def test_raises_what_the_response_raises(self):
        client = make_client(status_code=500)
        client.get.return_value.raise_for_status.side_effect = ConnectionError
        with self.assertRaises(ConnectionError):
            await fetch_price(client, 'tea')


class TestFetchTotal(unittest.IsolatedAsyncioTestCase):
    async def test_adds_the_price_of_each_item_and_closes_the_client(self):
        client = make_client(price=0.29)
        self.assertEqual(await fetch_total(client, ['tea', 'milk']), 58)
        client.get.assert_has_awaits([mock.call('/items/tea'), mock.call('/items/milk')])
        client.aclose.assert_awaited_once_with()

    async def test_closes_the_client_when_an_item_is_missing(self):
        client = make_client(status_code=404)
        with self.assertRaises(LookupError):
            await fetch_total(client, ['tea'])
        client.aclose.assert_awaited_once_with()

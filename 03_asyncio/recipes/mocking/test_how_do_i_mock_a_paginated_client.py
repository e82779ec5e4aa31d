"""How do I mock a client that returns its results in pages?

A single `return_value` is the answer to every call, so a page that names a next page is fetched
again and again, and the test never ends. With a list as `side_effect`, each call gets the next
page, whichever it asks for: assert on the page numbers. With a function that hands out each page
once, a wrong page, or the same page twice, is a KeyError.
"""

import unittest
from unittest import mock


class Contacts:
    def __init__(self, client):
        self.client = client

    async def names(self):
        result = []
        page = 1
        while page is not None:
            answer = await self.client.get('/contacts', params={'page': page})
            result += answer['names']
            page = answer['next']
        return result


PAGES = {
    1: {'names': ['Ann', 'Bob'], 'next': 2},
    2: {'names': ['Cleo'], 'next': None},
}


class TestContacts(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_never_ends(self):
        client = mock.AsyncMock()
        client.get.return_value = {'names': ['Ann'], 'next': 2}
        client.get.side_effect = [mock.DEFAULT] * 100  # so that here it does
        with self.assertRaises(StopAsyncIteration):
            await Contacts(client).names()
        self.assertEqual(client.get.await_count, 101)

    async def test_right_way(self):
        pages = PAGES.copy()

        def get(path, params):
            return pages.pop(params['page'])

        client = mock.AsyncMock()
        client.get.side_effect = get
        self.assertEqual(await Contacts(client).names(), ['Ann', 'Bob', 'Cleo'])
        self.assertEqual(pages, {})

    async def test_right_way_with_a_list(self):
        client = mock.AsyncMock()
        client.get.side_effect = [PAGES[1], PAGES[2]]
        self.assertEqual(await Contacts(client).names(), ['Ann', 'Bob', 'Cleo'])
        self.assertEqual(
            client.get.await_args_list,
            [
                mock.call('/contacts', params={'page': 1}),
                mock.call('/contacts', params={'page': 2}),
            ],
        )

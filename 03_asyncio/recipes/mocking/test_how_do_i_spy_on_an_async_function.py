"""How do I spy on an async function: let the real one run, and ask the mock afterwards?

`wraps=` calls the real function and records the call; for an `async def` function, `mock.patch`
makes an AsyncMock, which records awaits as well. A method of one object: wrap the bound method. A
method of all objects of a class: `autospec=True`, which passes `self` on, with the real method as
`side_effect` (older Pythons ignore `wraps` there). A whole object: `wraps` and `spec`, since
without a spec, nothing counts the awaits. pytest-mock's `mocker.spy(object, 'method')` is similar.
"""

import unittest
from unittest import mock


async def look_up(article):
    return {'tea': 4, 'milk': 1}[article]


class Catalogue:
    async def price(self, article):
        return await look_up(article)


class Shop:
    def __init__(self, catalogue):
        self.catalogue = catalogue

    async def total(self, *articles):
        result = 0
        for article in articles:
            result += await self.catalogue.price(article)
        return result


class TestShop(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_cannot_assert_awaits(self):
        spy = mock.MagicMock(wraps=Catalogue())
        self.assertEqual(await Shop(spy).total('tea', 'milk'), 5)
        with self.assertRaisesRegex(AttributeError, 'is not a valid assertion'):
            spy.price.assert_awaited_with('milk')

    async def test_wrong_way_loses_self(self):
        with mock.patch.object(Catalogue, 'price', wraps=Catalogue.price):
            with self.assertRaisesRegex(TypeError, 'missing 1 required positional argument'):
                await Shop(Catalogue()).total('tea', 'milk')

    async def test_right_way_for_a_function(self):
        with mock.patch(f'{__name__}.look_up', wraps=look_up) as spy:
            self.assertEqual(await Shop(Catalogue()).total('tea', 'milk'), 5)
        self.assertEqual(spy.await_args_list, [mock.call('tea'), mock.call('milk')])

    async def test_right_way_for_a_method_of_one_object(self):
        catalogue = Catalogue()
        with mock.patch.object(catalogue, 'price', wraps=catalogue.price) as spy:
            self.assertEqual(await Shop(catalogue).total('tea', 'milk'), 5)
        self.assertEqual(spy.await_args_list, [mock.call('tea'), mock.call('milk')])

    async def test_right_way_for_all_objects_of_a_class(self):
        catalogue = Catalogue()
        real = Catalogue.price
        with mock.patch.object(Catalogue, 'price', autospec=True, side_effect=real) as spy:
            self.assertEqual(await Shop(catalogue).total('tea', 'milk'), 5)
        calls = [mock.call(catalogue, 'tea'), mock.call(catalogue, 'milk')]
        self.assertEqual(spy.await_args_list, calls)

    async def test_right_way_for_a_whole_object(self):
        spy = mock.MagicMock(spec=Catalogue, wraps=Catalogue())
        self.assertEqual(await Shop(spy).total('tea', 'milk'), 5)
        self.assertEqual(spy.price.await_args_list, [mock.call('tea'), mock.call('milk')])

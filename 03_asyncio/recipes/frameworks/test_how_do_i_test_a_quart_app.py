"""How do I test a Quart app?

Its test client looks like Flask's, but each of its methods must be awaited, and so must
`response.get_data()` and `response.get_json()`. `test_client` does not start the app:
`async with app.test_app()` runs its `before_serving` and `after_serving` functions. Code that uses
`current_app` outside of a request needs `async with app.app_context()`.
Needs: `quart`.
"""

import unittest

from quart import Quart, current_app


def create_app():
    app = Quart('shop')

    @app.before_serving
    async def connect():
        app.prices = {'Rome': 120}

    @app.get('/price/<city>')
    async def show_price(city):
        return {'price': load_price(city)}

    return app


def load_price(city):
    return current_app.prices[city]


class TestShop(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_without_await(self):
        response = create_app().test_client().get('/price/Rome')
        with self.assertRaisesRegex(AttributeError, "'coroutine' object has no attribute"):
            self.assertEqual(response.status_code, 200)
        with self.assertWarnsRegex(RuntimeWarning, "coroutine 'QuartClient.get' was never awaited"):
            del response

    async def test_wrong_way_the_app_is_not_started(self):
        response = await create_app().test_client().get('/price/Rome')
        self.assertEqual(response.status_code, 500)  # and the log has the AttributeError: prices

    async def test_wrong_way_no_app_context(self):
        with self.assertRaisesRegex(RuntimeError, 'Not within an app context'):
            load_price('Rome')

    async def test_right_way(self):
        async with create_app().test_app() as running:
            response = await running.test_client().get('/price/Rome')
            self.assertEqual(response.status_code, 200)
            self.assertEqual(await response.get_json(), {'price': 120})

    async def test_right_way_with_an_app_context(self):
        app = create_app()
        async with app.test_app(), app.app_context():
            self.assertEqual(load_price('Rome'), 120)

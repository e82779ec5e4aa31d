"""How do I test a Sanic app?

Install sanic-testing, and await the methods of `app.asgi_client` in an async test: each runs the
app's listeners and returns the request and the response. `app.test_client` is for synchronous
tests: it starts a server on a loop of its own, and in an async test says "Cannot run the event loop
while another loop is running" (Sanic 25.12 warns there on Python 3.14 and later). If each test
makes an app, `Sanic app name ... already in use` goes away with `Sanic.test_mode = True`.
Needs: `sanic` (`pip install sanic sanic-testing`).
"""

import unittest

import pytest
from sanic import Sanic, json
from sanic.exceptions import SanicException

# sanic-testing 24.6 imports this part of the package websockets.
pytestmark = pytest.mark.filterwarnings('ignore:websockets.legacy is deprecated')


def create_app():
    app = Sanic('shop')

    @app.before_server_start
    async def connect(app):
        app.ctx.prices = {'Rome': 120}

    @app.get('/price/<city>')
    async def show_price(request, city):
        return json({'price': app.ctx.prices[city]})

    return app


class TestShop(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        Sanic.test_mode = True

    def test_wrong_way_two_apps_of_one_name(self):
        Sanic.test_mode = False  # the default
        Sanic('office')
        with self.assertRaisesRegex(SanicException, 'Sanic app name "office" already in use'):
            Sanic('office')

    async def test_wrong_way_without_await(self):
        with self.assertWarnsRegex(RuntimeWarning, 'was never awaited'):
            with self.assertRaisesRegex(TypeError, 'cannot unpack non-iterable coroutine object'):
                _request, response = create_app().asgi_client.get('/price/Rome')

    async def test_right_way(self):
        _request, response = await create_app().asgi_client.get('/price/Rome')
        self.assertEqual(response.status, 200)
        self.assertEqual(response.json, {'price': 120})

"""How do I test an async Flask view?

With a synchronous test and the usual test client: Flask stays synchronous, and runs each async view
on a new event loop, in a thread of its own if need be, until it returns (a task that it leaves
behind is cancelled). In an async test, the client fails, since a loop is already running there;
await the functions below the view, or call the client in a thread. Async views need the package
asgiref: `pip install "flask[async]"`.
Needs: `flask`.
"""

import asyncio
import sys
import unittest
from unittest import mock

from flask import Flask

app = Flask(__name__)


async def load_price(city):
    await asyncio.sleep(0)
    return {'Rome': 120}[city]


@app.get('/price/<city>')
async def show_price(city):
    return {'price': await load_price(city)}


class TestWrongWays(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        app.testing = True  # exceptions reach the test, instead of becoming a status of 500

    async def test_wrong_way_in_an_async_test(self):
        message = 'You cannot use AsyncToSync in the same thread as an async event loop'
        with self.assertRaisesRegex(RuntimeError, message):
            app.test_client().get('/price/Rome')

    def test_wrong_way_without_the_package_asgiref(self):
        message = "Install Flask with the 'async' extra in order to use async views"
        not_installed = mock.patch.dict(sys.modules, {'asgiref.sync': None})
        with not_installed, self.assertRaisesRegex(RuntimeError, message):
            app.test_client().get('/price/Rome')


class TestShowPrice(unittest.TestCase):
    def test_right_way(self):
        response = app.test_client().get('/price/Rome')
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json, {'price': 120})


class TestLoadPrice(unittest.IsolatedAsyncioTestCase):
    async def test_right_way_below_the_view(self):
        self.assertEqual(await load_price('Rome'), 120)

    async def test_right_way_in_a_thread(self):
        response = await asyncio.to_thread(app.test_client().get, '/price/Rome')
        self.assertEqual(response.json, {'price': 120})

"""Why does my FastAPI app's startup not run in my tests?

A request does not start an app: httpx never runs its lifespan (the startup and shutdown events),
and TestClient runs it only as a context manager. Use `with TestClient(app)`. With AsyncClient,
enter `app.router.lifespan_context(app)` around it; if your lifespan yields a state for
`request.state`, use LifespanManager instead, and pass on `manager.app`. (httpx2 works like httpx.)
Needs: `fastapi`, `httpx`, `asgi_lifespan` (TestClient needs httpx2, too).
"""

import unittest
from contextlib import asynccontextmanager

from asgi_lifespan import LifespanManager
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from httpx import ASGITransport, AsyncClient


@asynccontextmanager
async def lifespan(app):
    app.state.prices = {'tea': 3}  # a pool or an engine, in your app
    yield {'currency': 'EUR'}
    del app.state.prices


app = FastAPI(lifespan=lifespan)


@app.get('/prices/{name}')
async def read_price(name: str, request: Request):
    return request.app.state.prices[name]


@app.get('/currency')
async def read_currency(request: Request):
    return request.state.currency


def connect(app):
    return AsyncClient(transport=ASGITransport(app), base_url='http://test')


class TestPrices(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        async with connect(app) as client:
            with self.assertRaisesRegex(AttributeError, "'State' object has no attribute 'prices'"):
                await client.get('/prices/tea')

    def test_wrong_way_with_testclient(self):
        client = TestClient(app)
        with self.assertRaisesRegex(AttributeError, "'State' object has no attribute 'prices'"):
            client.get('/prices/tea')

    def test_right_way_with_testclient(self):
        with TestClient(app) as client:
            self.assertEqual(client.get('/prices/tea').json(), 3)
            self.assertEqual(client.get('/currency').json(), 'EUR')

    async def test_right_way(self):
        async with app.router.lifespan_context(app), connect(app) as client:
            response = await client.get('/prices/tea')
        self.assertEqual(response.json(), 3)
        self.assertFalse(hasattr(app.state, 'prices'))  # shut down

    async def test_right_way_with_state(self):
        async with LifespanManager(app) as manager, connect(manager.app) as client:
            response = await client.get('/currency')
        self.assertEqual(response.json(), 'EUR')

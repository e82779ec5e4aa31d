"""Why is it attached to a different loop under FastAPI's TestClient?

TestClient runs the app on its own event loop, in another thread, and without `with` on a new loop
for each request. Whatever waits on one loop (a queue, a pool, an engine, a client) cannot be used
on another: create it in the lifespan, not at import, and write `with TestClient(app)`. In an async
test, use httpx's AsyncClient, which runs the app on the test's loop, so that both may share it.
Needs: `fastapi`, `httpx` (TestClient needs httpx2, too).
"""

import asyncio
import unittest
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from httpx import ASGITransport, AsyncClient


async def next_order(request: Request):
    try:
        async with asyncio.timeout(0.01):
            return await request.app.state.orders.get()
    except TimeoutError:
        return None


async def read_menu(request: Request):
    return await request.app.state.menu


@asynccontextmanager
async def lifespan(app):
    app.state.orders = asyncio.Queue()
    yield


app = FastAPI(lifespan=lifespan)
app.get('/orders/next')(next_order)

app_made_at_import = FastAPI()
app_made_at_import.state.orders = asyncio.Queue()
app_made_at_import.get('/orders/next')(next_order)
app_made_at_import.get('/menu')(read_menu)


class TestOrders(unittest.IsolatedAsyncioTestCase):
    def test_wrong_way(self):
        client = TestClient(app_made_at_import)
        self.assertIsNone(client.get('/orders/next').json())  # waits on a first loop
        with self.assertRaisesRegex(RuntimeError, 'is bound to a different event loop'):
            client.get('/orders/next')

    async def test_wrong_way_in_an_async_test(self):
        menu = asyncio.create_task(asyncio.sleep(0, 'tea'))  # on the test's loop
        app_made_at_import.state.menu = menu
        with self.assertRaisesRegex(RuntimeError, 'attached to a different loop'):
            TestClient(app_made_at_import).get('/menu')

    def test_right_way(self):
        with TestClient(app) as client:
            self.assertIsNone(client.get('/orders/next').json())
            self.assertIsNone(client.get('/orders/next').json())
        with TestClient(app) as client:  # as the next test does
            self.assertIsNone(client.get('/orders/next').json())

    async def test_right_way_in_an_async_test(self):
        transport = ASGITransport(app)
        async with app.router.lifespan_context(app):
            async with AsyncClient(transport=transport, base_url='http://test') as client:
                app.state.orders.put_nowait('tea')
                response = await client.get('/orders/next')
        self.assertEqual(response.json(), 'tea')

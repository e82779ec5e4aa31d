"""How do I test an aiohttp application?

The fixture `aiohttp_client` is in the plugin pytest-aiohttp: install it, and set `asyncio_mode =
auto` or mark each test. Without the plugin, use AioHTTPTestCase, or TestServer and TestClient of
aiohttp.test_utils. All of them start the app on a free port, with its on_startup and cleanup_ctx,
and stop it. Make a new app for each test, in a function. Needs: `aiohttp`, `pytest_asyncio`.
"""

import pytest
import pytest_asyncio
from aiohttp import test_utils, web

PRICES = web.AppKey('prices', dict)


async def open_shop(app):
    app[PRICES] = {'tea': 3}  # a pool or an engine, in your app
    yield
    app[PRICES].clear()


async def read_price(request):
    price = request.app[PRICES][request.match_info['name']]
    return web.json_response(price)


def make_app():
    app = web.Application()
    app.cleanup_ctx.append(open_shop)
    app.router.add_get('/prices/{name}', read_price)
    return app


class TestPrices(test_utils.AioHTTPTestCase):
    async def get_application(self):
        return make_app()

    async def test_wrong_way(self):
        request = test_utils.make_mocked_request('GET', '/prices/tea', app=make_app())
        with self.assertRaises(KeyError):  # no startup, and no route that was matched
            await read_price(request)

    async def test_right_way(self):
        response = await self.client.get('/prices/tea')
        self.assertEqual(response.status, 200)
        self.assertEqual(await response.json(), 3)


# The same for pytest:
@pytest.mark.xfail(strict=True, raises=pytest.FixtureLookupError, reason='no pytest-aiohttp here')
def test_wrong_way_without_pytest_aiohttp(aiohttp_client): ...  # fixture 'aiohttp_client' not found


@pytest_asyncio.fixture
async def client():
    async with test_utils.TestClient(test_utils.TestServer(make_app())) as client:
        yield client


@pytest.mark.asyncio
async def test_right_way(client):
    response = await client.get('/prices/tea')
    assert response.status == 200
    assert await response.json() == 3

"""How do I test an aiohttp application?

The fixture `aiohttp_client` is in the plugin pytest-aiohttp, and async tests and fixtures need a
plugin, too: `pip install pytest-aiohttp`, and a mark on each test, or `asyncio_mode = auto`.
Without plugins: AioHTTPTestCase, or aiohttp's own TestServer and TestClient. All of them start the
app (its on_startup and cleanup_ctx) on a free port. Make the app in a function, a new one for each
test. Needs: `aiohttp`, `pytest_asyncio`.
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


@pytest.mark.xfail(strict=True, raises=pytest.FixtureLookupError, reason='no pytest-aiohttp here')
def test_wrong_way(aiohttp_client): ...  # E       fixture 'aiohttp_client' not found


@pytest.mark.asyncio
async def test_wrong_way_calls_the_handler():
    request = test_utils.make_mocked_request('GET', '/prices/tea', app=make_app())
    with pytest.raises(KeyError):  # no startup, and no route that was matched
        await read_price(request)


# The same without plugins, for unittest.
class TestPrices(test_utils.AioHTTPTestCase):
    async def get_application(self):
        return make_app()

    async def test_right_way(self):
        response = await self.client.get('/prices/tea')
        assert response.status == 200
        assert await response.json() == 3


@pytest_asyncio.fixture
async def client():
    async with test_utils.TestClient(test_utils.TestServer(make_app())) as client:
        yield client


@pytest.mark.asyncio
async def test_right_way_with_pytest(client):
    response = await client.get('/prices/tea')
    assert response.status == 200
    assert await response.json() == 3

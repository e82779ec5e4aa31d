"""Where do I make an aiohttp ClientSession for my tests?

In an async fixture, with `async with`: a ClientSession belongs to the loop that is running when it
is made. In a synchronous fixture, or in a `setUp`, there is "no running event loop" (from aiohttp
3.10 on). With a fixture on another loop than the test, a request ends in "Timeout context manager
should be used inside a task": give both the same loop_scope. Code under test had best take its
session as an argument. Needs: `aiohttp`, `pytest_asyncio`.
"""

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import test_utils, web


class Weather:
    """A client of a web service."""

    def __init__(self, session):
        self.session = session

    async def temperature(self, city):
        async with self.session.get(f'/weather/{city}') as response:
            report = await response.json()
            return report['temperature']


@pytest.fixture
def synchronous_weather():
    return Weather(aiohttp.ClientSession('http://localhost'))


@pytest.mark.xfail(raises=RuntimeError, strict=True, reason='no running event loop')
@pytest.mark.asyncio
async def test_wrong_way_synchronous_fixture(synchronous_weather): ...


@pytest_asyncio.fixture(loop_scope='session')
async def weather_on_another_loop():
    async with aiohttp.ClientSession('http://localhost') as session:
        yield Weather(session)


@pytest.mark.asyncio
async def test_wrong_way_another_loop(weather_on_another_loop):
    with pytest.raises(RuntimeError, match='Timeout context manager should be used inside a task'):
        await weather_on_another_loop.temperature('Rome')


async def answer(request):
    return web.json_response({'temperature': 21})


@pytest_asyncio.fixture
async def weather():
    app = web.Application()
    app.router.add_get('/weather/Rome', answer)
    async with test_utils.TestServer(app) as server:
        async with aiohttp.ClientSession(server.make_url('/')) as session:
            yield Weather(session)


@pytest.mark.asyncio
async def test_right_way(weather):
    assert await weather.temperature('Rome') == 21

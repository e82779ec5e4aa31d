"""What does "Timeout context manager should be used inside a task" mean?

aiohttp found no task on the loop of its ClientSession: the session was made on another loop, or no
loop runs in a task. With pytest-asyncio, a fixture with `scope='module'` or `'session'` has a loop
of its own if the test does not share it: give both the same `loop_scope`, or make the session in a
fixture of each test. A session made at import finds no loop at all. Needs: `aiohttp`,
`pytest_asyncio`.
"""

import pytest
import pytest_asyncio
from aiohttp import ClientSession, test_utils, web


async def answer_with_price(request):
    return web.json_response({'price': 3})


async def fetch_price(session, url):
    async with session.get(url) as response:
        answer = await response.json()
        return answer['price']


@pytest_asyncio.fixture
async def url():
    async with test_utils.RawTestServer(answer_with_price) as server:
        yield server.make_url('/')


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def session_of_the_module():
    async with ClientSession() as session:
        yield session


@pytest.mark.asyncio
async def test_wrong_way(session_of_the_module, url):
    with pytest.raises(
        RuntimeError, match='Timeout context manager should be used inside a task'
    ):
        await fetch_price(session_of_the_module, url)


def test_wrong_way_at_import():
    with pytest.raises(RuntimeError, match='no running event loop'):
        ClientSession()


@pytest.mark.asyncio(loop_scope='module')
async def test_right_way_with_one_loop_for_the_module(session_of_the_module):
    async with test_utils.RawTestServer(answer_with_price) as server:
        assert await fetch_price(session_of_the_module, server.make_url('/')) == 3


@pytest_asyncio.fixture
async def session():
    async with ClientSession() as session:
        yield session


@pytest.mark.asyncio
async def test_right_way(session, url):
    assert await fetch_price(session, url) == 3

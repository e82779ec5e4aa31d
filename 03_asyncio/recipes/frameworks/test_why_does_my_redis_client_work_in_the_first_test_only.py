"""Why does my Redis client work in the first test only?

A connection belongs to the event loop on which it was made, the client keeps it for the next
command, and each test has its own loop: "attached to a different loop" or, when the first loop is
closed by then, "Event loop is closed". Make the client in a fixture, and close it there with
`await client.aclose()`. Without a server at hand, use fakeredis: `FakeAsyncRedis` for a client, or
its TcpFakeServer for many, as here.
Needs: `fakeredis`, `pytest_asyncio`, `redis`.
"""

import asyncio
import threading

import fakeredis
import pytest
import pytest_asyncio
from redis.asyncio import Redis


class VisitCounter:
    def __init__(self, redis):
        self.redis = redis

    async def count(self, page):
        return await self.redis.incr(f'visits:{page}')


@pytest.fixture
def address():
    server = fakeredis.TcpFakeServer(('127.0.0.1', 0), server_type='redis')
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    host, port = server.server_address
    yield {'host': host, 'port': port}
    server.shutdown()
    server.server_close()
    thread.join()


def test_wrong_way(address):
    client = Redis(**address)  # in a module, or in a fixture of the session
    counter = VisitCounter(client)
    with asyncio.Runner() as loop_of_first_test, asyncio.Runner() as loop_of_second_test:
        assert loop_of_first_test.run(counter.count('home')) == 1
        with pytest.raises(RuntimeError, match='attached to a different loop'):
            loop_of_second_test.run(counter.count('home'))
        loop_of_first_test.run(client.aclose())


@pytest_asyncio.fixture
async def redis(address):
    client = Redis(**address)
    yield client
    await client.aclose()


@pytest.mark.asyncio
async def test_right_way(redis):
    counter = VisitCounter(redis)
    assert await counter.count('home') == 1
    assert await counter.count('home') == 2


@pytest.mark.asyncio
async def test_right_way_without_a_server():
    async with fakeredis.FakeAsyncRedis() as redis:
        assert await VisitCounter(redis).count('home') == 1

"""How do I test code that uses redis.asyncio?

A client of redis belongs to the loop on which it connected, so one made at import fails in the
second test. An AsyncMock cannot replace it: `pipeline()` is not a coroutine function, and a mock
knows nothing of keys and expiry. Make a FakeAsyncRedis for each test, which keeps real data in
memory, and pass it in. To test with a real server, make the client in a fixture of each test, and
close it there. Needs: `fakeredis`, `redis`.
"""

import asyncio
import threading
import unittest
from unittest import mock

from fakeredis import FakeAsyncRedis, TcpFakeServer
from redis.asyncio import Redis


class Limiter:
    def __init__(self, redis):
        self.redis = redis

    async def allows(self, user):
        async with self.redis.pipeline() as pipeline:
            pipeline.incr(f'requests of {user}')
            pipeline.expire(f'requests of {user}', 60)
            count, _ = await pipeline.execute()
        return count <= 2


class TestLimiter(unittest.IsolatedAsyncioTestCase):
    def test_wrong_way(self):
        server = TcpFakeServer(('127.0.0.1', 0))
        threading.Thread(target=server.serve_forever).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        host, port = server.server_address
        limiter = Limiter(Redis(host=host, port=port))  # at import
        with asyncio.Runner() as one_test, asyncio.Runner() as next_test:
            one_test.run(limiter.allows('ada'))
            # If one_test is closed before: RuntimeError: Event loop is closed
            with self.assertRaisesRegex(RuntimeError, 'attached to a different loop'):
                next_test.run(limiter.allows('ada'))
            one_test.run(limiter.redis.aclose())

    async def test_wrong_way_with_a_mock(self):
        limiter = Limiter(mock.AsyncMock())
        with self.assertWarnsRegex(RuntimeWarning, 'never awaited'):
            with self.assertRaisesRegex(
                TypeError, "'coroutine' object does not support the asynchronous context manager"
            ):
                await limiter.allows('ada')

    async def test_right_way(self):
        redis = await self.enterAsyncContext(FakeAsyncRedis(decode_responses=True))
        limiter = Limiter(redis)
        self.assertTrue(await limiter.allows('ada'))
        self.assertTrue(await limiter.allows('ada'))
        self.assertFalse(await limiter.allows('ada'))
        self.assertTrue(await limiter.allows('bob'))
        self.assertEqual(await redis.get('requests of ada'), '3')
        self.assertEqual(await redis.ttl('requests of ada'), 60)

"""How do I test who comes first, without sleeps?

A new task starts when its creator next waits; with an eager task factory (Python 3.12) it starts at
once. A test that relies on either breaks with the other, and one that sleeps fails on a busy
machine. Let Events say what has happened: the fake sets one when it has begun, and waits for
another one, which the test sets when everything else is where it should be.
"""

import asyncio
import unittest

# None is the ordinary factory. Python 3.11 has no other.
TASK_FACTORIES = [None, getattr(asyncio, 'eager_task_factory', None)]


class Cache:
    """Never loads an article twice, even if two tasks ask for it at the same time."""

    def __init__(self, load):
        self.load = load
        self.loading = {}

    async def get(self, article):
        if article not in self.loading:
            self.loading[article] = asyncio.create_task(self.load(article))
        return await self.loading[article]


class SlowShop:
    def __init__(self):
        self.loads = 0
        self.started = asyncio.Event()
        self.may_finish = asyncio.Event()

    async def load(self, article):
        self.loads += 1
        self.started.set()
        await self.may_finish.wait()
        return f'{article}: 4.50'


class TestCache(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_depends_on_when_a_task_starts(self):
        for factory in TASK_FACTORIES:
            asyncio.get_running_loop().set_task_factory(factory)
            shop = SlowShop()
            task = asyncio.create_task(Cache(shop.load).get('tea'))
            starts_at_once = factory is not None
            self.assertEqual(shop.started.is_set(), starts_at_once)
            shop.may_finish.set()
            await task

    async def test_right_way(self):
        for factory in TASK_FACTORIES:
            asyncio.get_running_loop().set_task_factory(factory)
            shop = SlowShop()
            cache = Cache(shop.load)
            first = asyncio.create_task(cache.get('tea'))
            await asyncio.wait_for(shop.started.wait(), timeout=1)
            second = asyncio.create_task(cache.get('tea'))  # while the first is loading
            shop.may_finish.set()
            prices = await asyncio.gather(first, second)
            self.assertEqual(prices, ['tea: 4.50', 'tea: 4.50'])
            self.assertEqual(shop.loads, 1)

    async def test_right_way_to_see_that_two_run_at_the_same_time(self):
        barrier = asyncio.Barrier(2)  # one task alone would wait here forever
        both = asyncio.gather(barrier.wait(), barrier.wait())
        await asyncio.wait_for(both, timeout=1)

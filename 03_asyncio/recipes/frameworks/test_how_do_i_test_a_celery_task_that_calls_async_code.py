"""How do I test a Celery task that calls async code?

Celery runs a task in a thread or process without an event loop, so the task calls `asyncio.run`. In
an async test a loop is running already, and `asyncio.run` refuses. Test the task in a synchronous
test, by calling it or with `.apply()`, which needs no broker, and await the coroutine function
below it in an async test. A task that is itself `async def` only returns a coroutine.
Needs: `celery`.
"""

import asyncio
import unittest

from celery import Celery

app = Celery('shop', set_as_current=False)


async def load_price(city):
    await asyncio.sleep(0)
    return {'Rome': 120}[city]


@app.task
def update_price(city):
    return asyncio.run(load_price(city))


class TestInAnAsyncTest(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        message = r'asyncio.run\(\) cannot be called from a running event loop'
        with self.assertWarnsRegex(RuntimeWarning, "coroutine 'load_price' was never awaited"):
            with self.assertRaisesRegex(RuntimeError, message):
                update_price('Rome')

    async def test_wrong_way_an_async_task(self):
        task = app.task(load_price)
        result = task.apply(args=['Rome']).get()
        self.assertTrue(asyncio.iscoroutine(result))
        result.close()

    async def test_right_way_for_the_async_code(self):
        self.assertEqual(await load_price('Rome'), 120)


class TestUpdatePrice(unittest.TestCase):
    def test_right_way(self):
        self.assertEqual(update_price('Rome'), 120)

    def test_right_way_as_a_task(self):
        self.assertEqual(update_price.apply(args=['Rome']).get(), 120)

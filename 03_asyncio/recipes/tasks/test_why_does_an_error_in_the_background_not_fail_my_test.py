"""Why does my test pass although a callback or a background task failed?

Nobody waits for them: asyncio passes their errors to the loop's exception handler, which only logs
them ("Exception in callback", "Task exception was never retrieved"), and pytest shows no logs of a
test that passes. Set a handler that collects the errors, and check at the end of each test that
there are none: in a base class, as here, or in a fixture of pytest-asyncio.
"""

import asyncio
import gc
import unittest


class Feed:
    def __init__(self, on_message):
        self.on_message = on_message

    def receive(self, message):
        asyncio.get_running_loop().call_soon(self.on_message, message)


class NoLostErrors(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.lost_errors = []
        asyncio.get_running_loop().set_exception_handler(self.record)

    def record(self, loop, context):
        # The message may also be "Future exception was never retrieved".
        self.lost_errors.append(context['message'])

    async def asyncTearDown(self):
        gc.collect()  # a task loses its error when it becomes garbage
        self.assertEqual(self.lost_errors, [])


def print_upper(message):
    print(message.upper())


async def fail():
    raise ConnectionError('offline')


class TestFeedWithoutHandler(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_passes_falsely(self):
        feed = Feed(print_upper)
        with self.assertLogs('asyncio', 'ERROR') as logs:  # nobody looks at these
            feed.receive(None)
            await asyncio.sleep(0)
        self.assertIn('Exception in callback print_upper(None)', logs.output[0])


class TestFeed(NoLostErrors):
    async def test_right_way(self):
        feed = Feed(print_upper)
        feed.receive('hello')
        await asyncio.sleep(0)

    async def test_right_way_finds_the_callback(self):
        feed = Feed(print_upper)
        feed.receive(None)
        await asyncio.sleep(0)
        with self.assertRaisesRegex(AssertionError, 'Exception in callback print_upper'):
            await self.asyncTearDown()
        self.lost_errors.clear()

    async def test_right_way_finds_the_task(self):
        await asyncio.wait([asyncio.create_task(fail())])
        with self.assertRaisesRegex(AssertionError, 'Task exception was never retrieved'):
            await self.asyncTearDown()
        self.lost_errors.clear()

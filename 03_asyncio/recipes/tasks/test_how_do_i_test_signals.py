"""How do I test a signal handler and a graceful shutdown?

Let the handler only set an Event: then most tests need no signal, and one test sends a real one,
after the service has started (earlier, it would end pytest). A handler that calls loop.stop() also
stops the loop of the test. `loop.add_signal_handler` works only in the main thread (pytest-xdist
before 3.6 may run tests in another), and not at all on Windows (NotImplementedError).
"""

import asyncio
import signal
import sys
import unittest
from unittest import mock


class Service:
    def __init__(self):
        self.started = asyncio.Event()
        self.stopping = asyncio.Event()
        self.state = 'new'

    def stop_when_terminated(self):
        try:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.stopping.set)
        except NotImplementedError:
            print('No signals here: stop the service by other means')

    async def run(self):
        self.stop_when_terminated()
        self.state = 'running'
        self.started.set()
        await self.stopping.wait()
        self.state = 'stopped'


async def stop_the_loop():
    asyncio.get_running_loop().stop()
    await asyncio.Event().wait()


class TestService(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.service = Service()

    @unittest.skipIf(sys.platform == 'win32', 'there, add_signal_handler works nowhere')
    async def test_wrong_way_in_another_thread(self):
        with self.assertRaisesRegex(RuntimeError, 'only works in main thread'):
            await asyncio.to_thread(asyncio.run, self.service.run())

    async def test_wrong_way_stops_the_loop(self):
        message = 'Event loop stopped before Future completed'
        with self.assertRaisesRegex(RuntimeError, message):
            await asyncio.to_thread(asyncio.run, stop_the_loop())

    async def test_right_way_without_a_signal(self):
        task = asyncio.create_task(self.service.run())
        await self.service.started.wait()
        self.service.stopping.set()
        await asyncio.wait_for(task, timeout=1)
        self.assertEqual(self.service.state, 'stopped')

    @unittest.skipIf(sys.platform == 'win32', 'there, a signal would end pytest')
    async def test_right_way_with_a_signal(self):
        task = asyncio.create_task(self.service.run())
        await self.service.started.wait()
        signal.raise_signal(signal.SIGTERM)
        await asyncio.wait_for(task, timeout=1)
        self.assertEqual(self.service.state, 'stopped')

    async def test_right_way_on_windows(self):
        loop = asyncio.get_running_loop()
        with mock.patch.object(loop, 'add_signal_handler', side_effect=NotImplementedError):
            task = asyncio.create_task(self.service.run())
            await self.service.started.wait()
        self.service.stopping.set()
        await asyncio.wait_for(task, timeout=1)
        self.assertEqual(self.service.state, 'stopped')

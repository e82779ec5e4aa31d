"""Why can `asyncio.run` not be called from a running event loop?

A thread runs one event loop at a time, so a function that starts one (asyncio.run,
run_until_complete) cannot be called where one is running: in an async test or fixture, in Jupyter,
or after a fixture of Playwright's sync API, whose loop keeps running. Await the coroutine instead;
if you cannot change the function, call it in a thread with `asyncio.to_thread`. In Jupyter,
`await main()`; with Playwright, use its sync API in one pytest run and async tests in another, or
its async API in all. nest_asyncio patches asyncio, has had no maintainer since 2024, and breaks
asyncio.current_task, and so timeouts, on Python 3.14.
"""

import asyncio
import unittest
import warnings


async def fetch_report(month):
    await asyncio.sleep(0)  # a request, in a real program
    return f'report of {month}'


def report(month):
    return asyncio.run(fetch_report(month))


def report_the_old_way(month, loop):
    return loop.run_until_complete(fetch_report(month))


class WrongWay(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.enterContext(warnings.catch_warnings(action='ignore'))  # was never awaited

    async def test_wrong_way(self):
        # From asyncio.Runner, and so from pytest-asyncio:
        # Runner.run() cannot be called from a running event loop
        with self.assertRaises(RuntimeError) as caught:
            report('May')
        message = 'asyncio.run() cannot be called from a running event loop'
        self.assertEqual(str(caught.exception), message)

    async def test_wrong_way_with_the_running_loop(self):
        loop = asyncio.get_running_loop()
        with self.assertRaisesRegex(RuntimeError, 'This event loop is already running'):
            report_the_old_way('May', loop)

    async def test_wrong_way_with_another_loop(self):
        loop = asyncio.new_event_loop()
        self.addCleanup(loop.close)
        message = 'Cannot run the event loop while another loop is running'
        with self.assertRaisesRegex(RuntimeError, message):
            report_the_old_way('May', loop)


class RightWay(unittest.IsolatedAsyncioTestCase):
    async def test_right_way(self):
        self.assertEqual(await fetch_report('May'), 'report of May')

    async def test_right_way_if_it_cannot_be_changed(self):
        self.assertEqual(await asyncio.to_thread(report, 'May'), 'report of May')

    def test_right_way_in_a_synchronous_test(self):
        self.assertEqual(report('May'), 'report of May')

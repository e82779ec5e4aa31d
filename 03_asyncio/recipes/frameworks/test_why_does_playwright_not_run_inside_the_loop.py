"""Why does Playwright's sync API not run inside the asyncio loop, or stop my async tests?

The sync API has a running loop of its own. So it cannot start inside an async test; and as long as
its fixtures (`page`, `browser`) are open, which is to the end of the session, no async test can
start its loop. Use the async API in async tests (with the plugin pytest-playwright-asyncio instead
of pytest-playwright), or run the two kinds of tests by two calls of pytest. Needs: `aiohttp`,
`playwright`.
"""

import asyncio
import unittest

from aiohttp import test_utils, web
from playwright.async_api import async_playwright
from playwright.sync_api import Error, sync_playwright


async def greet(request):
    return web.Response(text='Hello')


class TestAfterSyncPlaywright(unittest.TestCase):
    def setUp(self):
        self.playwright = self.enterContext(sync_playwright())  # as its fixtures do

    def test_wrong_way(self):
        loop = asyncio.new_event_loop()
        self.addCleanup(loop.close)
        async_test = asyncio.sleep(0)
        self.addCleanup(async_test.close)
        with self.assertRaisesRegex(
            RuntimeError, 'Cannot run the event loop while another loop is running'
        ):
            loop.run_until_complete(async_test)
        # pytest-asyncio: Runner.run() cannot be called from a running event loop
        with self.assertRaisesRegex(
            RuntimeError, r'asyncio.run\(\) cannot be called from a running event loop'
        ):
            asyncio.run(async_test)

    def test_right_way_without_async_tests(self):
        self.assertEqual(self.playwright.chromium.name, 'chromium')


class TestGreeting(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        with self.assertRaisesRegex(
            Error, 'It looks like you are using Playwright Sync API inside the asyncio loop'
        ):
            sync_playwright().start()

    async def test_right_way(self):
        async with test_utils.RawTestServer(greet) as server, async_playwright() as playwright:
            # With a browser: browser = await playwright.chromium.launch(), and so on.
            context = await playwright.request.new_context(base_url=str(server.make_url('/')))
            response = await context.get('/')
            self.assertEqual(await response.text(), 'Hello')
            await context.dispose()

"""Where do I patch, and what does autospec know?

Patch the name that the code looks up: `from asyncio import sleep` creates a second name, which
patching `asyncio.sleep` does not reach. To autospec, only an `async def` method is asynchronous.
One that merely returns a coroutine becomes a MagicMock, which cannot be awaited: set its
`side_effect`. (`inspect.iscoroutinefunction` is no help: it says yes to both.)
"""

import inspect
import unittest
from asyncio import sleep
from unittest import mock


class Client:
    def get_page(self):  # not `async def`, but it can be awaited
        return sleep(0, 'page')


class TestPatch(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        with mock.patch('asyncio.sleep', return_value='patched'):
            self.assertEqual(await Client().get_page(), 'page')

    async def test_right_way(self):
        with mock.patch(f'{__name__}.sleep', return_value='patched'):
            self.assertEqual(await Client().get_page(), 'patched')

    async def test_wrong_way_autospec(self):
        client = mock.create_autospec(Client, instance=True)
        self.assertTrue(inspect.iscoroutinefunction(client.get_page))
        with self.assertRaisesRegex(TypeError, 'MagicMock'):
            await client.get_page()

    async def test_right_way_autospec(self):
        client = mock.create_autospec(Client, instance=True)
        client.get_page.side_effect = mock.AsyncMock(return_value='patched')
        self.assertEqual(await client.get_page(), 'patched')

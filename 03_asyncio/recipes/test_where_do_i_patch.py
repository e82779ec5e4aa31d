"""Where do I patch, and what does autospec know?

Patch the name that the code looks up: `from asyncio import sleep` makes a name of its own, which
patching `asyncio.sleep` does not reach. To autospec only an `async def` method is asynchronous; one
that just returns a coroutine becomes a MagicMock, which cannot be awaited, until you set its
`side_effect`. (`inspect.iscoroutinefunction` says yes to every method of an autospec.)
"""

import inspect
import unittest
from asyncio import sleep
from unittest import mock


class Api:
    def get_page(self):
        return sleep(0, 'page')


class TestPatch(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way(self):
        with mock.patch('asyncio.sleep', return_value='patched'):
            self.assertEqual(await Api().get_page(), 'page')

    async def test_right_way(self):
        with mock.patch(f'{__name__}.sleep', return_value='patched'):
            self.assertEqual(await Api().get_page(), 'patched')

    async def test_wrong_way_autospec(self):
        api = mock.create_autospec(Api, instance=True)
        self.assertTrue(inspect.iscoroutinefunction(api.get_page))
        with self.assertRaisesRegex(TypeError, 'MagicMock'):
            await api.get_page()

    async def test_right_way_autospec(self):
        api = mock.create_autospec(Api, instance=True)
        api.get_page.side_effect = mock.AsyncMock(return_value='patched')
        self.assertEqual(await api.get_page(), 'patched')

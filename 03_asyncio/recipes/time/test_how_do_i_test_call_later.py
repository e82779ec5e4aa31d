"""How do I test `loop.call_later`, or a debounce, without waiting?

A mocked `asyncio.sleep` does not affect `call_later` and `call_at`: they go by loop.time(). Patch
that method of the running loop, move the clock forward, and give the loop two turns: it notices in
the first one that a timer is due, and has called it when the second one ends. (While the clock
stands still, no timeout fires: do not await anything that takes time.)
"""

import asyncio
import unittest
from unittest import mock


class Autosave:
    """Saves two seconds after the last change."""

    def __init__(self, save):
        self.save = save
        self.timer = None

    def changed(self):
        if self.timer is not None:
            self.timer.cancel()
        self.timer = asyncio.get_running_loop().call_later(2, self.save)


class Clock:
    def __init__(self):
        self.now = 0

    def time(self):
        return self.now

    async def advance(self, seconds):
        self.now += seconds
        await asyncio.sleep(0)
        await asyncio.sleep(0)


class TestAutosave(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.save = mock.Mock()
        self.autosave = Autosave(self.save)
        self.clock = Clock()
        patcher = mock.patch.object(asyncio.get_running_loop(), 'time', self.clock.time)
        patcher.start()
        self.addCleanup(patcher.stop)

    async def test_wrong_way_mocks_sleep(self):
        with mock.patch('asyncio.sleep'):
            self.autosave.changed()
            await asyncio.sleep(2)
        with self.assertRaisesRegex(AssertionError, 'Called 0 times'):
            self.save.assert_called_once_with()

    async def test_right_way(self):
        self.autosave.changed()
        await self.clock.advance(1.9)
        self.save.assert_not_called()
        await self.clock.advance(0.2)
        self.save.assert_called_once_with()

    async def test_right_way_saves_once_after_two_changes(self):
        self.autosave.changed()
        await self.clock.advance(1.9)
        self.autosave.changed()
        await self.clock.advance(1.9)
        self.save.assert_not_called()
        await self.clock.advance(0.2)
        self.save.assert_called_once_with()

"""A test that forbids blocking calls while the event loop runs, in a process that ends at once."""

import asyncio
import os
import sys
import unittest
from unittest import mock

from orders import Orders

write = os.write


def refuse_to_open(event, _):
    """Raise an error if a file is opened while an event loop runs."""
    if event == 'open' and asyncio._get_running_loop() is not None:
        raise AssertionError('a file is opened in the event loop')


def refuse_to_write(file, data):
    """Raise an error if something is written while an event loop runs."""
    if asyncio._get_running_loop() is not None:
        raise AssertionError('something is written in the event loop')
    return write(file, data)


async def wait():
    """Wait for a delivery."""
    shop = mock.MagicMock()
    shop.send = mock.AsyncMock()
    task = asyncio.create_task(shop.send('a'))
    await Orders(shop).wait_for(task)


class TestWait(unittest.TestCase):
    def test_wait_for(self):
        asyncio.run(wait())


if __name__ == '__main__':
    sys.addaudithook(refuse_to_open)
    os.write = refuse_to_write
    ended = unittest.main(exit=False)
    os._exit(not ended.result.wasSuccessful())

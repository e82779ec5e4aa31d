"""Tests under pytest-asyncio: functions, fixtures, a mark. Not one of these tests asks enough.

Each test gets a feed from an asynchronous fixture, which closes it afterwards. What is left to ask?
The file to edit is 03_asyncio/my_work/04_pytest_asyncio/test_feed.py.
"""

from unittest import mock

import pytest
import pytest_asyncio

from feed import Feed

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def feed():
    feed = Feed(mock.AsyncMock())
    await feed.subscribe('weather')
    yield feed
    await feed.close()


async def test_subscribe(feed):
    await feed.subscribe('sports')
    assert feed.connection.send.called


async def test_subscribe_twice(feed):
    await feed.subscribe('weather')
    assert feed.topics


async def test_close(feed):
    await feed.close()
    assert feed.connection.close.called

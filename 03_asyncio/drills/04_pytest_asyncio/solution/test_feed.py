"""Tests under pytest-asyncio, which ask what was sent, in which order, and what was awaited."""

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
    feed.connection.send.side_effect = None
    await feed.close()


async def test_opens_the_connection_once_before_it_sends_anything(feed):
    await feed.subscribe('sports')
    assert feed.connection.mock_calls == [
        mock.call.open(),
        mock.call.send('SUBSCRIBE weather'),
        mock.call.send('SUBSCRIBE sports'),
    ]
    feed.connection.open.assert_awaited_once_with()
    assert feed.connection.send.await_count == 2


async def test_subscribes_to_a_topic_only_once(feed):
    await feed.subscribe('weather')
    feed.connection.send.assert_awaited_once_with('SUBSCRIBE weather')


async def test_takes_back_each_subscription_before_it_closes(feed):
    await feed.subscribe('sports')
    feed.connection.reset_mock()
    await feed.close()
    assert feed.connection.mock_calls == [
        mock.call.send('UNSUBSCRIBE weather'),
        mock.call.send('UNSUBSCRIBE sports'),
        mock.call.close(),
    ]
    feed.connection.close.assert_awaited_once_with()
    assert feed.connection.send.await_count == 2


async def test_closes_although_taking_back_fails(feed):
    feed.connection.send.side_effect = ConnectionError
    with pytest.raises(ConnectionError):
        await feed.close()
    feed.connection.close.assert_awaited_once_with()


async def test_can_be_opened_again(feed):
    await feed.close()
    feed.connection.reset_mock()
    await feed.subscribe('weather')
    feed.connection.open.assert_awaited_once_with()
    feed.connection.send.assert_awaited_once_with('SUBSCRIBE weather')

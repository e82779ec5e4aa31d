"""pytest-asyncio: its marker lets pytest run coroutine functions as tests."""

from unittest import mock

import pytest

from async_receive import receive

pytestmark = pytest.mark.asyncio


async def test_invalid_packet():
    with pytest.raises(ValueError, match='Invalid packet type'):
        await receive('FOO', 'data')


@mock.patch('async_receive.send_to_client')
async def test_ping(send_to_client):
    await receive('PING', 'data')
    send_to_client.assert_awaited_once_with('PONG', 'data')


@mock.patch('async_receive.trigger_event', return_value='my response')
@mock.patch('async_receive.send_to_client')
async def test_message(send_to_client, trigger_event):
    await receive('MESSAGE', 'data')
    trigger_event.assert_awaited_once_with('message', 'data')
    send_to_client.assert_awaited_once_with('MESSAGE', 'my response')

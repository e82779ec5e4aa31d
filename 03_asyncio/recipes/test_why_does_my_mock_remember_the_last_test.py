"""Why does my mock remember the last test?

`new=AsyncMock()` makes one mock, when the decorator is read: a test that is repeated, inherited or
parametrized finds the calls of the run before. So it can pass falsely (`assert_awaited_with`), or
fail for no reason (`assert_awaited_once_with`: "Awaited 2 times"). `new_callable=AsyncMock` makes a
new one each time and hands it over; for a coroutine function so does a plain `mock.patch(target)`.
"""

import asyncio
from unittest import mock

import pytest


async def send(packet): ...


@mock.patch(f'{__name__}.send', new=mock.AsyncMock())
def check_with_new(ping):
    ping()
    send.assert_awaited_with('PONG')


@mock.patch(f'{__name__}.send', new_callable=mock.AsyncMock)
def check_with_new_callable(ping, send):
    ping()
    send.assert_awaited_with('PONG')


def test_wrong_way_passes_falsely():
    check_with_new(lambda: asyncio.run(send('PONG')))
    check_with_new(lambda: 'nothing sent')  # it finds the PONG of the line before


def test_right_way():
    check_with_new_callable(lambda: asyncio.run(send('PONG')))
    pytest.raises(AssertionError, check_with_new_callable, lambda: 'nothing sent')

"""Why does my mock remember the last test?

`new=AsyncMock()` makes one mock, when the decorator runs: a test that is repeated, inherited or
parametrized finds the calls of the run before. So it can pass falsely (`assert_awaited_with`), or
fail for no reason ("Awaited 2 times"; with this kit's mock "Called 2 times").
`new_callable=AsyncMock` makes a new one for each test, and passes it in as an argument; for an
`async def` function a plain `mock.patch(target)` does so, too.
"""

import asyncio
from unittest import mock

import pytest


async def send(packet): ...


@mock.patch(f'{__name__}.send', new=mock.AsyncMock())
def check_with_new(ping, question='assert_awaited_with'):
    asyncio.run(ping())
    getattr(send, question)('PONG')


@mock.patch(f'{__name__}.send', new_callable=mock.AsyncMock)
def check_with_new_callable(ping, send):
    asyncio.run(ping())
    send.assert_awaited_with('PONG')


def test_wrong_way_passes_falsely():
    check_with_new(lambda: send('PONG'))
    check_with_new(lambda: asyncio.sleep(0))  # sends nothing: it finds the PONG of the line before
    with pytest.raises(AssertionError, match='Awaited 2 times'):
        check_with_new(lambda: send('PONG'), 'assert_awaited_once_with')


def test_right_way():
    check_with_new_callable(lambda: send('PONG'))
    pytest.raises(AssertionError, check_with_new_callable, lambda: asyncio.sleep(0))

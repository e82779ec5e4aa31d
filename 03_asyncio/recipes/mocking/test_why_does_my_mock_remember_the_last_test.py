"""Why does my mock remember the last test?

`new=AsyncMock()` makes a single mock, when the decorator runs. A test that is repeated, inherited
or parametrized therefore finds the calls of the previous run. It can pass falsely
(`assert_awaited_with`), or fail for no reason ("Awaited 2 times"; with this kit's mock "Called 2
times"). `new_callable=AsyncMock` makes a new mock for each test, and passes it in as an argument.
So does a plain `mock.patch(target)`, if the target is an `async def` function.
"""

import asyncio
from unittest import mock

import pytest


async def send(packet): ...


async def answer():
    await send('PONG')


async def forget_to_answer(): ...


@mock.patch(f'{__name__}.send', new=mock.AsyncMock())
def check_last_answer(handler):
    asyncio.run(handler())
    send.assert_awaited_with('PONG')


@mock.patch(f'{__name__}.send', new=mock.AsyncMock())
def check_only_answer(handler):
    asyncio.run(handler())
    send.assert_awaited_once_with('PONG')


@mock.patch(f'{__name__}.send', new_callable=mock.AsyncMock)
def check_with_a_new_mock(handler, send):
    asyncio.run(handler())
    send.assert_awaited_once_with('PONG')


def test_wrong_way_passes_falsely():
    check_last_answer(answer)
    check_last_answer(forget_to_answer)  # finds the PONG of the line above


def test_wrong_way_fails_for_no_reason():
    check_only_answer(answer)
    with pytest.raises(AssertionError, match='Awaited 2 times'):
        check_only_answer(answer)


def test_right_way():
    check_with_a_new_mock(answer)
    check_with_a_new_mock(answer)
    with pytest.raises(AssertionError):
        check_with_a_new_mock(forget_to_answer)

"""Tests that fail, with messages that the index of answers knows, and one that says too little."""

import asyncio
from unittest import mock


async def await_a_mock():
    await mock.MagicMock()


def test_awaits_a_mock():
    asyncio.run(await_a_mock())


def test_awaits_a_mock_again():
    asyncio.run(await_a_mock())


def test_cancelled():
    raise asyncio.CancelledError

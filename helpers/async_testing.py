"""Three helpers for tests of asyncio code. This file works alone: copy it into your own project."""

import asyncio
import atexit
import contextlib
import contextvars
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from unittest import mock

T = TypeVar('T')
_runner = asyncio.Runner()


def _run(coro: Awaitable[T]) -> T:
    """Run a coroutine to its end and return its result; all calls share one event loop."""
    if not inspect.isawaitable(coro):
        raise TypeError(f'_run() takes a coroutine: _run(function(...)), not {coro!r}')
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _runner.run(_finish(coro), context=contextvars.copy_context())
    if inspect.iscoroutine(coro):
        coro.close()
    raise RuntimeError('_run() was called inside a running event loop: await the coroutine instead')


async def _finish(awaitable: Awaitable[T]) -> T:
    return await awaitable


@atexit.register
def _close() -> None:
    # A loop that used asyncio.to_thread() starts a thread to close: too late for that, but all else is done.
    with contextlib.suppress(RuntimeError):
        _runner.close()


def AsyncMock(*args: Any, **kwargs: Any) -> Callable[..., Any]:
    """Return a coroutine function that calls the MagicMock at its attribute `mock`; takes MagicMock's arguments."""
    m = mock.MagicMock(*args, **kwargs)

    async def mock_coro(*args: Any, **kwargs: Any) -> Any:
        return m(*args, **kwargs)

    mock_coro.mock = m
    return mock_coro


def async_patch(target: str, **kwargs: Any) -> Any:
    """Patch target as mock.patch does, with a new AsyncMock for each test, which the test gets as an argument."""
    return mock.patch(target, new_callable=AsyncMock, **kwargs)

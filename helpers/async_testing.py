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
    """Run a coroutine on the one event loop that all calls share, and return its result.

    The loop is _run's own, whichever loop is set; all calls come from one thread.
    Raises TypeError if it is given anything else, RuntimeError inside a running event loop.
    """
    if not inspect.isawaitable(coro):
        raise TypeError(f'_run() takes a coroutine, as in _run(function(...)), not {coro!r}')
    if _loop_is_running():
        if inspect.iscoroutine(coro):
            coro.close()
        raise RuntimeError('_run() was called inside a running event loop: await the coroutine')
    return _runner.run(_finish(coro), context=contextvars.copy_context())


def _loop_is_running() -> bool:
    try:
        return asyncio.get_running_loop().is_running()
    except RuntimeError:
        return False


async def _finish(awaitable: Awaitable[T]) -> T:
    return await awaitable


@atexit.register
def _close() -> None:
    # After asyncio.to_thread() closing starts a thread, which at exit is too late: RuntimeError.
    with contextlib.suppress(RuntimeError):
        _runner.close()


def AsyncMock(*args: Any, **kwargs: Any) -> Callable[..., Any]:
    """Return a coroutine function that calls the MagicMock at its attribute `mock`.

    Takes the arguments of MagicMock.
    """
    m = _magic_mock(*args, **kwargs)

    async def mock_coro(*args, **kwargs):
        return m(*args, **kwargs)

    mock_coro.mock = m  # type: ignore[attr-defined]
    return mock_coro


def _magic_mock(
    spec: Any = None, *args: Any, spec_set: Any = None, **kwargs: Any
) -> mock.MagicMock:
    # A MagicMock made with the spec of a coroutine function would be asynchronous itself.
    m = mock.MagicMock(None, *args, **kwargs)
    if spec is not None or spec_set is not None:
        m.mock_add_spec(spec if spec_set is None else spec_set, spec_set is not None)
    return m


def async_patch(target: str, **kwargs: Any) -> Any:
    """Patch target with a new AsyncMock for each test, which the test gets as its argument.

    Takes the other arguments of mock.patch and those of AsyncMock.
    """
    return mock.patch(target, new_callable=AsyncMock, **kwargs)

"""Load a dashboard: all of its parts at the same time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class Unavailable(Exception):
    """Parts of the dashboard cannot be loaded; the message names them."""


async def load(parts: dict[str, Callable[[], Coroutine[Any, Any, Any]]]) -> dict[str, Any]:
    """Return what the coroutine function of each part returns.

    If parts fail with ConnectionError, those still loading are cancelled, and Unavailable is
    raised. Other errors are mistakes: they get through, in an ExceptionGroup.
    """
    failed: list[str] = []
    try:
        async with asyncio.TaskGroup() as group:
            tasks = {name: group.create_task(fetch()) for name, fetch in parts.items()}
    except* ConnectionError:
        failed = [
            name for name, task in tasks.items() if not task.cancelled() and task.exception()
        ]
    if failed:
        raise Unavailable(', '.join(failed))
    return {name: task.result() for name, task in tasks.items()}

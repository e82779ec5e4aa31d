"""Make thumbnails of pictures, one after the other, for as long as the program runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


async def work(queue: asyncio.Queue[str], shrink: Callable[[str], Awaitable[None]]) -> None:
    """Shrink each picture whose name comes through a queue; never return.

    A picture that cannot be shrunk is logged, and the next one is worked on. A caller who awaits
    queue.join() continues when all pictures have been dealt with.
    """
    while True:
        name = await queue.get()
        try:
            await shrink(name)
        except OSError as error:
            log.error('%s: %s', name, error)
        finally:
            queue.task_done()

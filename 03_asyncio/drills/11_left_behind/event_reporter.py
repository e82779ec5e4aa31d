"""Report events to an analytics service, without keeping anybody waiting."""

import asyncio
import logging
from typing import Any

log = logging.getLogger(__name__)


class EventReporter:
    """Sends each event in a task of its own."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.tasks: set[asyncio.Task[None]] = set()  # or Python may delete a running task

    def report(self, event: str) -> None:
        """Begin to send an event, and return at once; log an error if that fails."""
        task = asyncio.create_task(self.client.send(event))
        self.tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            log.error('An event is lost', exc_info=task.exception())

    async def close(self) -> None:
        """Cancel what is still being sent, wait until that has ended, and close the client."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.client.close()

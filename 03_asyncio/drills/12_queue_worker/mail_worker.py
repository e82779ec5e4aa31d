"""Send mails from a queue, one after the other, forever."""

import asyncio
from typing import Any


class MailWorker:
    """Sends whatever is put into its queue."""

    def __init__(self, queue: asyncio.Queue[str], mailer: Any) -> None:
        self.queue = queue
        self.mailer = mailer
        self.failed: list[str] = []

    async def run(self) -> None:
        """Send mails until this task is cancelled.

        A mail that cannot be sent is added to failed. A mail that is being sent when the task is
        cancelled goes back into the queue.
        """
        while True:
            mail = await self.queue.get()
            try:
                await self.mailer.send(mail)
            except asyncio.CancelledError:
                self.queue.put_nowait(mail)
                raise
            except Exception:
                self.failed.append(mail)
            finally:
                self.queue.task_done()

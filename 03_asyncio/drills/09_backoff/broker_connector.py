"""Connect to a message broker that may still be starting."""

from asyncio import sleep
from typing import Any

LONGEST_DELAY = 60  # seconds


class BrokerConnector:
    """Connects to a broker, with exponential backoff."""

    def __init__(self, broker: Any, first_delay: float = 1, attempts: int = 10) -> None:
        self.broker = broker
        self.first_delay = first_delay
        self.attempts = attempts

    async def connect(self) -> Any:
        """Return a connection, after as many attempts as it takes.

        After the first failure wait for first_delay seconds, then twice as long each time, but
        never longer than LONGEST_DELAY. If the last attempt fails, raise its error at once.
        """
        delay = self.first_delay
        for _ in range(self.attempts - 1):
            try:
                return await self.broker.connect()
            except OSError:
                await sleep(delay)
                delay = min(2 * delay, LONGEST_DELAY)
        return await self.broker.connect()

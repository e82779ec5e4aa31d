"""Exchange rates from a service on the network, kept in memory and refreshed every hour."""

import asyncio
import logging
from typing import Any, Self

log = logging.getLogger(__name__)


class RateClient:
    """Use it with `async with`: it is connected, and refreshes its rates, until that ends."""

    def __init__(
        self, service: Any, attempts: int = 3, timeout: float = 5, interval: float = 3600
    ) -> None:
        self.service = service
        self.attempts = attempts
        self.timeout = timeout
        self.interval = interval
        self.rates: dict[str, float] = {}
        self.lock = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self.service.connect()
        self.refreshing = asyncio.create_task(self._keep_fresh())
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self.refreshing.cancel()
        await asyncio.wait([self.refreshing])
        await self.service.disconnect()

    async def rate(self, currency: str) -> float:
        """Return a rate; ask the service once, however many tasks want it at the same time."""
        async with self.lock:
            if currency not in self.rates:
                self.rates[currency] = await self._ask(currency)
            return self.rates[currency]

    async def refresh(self) -> None:
        """Ask for all known rates again; log those that fail, and keep their old values."""
        for currency in list(self.rates):
            try:
                self.rates[currency] = await self._ask(currency)
            except OSError:
                log.warning('Cannot refresh %s', currency)

    async def _keep_fresh(self) -> None:
        while True:
            await asyncio.sleep(self.interval)
            await self.refresh()

    async def _ask(self, currency: str) -> float:
        """Make so many attempts, with so much time for each; raise the last one's OSError."""
        failures = 0
        while True:
            try:
                async with asyncio.timeout(self.timeout):
                    return await self.service.get(currency)
            except OSError:  # a TimeoutError is one, too
                failures += 1
                if failures == self.attempts:
                    raise

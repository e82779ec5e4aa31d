"""Look up prices in a service that may be slow, over a pool of connections."""

import asyncio
from typing import Any


class PriceLookup:
    """Asks for prices, but not for long."""

    def __init__(self, pool: Any, seconds: float = 2) -> None:
        self.pool = pool
        self.seconds = seconds

    async def price(self, article: str) -> int:
        """Return the price of an article; raise TimeoutError if there is no answer in time.

        A connection goes back to the pool once it has answered. Otherwise it is discarded, even if
        this task is cancelled: its answer may still come, and would reach the next one who asks.
        """
        connection = await self.pool.acquire()
        try:
            async with asyncio.timeout(self.seconds):
                price = await connection.ask(article)
        except BaseException:
            await self.pool.discard(connection)
            raise
        await self.pool.release(connection)
        return price

"""Keep track of a stock that is stored in a database."""

import asyncio
import collections
from typing import Any


class StockKeeper:
    """Takes articles out of stock for many customers at the same time."""

    def __init__(self, database: Any) -> None:
        self.database = database
        self.locks: dict[str, asyncio.Lock] = collections.defaultdict(asyncio.Lock)

    async def take(self, article: str, count: int) -> int:
        """Take some of an article, and return how many are left.

        Raise ValueError if there are not enough. Only one task at a time changes an article;
        different articles do not wait for each other.
        """
        async with self.locks[article]:
            left = await self.database.read(article) - count
            if left < 0:
                raise ValueError(f'Not enough {article}')
            await self.database.write(article, left)
        return left

"""Accounts whose balances lie in a store that takes its time."""

import asyncio
from typing import Any


class Accounts:
    """Changes balances; several tasks may do so at the same time."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.lock = asyncio.Lock()

    async def deposit(self, name: str, amount: int) -> int:
        """Add an amount to a balance and return the new balance."""
        async with self.lock:
            balance = await self.store.get(name)
            balance += amount
            await self.store.set(name, balance)
        return balance

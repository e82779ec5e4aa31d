"""Move money between two accounts of a bank."""

from typing import Any


class Bank:
    """Keeps accounts in a database and informs their owners."""

    def __init__(self, pool: Any, mailer: Any) -> None:
        self.pool = pool
        self.mailer = mailer

    async def transfer(self, source: str, target: str, amount: int) -> None:
        """Move an amount in one transaction, and mail the payer once that is committed.

        If there is not enough money, raise ValueError, so that the transaction is rolled back.
        """
        async with self.pool.acquire() as connection:
            async with connection.transaction():
                balance = await connection.add_to(source, -amount)
                if balance < 0:
                    raise ValueError('Not enough money')
                await connection.add_to(target, amount)
        await self.mailer.send(source, f'You have paid {amount} to {target}.')

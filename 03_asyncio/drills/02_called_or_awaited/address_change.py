"""Change a user's address, and let the user know."""

import asyncio
import contextlib
from typing import Any


class AddressChange:
    """Changes addresses in a database of users."""

    def __init__(self, users: Any, mailer: Any, audit: Any) -> None:
        self.users = users
        self.mailer = mailer
        self.audit = audit

    async def apply(self, user: str, address: str) -> None:
        """Store a new address, then mail the old and the new one, unless they are the same.

        If storing fails, nobody gets a mail. If only the audit log fails, nobody needs to know.
        """
        old_address = await self.users.get_address(user)
        if address == old_address:
            return
        await self.users.set_address(user, address)
        await self.mailer.send(old_address, f'Your new address is {address}.')
        await self.mailer.send(address, 'This is your new address.')
        with contextlib.suppress(OSError):
            async with asyncio.timeout(10):
                await self.audit.write(user, address)

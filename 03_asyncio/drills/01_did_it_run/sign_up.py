"""Sign people up for a newsletter."""

from typing import Any


class AlreadySubscribed(Exception):
    """The address is on the list."""


async def sign_up(subscribers: Any, mailer: Any, address: str) -> int:
    """Store an address, welcome its owner, and return how many subscribers there are.

    Raises ValueError and AlreadySubscribed.
    """
    address = address.strip().lower()
    if '@' not in address:
        raise ValueError(f'{address!r} is not an address')
    if await subscribers.has(address):
        raise AlreadySubscribed(address)
    await subscribers.add(address)
    await mailer.send(address, 'Welcome!')
    return await subscribers.count()

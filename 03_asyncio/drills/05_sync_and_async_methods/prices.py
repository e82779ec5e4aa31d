"""The prices of a web shop, over HTTP."""

from typing import Any


async def fetch_price(client: Any, item: str) -> int:
    """Return the price of an item in cents; raise LookupError if the shop has no such item.

    `client` is an httpx.AsyncClient: its requests are awaited. What comes back is a response, whose
    methods are not.
    """
    response = await client.get(f'/items/{item}')
    if response.status_code == 404:
        raise LookupError(item)
    response.raise_for_status()
    body = response.json()
    return round(body['price'] * 100)


async def fetch_total(client: Any, items: list[str]) -> int:
    """Return the price of several items in cents, and close the client."""
    try:
        return sum([await fetch_price(client, item) for item in items])
    finally:
        await client.aclose()

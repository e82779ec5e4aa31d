"""A cache of pages: each page is fetched once, however many callers ask for it."""

import asyncio
from collections.abc import Awaitable, Callable


class PageCache:
    """Fetches pages, a few at a time, and keeps them."""

    def __init__(self, fetch: Callable[[str], Awaitable[str]]) -> None:
        self._fetch = fetch
        self._pages: dict[str, str] = {}
        self._loading: dict[str, asyncio.Task[str]] = {}
        self._at_once = asyncio.Semaphore(2)

    async def get(self, url: str) -> str:
        """Return a page. A caller that is cancelled does not disturb the others."""
        if url in self._pages:
            return self._pages[url]
        if url not in self._loading:
            self._loading[url] = asyncio.create_task(self._load(url))
        return await asyncio.shield(self._loading[url])

    async def _load(self, url: str) -> str:
        try:
            async with self._at_once:
                async with asyncio.timeout(10):
                    page = await self._fetch(url)
        finally:
            del self._loading[url]
        self._pages[url] = page
        return page

    async def refresh(self) -> None:
        """Fetch all pages again; a page that cannot be fetched stays as it is."""
        pages = self._pages
        self._pages = {}
        await asyncio.gather(*map(self.get, pages), return_exceptions=True)
        self._pages = pages | self._pages

    async def close(self) -> None:
        """Stop what is being fetched, and wait until it has stopped."""
        tasks = list(self._loading.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

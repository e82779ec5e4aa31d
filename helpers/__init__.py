"""Three helpers for testing asyncio code, and the kit's own machinery: see README.md."""

from helpers.async_testing import AsyncMock, _run, async_patch

__all__ = ['AsyncMock', '_run', 'async_patch']

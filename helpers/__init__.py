"""Helpers for testing asyncio code, and what the servers of the three stages share."""

from helpers.async_testing import AsyncMock, _run, async_patch

__all__ = ['AsyncMock', '_run', 'async_patch']

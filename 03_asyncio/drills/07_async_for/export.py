"""Export the rows of a query, one per line, while they arrive."""

import contextlib
from collections.abc import AsyncGenerator
from typing import TextIO


async def export(rows: AsyncGenerator[str | None], file: TextIO, limit: int = 1000) -> int:
    """Write rows to a file, at most as many as the limit, and return how many.

    Rows that have been deleted meanwhile, which are None, do not count. If the query fails, what
    has arrived stays, with a last line that says so, and the error is raised.
    """
    count = 0
    try:
        async with contextlib.aclosing(rows):
            async for row in rows:
                if row is None:
                    continue
                file.write(f'{row}\n')
                count += 1
                if count == limit:
                    break
    except ConnectionError:
        file.write('INCOMPLETE\n')
        raise
    return count

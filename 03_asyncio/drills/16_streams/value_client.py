"""Get values from a server, over a stream."""

import asyncio


class ValueClient:
    """Asks for one value after the other, for any number of tasks."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.lock = asyncio.Lock()

    async def get(self, key: str) -> bytes:
        """Return a value. The server answers with its size in a line, and then the value.

        Raise ConnectionError if the server leaves before the value is complete.
        """
        async with self.lock:
            self.writer.write(f'GET {key}\n'.encode())
            await self.writer.drain()
            try:
                size = await self.reader.readuntil(b'\n')
                return await self.reader.readexactly(int(size))
            except asyncio.IncompleteReadError as error:
                raise ConnectionError(f'The server has left instead of sending {key}') from error

    async def close(self) -> None:
        """Close the stream, and wait until all that was written is on its way."""
        self.writer.close()
        await self.writer.wait_closed()

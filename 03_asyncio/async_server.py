"""Stage 3: the server. Each client is served in a task of its own."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # where helpers is

from async_receive import client, handlers, receive
from helpers import command, wire


async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Receive packet after packet until the client leaves: asyncio runs this in a new task."""
    client.set(writer)
    async with wire.async_conversation(writer):
        while line := await wire.async_read_line(reader, writer):
            with wire.errors_to(writer):
                await receive(*wire.decode(line))


async def serve(port: int, delay: float) -> None:
    """Serve on a port until interrupted; the message handler waits delay seconds."""

    async def message(data):
        await asyncio.sleep(delay)
        return data

    handlers['message'] = message
    server = await asyncio.start_server(
        handle, command.HOST, port, limit=wire.MAX_LINE, backlog=command.BACKLOG
    )
    try:
        command.listening(server.sockets[0])
        await asyncio.Event().wait()  # for ever: Ctrl-C cancels this, then each client's task
    finally:
        await asyncio.sleep(0.1)  # whoever has just connected must have a task to cancel
        server.close()


if __name__ == '__main__':
    command.main(lambda port, delay: asyncio.run(serve(port, delay)))

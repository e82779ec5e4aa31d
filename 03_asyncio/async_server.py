"""Stage 3: the server. Each client is served in its own task."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # where helpers is

from async_receive import client, handlers, receive
from helpers.service import protocol, serving


async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Receive packet after packet until the client leaves: asyncio runs this in a new task."""
    client.set(writer)
    async with protocol.async_closing_quietly(writer):
        while line := await protocol.async_read_line(reader, writer):
            with protocol.report_errors(writer):
                await receive(*protocol.decode(line))
            await writer.drain()  # wait here if the client does not read its answers
            await asyncio.sleep(0)  # let the others have a turn, even if this client never pauses


async def serve(port: int, delay: float) -> None:
    """Serve on a port until interrupted; the message handler waits delay seconds."""

    async def message(data):
        await asyncio.sleep(delay)
        return data

    handlers['message'] = message
    server = await asyncio.start_server(
        handle, serving.HOST, port, limit=protocol.MAX_LINE, backlog=serving.BACKLOG
    )
    try:
        serving.print_address(server.sockets[0])
        await asyncio.Event().wait()  # forever: Ctrl-C cancels this, then each client's task
    finally:
        await asyncio.sleep(0.1)  # until clients that have just connected have tasks to cancel, too
        server.close()


def run(port: int, delay: float) -> None:
    """Run serve() in an event loop."""
    asyncio.run(serve(port, delay))


if __name__ == '__main__':
    serving.main(run)

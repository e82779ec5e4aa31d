"""Stage 3's server with a message handler that raises the exception a client names."""

import asyncio
import sys
from pathlib import Path

KIT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(KIT))
sys.path.insert(0, str(KIT / '03_asyncio'))

from errors import ERRORS

from async_receive import handlers
from async_server import handle
from helpers.service import serving


async def message(name: str) -> None:
    """Raise the exception of that name."""
    raise ERRORS[name]('secret')


async def serve(port: int) -> None:
    """Serve on a port until interrupted."""
    handlers['message'] = message
    server = await asyncio.start_server(handle, serving.HOST, port)
    serving.print_address(server.sockets[0])
    await asyncio.Event().wait()


def run(port: int, delay: float) -> None:
    """Run serve() in an event loop."""
    asyncio.run(serve(port))


if __name__ == '__main__':
    serving.main(run)

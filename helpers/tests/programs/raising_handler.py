"""Stage 1's server with a message handler that raises the exception a client names."""

import sys
from pathlib import Path

KIT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(KIT))
sys.path.insert(0, str(KIT / '01_sync'))

from errors import ERRORS

from helpers.service import serving
from receive import handlers
from server import Connection, Server


def message(name: str) -> None:
    """Raise the exception of that name."""
    raise ERRORS[name]('secret')


def serve(port: int, delay: float) -> None:
    """Serve on a port until interrupted."""
    handlers['message'] = message
    with Server((serving.HOST, port), Connection) as server:
        serving.print_address(server.socket)
        server.serve_forever()


if __name__ == '__main__':
    serving.main(serve)

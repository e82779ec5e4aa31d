"""Stage 1: the server. Each client is served in a thread of its own."""

import socketserver
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # where helpers is

from helpers import command, wire
from receive import client, handlers, receive


class Connection(socketserver.StreamRequestHandler):
    """One client: the server calls handle() in a new thread."""

    def handle(self) -> None:
        """Receive packet after packet until the client leaves."""
        client.set(self.wfile)
        with wire.conversation(self.wfile):
            while line := wire.read_line(self.rfile, self.connection):
                with wire.errors_to(self.wfile):
                    receive(*wire.decode(line))


class Server(command.Settings, socketserver.ThreadingTCPServer):
    """A thread for each client."""


def serve(port: int, delay: float) -> None:
    """Serve on a port until interrupted; the message handler waits delay seconds."""

    def message(data):
        time.sleep(delay)
        return data

    handlers['message'] = message
    with Server((command.HOST, port), Connection) as server:
        command.listening(server.socket)
        server.serve_forever()


if __name__ == '__main__':
    command.main(serve)

"""Stage 1: the server. Each client is served in its own thread."""

import socketserver
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # where helpers is

from helpers.service import protocol, serving
from receive import client, handlers, receive


class Connection(socketserver.StreamRequestHandler):
    """One client: the server calls handle() in a new thread."""

    def handle(self) -> None:
        """Receive packet after packet until the client leaves."""
        client.set(self.wfile)
        with protocol.closing_quietly(self.wfile):
            while line := protocol.read_line(self.rfile, self.connection):
                with protocol.report_errors(self.wfile):
                    receive(*protocol.decode(line))


class Server(serving.ServerMixin, socketserver.ThreadingTCPServer):
    """One thread per client."""


def serve(port: int, delay: float) -> None:
    """Serve on a port until interrupted; the message handler waits delay seconds."""

    def message(data):
        time.sleep(delay)
        return data

    handlers['message'] = message
    with Server((serving.HOST, port), Connection) as server:
        serving.print_address(server.socket)
        server.serve_forever()


if __name__ == '__main__':
    serving.main(serve)

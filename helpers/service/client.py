"""A client of the packet servers, for tests and for the prompt."""

import json
import socket
from typing import Any

from helpers.service import protocol, serving


class Client:
    """One connection to a server on this machine; leaving a `with` block closes it."""

    def __init__(self, port: int, timeout: float = 5) -> None:
        """Connect; whatever takes longer than timeout seconds raises TimeoutError."""
        self.socket = socket.create_connection((serving.HOST, port), timeout)
        self.lines = self.socket.makefile('rb')

    def __enter__(self) -> 'Client':
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def send(self, packet_type: str, packet_data: Any) -> None:
        """Send one packet."""
        self.socket.sendall(protocol.encode(packet_type, packet_data))

    def receive(self) -> Any:
        """Return the next packet, `[type, data]`; raise EOFError once the server has hung up."""
        if line := self.lines.readline():
            return json.loads(line)
        raise EOFError('the server has hung up')

    def ask(self, packet_type: str, packet_data: Any) -> Any:
        """Send one packet and return the answer."""
        self.send(packet_type, packet_data)
        return self.receive()

    def leave(self) -> None:
        """Say that nothing more will come, and wait until the server has hung up."""
        self.socket.shutdown(socket.SHUT_WR)
        self.lines.read()

    def close(self) -> None:
        """Leave at once."""
        self.lines.close()
        self.socket.close()

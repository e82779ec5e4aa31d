"""The wire protocol: one JSON array per line, `["PING", data]`, in UTF-8.

Anything else is answered with an ERROR.
"""

import asyncio
import contextlib
import itertools
import json
import logging
import math
import socket
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any, NoReturn, Protocol

MAX_LINE = 64 * 1024  # bytes, without the line ending
MAX_DEPTH = 500  # nested arrays: fewer than json can take on any Python
PATIENCE = 2  # seconds for the rest of a line that is too long
TURN = 100  # lines after which a green thread lets the others run

logger = logging.getLogger(__name__)


class Stream(Protocol):
    """What a server writes to: a socket's file, or an asyncio.StreamWriter."""

    def write(self, data: bytes, /) -> Any:
        """Write bytes."""

    def close(self) -> None:
        """Close it: no more is written."""


def encode(packet_type: str, packet_data: Any) -> bytes:
    """Return a packet as one line."""
    return (json.dumps([packet_type, packet_data]) + '\n').encode()


TOO_LONG = encode('ERROR', 'Line over 64 KiB')


def decode(line: bytes) -> tuple[str, Any]:
    """Return a packet's type and data.

    Raises ValueError, worded for the client, if the line is not a packet.
    """
    try:
        packet = _decoder.decode(line.decode())
    except (ValueError, RecursionError):
        raise ValueError('Not a line of JSON in UTF-8') from None
    if not (isinstance(packet, list) and len(packet) == 2 and isinstance(packet[0], str)):
        raise ValueError('Not an array of a type and its data: ["TYPE", data]')
    if _depth(packet) > MAX_DEPTH:
        raise ValueError('Nested too deep')
    return packet[0], packet[1]


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f'{constant} is not JSON')


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f'{text} is not a finite number')
    return number


_decoder = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)  # slow to make: once


def _depth(value: Any) -> int:
    depth = 0
    level = [value]
    while True:
        containers = [item for item in level if isinstance(item, list | dict)]
        if not containers:
            return depth
        depth += 1
        level = []
        for container in containers:
            level += container.values() if isinstance(container, dict) else container


@contextlib.contextmanager
def closing_quietly(stream: Stream) -> Iterator[None]:
    """Close the stream on exit, and ignore errors if the client has gone."""
    with contextlib.suppress(OSError), contextlib.closing(stream):
        yield


@contextlib.asynccontextmanager
async def async_closing_quietly(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close the connection on exit; ignore errors if the client has gone or the server ends."""
    try:
        with closing_quietly(writer):
            yield
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    except asyncio.CancelledError:
        # Only the server's end cancels this task, and nothing follows here.
        writer.transport.abort()  # what has not been sent by now never will be


@contextlib.contextmanager
def report_errors(stream: Stream) -> Iterator[None]:
    """Report an error in the block to the client, and go on.

    The client gets the text of a ValueError. Of anything else it gets 'Internal error', and the
    log gets the rest. A handler that raises SystemExit, KeyboardInterrupt or CancelledError by
    itself only makes its client get 'Internal error' for that packet; connection and server go on.
    """
    try:
        yield
    except ValueError as error:
        stream.write(encode('ERROR', str(error)))
    except OSError:
        raise  # the client has gone: there is nobody to report to
    except (Exception, SystemExit, KeyboardInterrupt, asyncio.CancelledError):
        if _is_being_cancelled():
            raise  # the server ends
        logger.exception('Internal error')
        stream.write(encode('ERROR', 'Internal error'))


def _is_being_cancelled() -> bool:
    """Return whether this runs in a task that is being cancelled; in a thread, never."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return False
    return task is not None and task.cancelling() > 0


_lines_read = itertools.count(1)


def read_line(rfile: Any, connection: socket.socket) -> bytes:
    """Return the next line, or `b''` if the client has left or was refused for a line over 64 KiB.

    Raises TimeoutError, an OSError that closing_quietly() ignores, if such a client does not stop.
    """
    if next(_lines_read) % TURN == 0:
        time.sleep(0)  # a green thread that never has to wait would keep the others waiting
    line = rfile.readline(MAX_LINE + 1)
    if len(line) <= MAX_LINE or line.endswith(b'\n'):
        return line
    connection.sendall(TOO_LONG)
    connection.shutdown(socket.SHUT_WR)
    # Closing with unread bytes would reset the connection, and the ERROR would be lost.
    deadline = time.monotonic() + PATIENCE
    connection.settimeout(PATIENCE)
    while time.monotonic() < deadline and rfile.read1(MAX_LINE):
        pass
    return b''


async def async_read_line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """Return the next line, or `b''` if the client has left or was refused for a line over 64 KiB.

    Raises TimeoutError, an OSError that closing_quietly() ignores, if such a client does not stop.
    """
    try:
        return await reader.readline()
    except ValueError:  # the line is longer than the stream's limit
        writer.write(TOO_LONG)
        writer.write_eof()
        async with asyncio.timeout(PATIENCE):
            while await reader.read(MAX_LINE):
                pass
        return b''

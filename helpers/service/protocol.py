"""The wire format: one JSON array a line, `["PING", data]`, in UTF-8; an ERROR for all else."""

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

MAX_LINE = 64 * 1024  # bytes, the line end not counted
MAX_DEPTH = 500  # arrays in arrays: fewer than json can take on any Python
PATIENCE = 2  # seconds for the rest of a line that is too long

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


def decode(line: bytes) -> tuple[str, Any]:
    """Return a packet's type and data; raise ValueError, with a text for the client, if none."""
    try:
        packet = _json.decode(line.decode())
    except (ValueError, RecursionError):
        raise ValueError('Not a line of JSON in UTF-8') from None
    if not (isinstance(packet, list) and len(packet) == 2 and isinstance(packet[0], str)):
        raise ValueError('Not an array of a type and its data: ["TYPE", data]')
    if _depth(packet) > MAX_DEPTH:
        raise ValueError('Nested too deep')
    return packet[0], packet[1]


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f'{constant} is not JSON')


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse(digits)


_json = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)  # to make one takes a while


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while containers := [item for item in level if isinstance(item, list | dict)]:
        depth += 1
        level = [
            inner
            for outer in containers
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return depth


@contextlib.contextmanager
def conversation(stream: Stream) -> Iterator[None]:
    """Close the stream at the end, which is quiet when the client leaves."""
    with contextlib.suppress(OSError), contextlib.closing(stream):
        yield


@contextlib.asynccontextmanager
async def async_conversation(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close the connection at the end, which is quiet when the client leaves or the server ends."""
    try:
        with conversation(writer):
            yield
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    except asyncio.CancelledError:
        writer.transport.abort()  # the server ends: what is not sent by now never will be


@contextlib.contextmanager
def errors_to(stream: Stream) -> Iterator[None]:
    """Tell the client about an error in the block.

    A ValueError is told by its text; anything else is an 'Internal error', told to the log.
    """
    try:
        yield
    except ValueError as error:
        stream.write(encode('ERROR', str(error)))
    except OSError:
        raise  # the client is gone: there is nobody to tell
    except Exception:
        logger.exception('Internal error')
        stream.write(encode('ERROR', 'Internal error'))


def read_line(rfile: Any, connection: socket.socket) -> bytes:
    """Return the next line; `b''` if the client has left or is sent away for one over 64 KiB."""
    if time.sleep.__module__ != 'time':  # patched: to threads of the system it would be a burden
        time.sleep(0)  # a green thread that never has to wait would keep all others waiting
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


_lines = itertools.count()


async def async_read_line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """Return the next line; `b''` if the client has left or is sent away for one over 64 KiB."""
    await writer.drain()
    if not next(_lines) % 100:
        await asyncio.sleep(0)  # as in read_line(), where every time costs less
    try:
        return await reader.readline()
    except ValueError:
        writer.write(TOO_LONG)
        writer.write_eof()
        async with asyncio.timeout(PATIENCE):
            while await reader.read(MAX_LINE):
                pass
        return b''


TOO_LONG = encode('ERROR', 'Line over 64 KiB')

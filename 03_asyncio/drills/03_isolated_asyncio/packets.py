"""Answer the packets that a client sends."""

import json
from typing import Any

handlers: dict[str, Any] = {}  # the coroutine function to call for each kind of packet


async def receive(writer: Any, kind: str, data: Any) -> None:
    """Answer a packet; raise ValueError if nobody knows its kind."""
    if kind == 'PING':
        await send(writer, 'PONG', data)
    elif kind in handlers:
        response = await handlers[kind](data)
        await send(writer, kind, response)
    else:
        raise ValueError(f'Invalid packet type {kind}')


async def send(writer: Any, kind: str, data: Any) -> None:
    """Write a packet as one line of JSON, and wait until the client can take more."""
    line = json.dumps([kind, data]) + '\n'
    writer.write(line.encode())
    await writer.drain()

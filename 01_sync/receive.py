"""Stage 1: receive a packet and answer the client that sent it."""

import json
from contextvars import ContextVar
from typing import Any

client: ContextVar[Any] = ContextVar('client')  # the stream of the client being served
handlers: dict[str, Any] = {}  # the function to call for each event, by its name


def receive(packet_type: str, packet_data: Any) -> None:
    """Receive packet from the client."""
    if packet_type == 'PING':
        send_to_client('PONG', packet_data)
    elif packet_type == 'MESSAGE':
        response = trigger_event('message', packet_data)
        send_to_client('MESSAGE', response)
    else:
        raise ValueError('Invalid packet type')


def send_to_client(packet_type: str, packet_data: Any) -> None:
    """Write a packet to the client being served, as one line of JSON."""
    line = json.dumps([packet_type, packet_data]) + '\n'
    client.get().write(line.encode())


def trigger_event(event_name: str, event_data: Any) -> Any:
    """Call the handler of an event and return its response."""
    if event_name not in handlers:
        raise ValueError(f'No handler for {event_name}')
    try:
        response = handlers[event_name](event_data)
    except Exception as error:
        # Whatever the handler raises, even a ValueError, the client is not to blame.
        raise RuntimeError(f'The {event_name} handler failed') from error
    return response

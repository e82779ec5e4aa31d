"""How the servers start, run out of resources and end: options, errors, Ctrl-C."""

import argparse
import errno
import functools
import logging
import os
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from helpers import cli

HOST = '127.0.0.1'
BACKLOG = 1024  # clients that may wait to be accepted
DAY = 24 * 60 * 60  # seconds
OUT_OF_FILES = 'Out of open files: new clients wait. Raise the limit first: ulimit -n 20000'
OUT_OF_THREADS = (
    'Out of threads: new clients are turned away. '
    'Green threads and asyncio need no thread per client.'
)
TOO_MANY_FOR_SELECT = 'too many clients for select(), which is all that eventlet has on Windows'
# Why a server cannot listen on a port. On Windows, the last two are WinError 10048 and 10013.
CANNOT_BIND = {errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL, 10048, 10013}


class ServerMixin:
    """The settings of a socketserver class that are not the subject of the lesson."""

    daemon_threads = True  # Ctrl-C does not wait for the clients
    request_queue_size = BACKLOG
    allow_reuse_address = os.name == 'posix'  # on Windows it would share a port that is taken

    def get_request(self) -> Any:
        """Accept a client; if the system allows no more open files, let it wait."""
        try:
            return super().get_request()  # type: ignore[misc]
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                warn_once(OUT_OF_FILES)
                # The client stays in the queue; without a pause this would be a busy loop.
                time.sleep(0.1)
            raise

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what went wrong with a client: in one line, if there is no thread left for it."""
        error = sys.exception()
        if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
            warn_once(OUT_OF_THREADS)
        elif _exceeds_select(error):
            raise  # the ValueError that socketserver is handling; it ends the server: see main()
        else:
            super().handle_error(request, client_address)  # type: ignore[misc]


def main(serve: Callable[[int, float], Any]) -> None:
    """Call serve(port, delay) with what the command line says.

    Exits with status 130 on Ctrl-C; with 2, and one line, on a usage error or a port in use; with
    1, and one line, if the system cannot go on.
    """
    parser = cli.Parser(
        description='A tiny packet server, one packet a line: ["PING", data] or ["MESSAGE", data].'
    )
    parser.add_argument(
        '--port', type=cli.port_number, default=0, help='port to listen on (default: 0, any)'
    )
    parser.add_argument(
        '--delay', type=_seconds, default=0, help='seconds the message handler waits (default: 0)'
    )
    arguments = parser.parse_args()
    logging.basicConfig(format='%(asctime)s %(levelname)s %(message)s')
    logging.getLogger('asyncio').addFilter(_log_filter)
    cli.handle_sigint()
    try:
        serve(arguments.port, arguments.delay)
    except KeyboardInterrupt:
        sys.exit(cli.INTERRUPTED)
    except ValueError as error:
        if not _exceeds_select(error):
            raise
        parser.exit(1, f'{parser.prog}: {TOO_MANY_FOR_SELECT}\n')
    except OSError as error:
        if error.errno not in CANNOT_BIND:
            raise
        # On POSIX strerror() is shorter than asyncio's own text; on Windows it knows no socket
        # errors.
        reason = os.strerror(error.errno or 0) if os.name == 'posix' else error.strerror
        parser.exit(2, f'{parser.prog}: cannot listen on port {arguments.port}: {reason}\n')


def _exceeds_select(error: BaseException | None) -> bool:
    """Return whether there are more clients than eventlet can wait for on Windows: 512."""
    return isinstance(error, ValueError) and 'in select()' in str(error)


@functools.cache
def warn_once(text: str) -> None:
    """Log a warning, but not the same one again."""
    logging.warning(text)


def _log_filter(record: logging.LogRecord) -> bool:
    """Report a lack of open files once: asyncio logs a thousand tracebacks a second."""
    message = record.getMessage()
    if 'out of system resource' in message:
        warn_once(OUT_OF_FILES)
        return False
    # asyncio retries later, perhaps after the loop has closed: not worth a traceback
    return '_start_serving' not in message


def print_address(server: socket.socket) -> None:
    """Print where the server listens, so that a person or a program can connect."""
    host, port = server.getsockname()
    print(f'listening on {host}:{port}', flush=True)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= DAY:
        raise argparse.ArgumentTypeError(f'{text!r} is not a number of seconds: use 0 to {DAY}')
    return seconds

"""What the servers have in common on the command line: arguments, start-up errors, Ctrl-C."""

import argparse
import errno
import functools
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

HOST = '127.0.0.1'
BACKLOG = 1024  # clients that may wait to be accepted
DAY = 24 * 60 * 60  # seconds
NO_HANDLE = 'Out of file handles: new clients wait. Allow more before the start: ulimit -n 20000'
NO_THREAD = 'Out of threads: new clients are sent away. Green threads and asyncio need none.'


class Settings:
    """The settings of a socketserver class that are not the lesson's subject."""

    daemon_threads = True  # Ctrl-C does not wait for the clients
    request_queue_size = BACKLOG
    allow_reuse_address = os.name == 'posix'  # elsewhere it would share a port that is taken

    def get_request(self) -> Any:
        """Accept a client, if the system has a file handle left; else let it wait."""
        try:
            return super().get_request()  # type: ignore[misc]
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                say_once(NO_HANDLE)
                time.sleep(0.1)  # the client is still there: looking again at once would spin
            raise

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell what went wrong with a client; that there is no thread for it, in one line."""
        error = sys.exception()
        if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
            say_once(NO_THREAD)
        elif _is_beyond_select(error):
            raise  # this ends the server, not only the client: see main()
        else:
            super().handle_error(request, client_address)  # type: ignore[misc]


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Print the message, point to --help, and exit with status 2."""
        self.exit(2, f'{self.prog}: {message} (--help shows the options)\n')


def main(serve: Callable[[int, float], Any]) -> None:
    """Call serve(port, delay) as the command line says.

    Exits with status 130 on Ctrl-C; with 2, and one line, on a wrong argument or a taken port; with
    1, and one line, if the system cannot go on.
    """
    parser = Parser(
        description='A tiny server of packets, one a line: ["PING", data] or ["MESSAGE", data].'
    )
    parser.add_argument(
        '--port', type=port, default=0, help='port to listen on (default: 0, any free one)'
    )
    parser.add_argument(
        '--delay', type=_seconds, default=0, help='seconds the message handler waits (default: 0)'
    )
    arguments = parser.parse_args()
    logging.basicConfig(format='%(asctime)s %(levelname)s %(message)s')
    logging.getLogger('asyncio').addFilter(_in_one_line)
    hear_ctrl_c()
    try:
        serve(arguments.port, arguments.delay)
    except KeyboardInterrupt:
        sys.exit(130)
    except ValueError as error:
        if not _is_beyond_select(error):
            raise
        parser.exit(
            1, f'{parser.prog}: too many clients for select(), all that eventlet has here\n'
        )
    except OSError as error:
        # asyncio's own text is longer; Windows has no other.
        why = os.strerror(error.errno or 0) if os.name == 'posix' else error.strerror
        parser.exit(2, f'{parser.prog}: cannot listen on port {arguments.port}: {why}\n')


def _is_beyond_select(error: BaseException | None) -> bool:
    """Return whether there are more clients than eventlet can wait for on Windows: 512."""
    return isinstance(error, ValueError) and 'in select()' in str(error)


@functools.cache
def say_once(text: str) -> None:
    """Log a warning, but not again."""
    logging.warning(text)


def _in_one_line(record: logging.LogRecord) -> bool:
    """Say it as the other servers do: asyncio logs a traceback, a thousand times a second."""
    message = record.getMessage()
    if 'out of system resource' in message:
        say_once(NO_HANDLE)
        return False
    return '_start_serving' not in message  # it tries again a second later, when it may have ended


def hear_ctrl_c(*others: str) -> None:
    """Let Ctrl-C raise KeyboardInterrupt, also in a background job; and other signals, by name."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # a script's background jobs start so
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.platform == 'win32':
        signal.signal(signal.SIGBREAK, signal.getsignal(signal.SIGINT))  # Ctrl-Break is Ctrl-C
    for name in others:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)


def listening(server: socket.socket) -> None:
    """Print where the server listens, so that a person or a program can connect."""
    host, port = server.getsockname()
    print(f'listening on {host}:{port}', flush=True)


def port(text: str) -> int:
    """Return the port that an argument names; raise ArgumentTypeError if it names none."""
    if not (text.isascii() and text.isdecimal() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f'{text!r} is no port number: use 0 to 65535')
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= DAY:
        raise argparse.ArgumentTypeError(f'{text!r} is no number of seconds: use 0 to {DAY}')
    return seconds

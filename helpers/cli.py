"""What the kit's commands share: the parser, Ctrl-C, and how they print. Standard library only."""

import argparse
import functools
import io
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn

INTERRUPTED = 130  # the exit status of a command that Ctrl-C ended
MARKS = {True: '✔', False: '✘', None: '·'}  # passed, failed, not reached


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that reports a usage error in one line."""

    def error(self, message: str) -> NoReturn:
        """Print the message, point to --help, and exit with status 2."""
        self.exit(2, f'{self.prog}: {message} (--help shows the options)\n')


def port_number(text: str) -> int:
    """Return a port from the command line; raise ArgumentTypeError unless it is 0 to 65535."""
    if not (text.isascii() and text.isdecimal() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f'{text!r} is not a port number: use 0 to 65535')
    return int(text)


def handle_sigint(*others: str) -> None:
    """Let Ctrl-C, and the other signals named, raise KeyboardInterrupt.

    This holds even in a background job.
    """
    # That is how a script's background jobs start.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.platform == 'win32':
        signal.signal(signal.SIGBREAK, signal.getsignal(signal.SIGINT))  # Ctrl-Break is Ctrl-C
    for name in others:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)


def quiet_on_ctrl_c(main: Callable[..., int | None]) -> Callable[..., int | None]:
    """Decorate a command's main().

    On Ctrl-C, SIGTERM or SIGHUP it returns 130, without a traceback.
    """

    @functools.wraps(main)
    def wrapper(*args: Any) -> int | None:
        handle_sigint('SIGTERM', 'SIGHUP')
        try:
            return main(*args)
        except KeyboardInterrupt:
            return INTERRUPTED

    return wrapper


def replace_unprintable_characters() -> None:
    """Let print() replace characters that standard output cannot show, instead of failing."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors='replace')


def console() -> Any:
    """Return a rich Console for standard output; what that cannot show becomes a question mark."""
    from rich.console import Console  # the servers and the doctor run without it

    replace_unprintable_characters()
    return Console(highlight=False)

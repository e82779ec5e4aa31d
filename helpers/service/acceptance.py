"""The acceptance test: the same two clients put the same questions to every server."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Iterator
from typing import IO, Any

from helpers.service.client import Client

# Ctrl-C for another process: on Windows only Ctrl-Break can be sent to one alone.
INTERRUPT = getattr(signal, 'CTRL_BREAK_EVENT', signal.SIGINT)
OWN_GROUP = getattr(subprocess, 'CREATE_NEW_PROCESS_GROUP', 0)
# The four servers: the arguments with which Python runs each, in the kit's folder.
SERVERS = {
    'threads': ['01_sync/server.py'],
    'gevent': ['02_greenlet/green.py', 'gevent'],
    'eventlet': ['02_greenlet/green.py', 'eventlet'],
    'asyncio': ['03_asyncio/async_server.py'],
}


def server_argv(*script: str) -> list[str]:
    """Return the command that runs a server's script.

    The environment variable SERVER_COMMAND, words separated by spaces, takes the script's place:
    the nox sessions use it to measure a server's coverage, and to run it on green threads.
    """
    instead = os.environ.get('SERVER_COMMAND', '').split()
    return [sys.executable, *(instead or script)]


@contextlib.contextmanager
def run_server(*command: str, **options: Any) -> Iterator[int]:
    """Run a server, yield its port, and end it with Ctrl-C.

    The options are subprocess.Popen's. Raises AssertionError if the server does not start, if it
    writes to its log, or if it does not end as it should.
    """
    with (
        tempfile.TemporaryFile('w+', encoding='utf-8', errors='replace') as log,
        _start(command, log, **options) as process,
    ):
        try:
            greeting = process.stdout.readline()
            if not greeting.startswith('listening on '):
                raise AssertionError(f'{command} did not start: {greeting}')
            yield int(greeting.rpartition(':')[2])
        except BaseException as error:
            logged = _end_and_read_log(process, log)
            error.add_note(f'The server wrote to its log: {logged or "nothing"}')
            raise
        logged = _end_and_read_log(process, log)
        if logged or process.returncode not in (0, 130):
            raise AssertionError(f'{command} ended with status {process.returncode}: {logged}')


def _start(command: tuple[str, ...], log: IO[str], **options: Any) -> Any:
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=log,
        encoding='utf-8',
        errors='replace',  # on Windows a learner's server may print in cp1252
        creationflags=OWN_GROUP,
        **options,
    )


def _end_and_read_log(process: subprocess.Popen[str], log: IO[str]) -> str:
    try:
        process.send_signal(INTERRUPT)
        process.wait(timeout=10)
    finally:
        process.kill()
    log.seek(0)
    return log.read()


def check_service(test: unittest.TestCase, port: int) -> None:
    """Check, as a client does, that the server on a port keeps what the kit promises."""
    with Client(port) as alice, Client(port) as bob:
        alice.send('PING', 'from alice')
        test.assertEqual(bob.ask('PING', 'from bob'), ['PONG', 'from bob'])
        test.assertEqual(alice.receive(), ['PONG', 'from alice'])
        test.assertEqual(alice.ask('MESSAGE', {'text': 'hello'}), ['MESSAGE', {'text': 'hello'}])
        test.assertEqual(alice.ask('FOO', 'data'), ['ERROR', 'Invalid packet type'])
        test.assertEqual(alice.ask('PING', 'still here'), ['PONG', 'still here'])
        alice.leave()
        test.assertEqual(bob.ask('PING', 'alone'), ['PONG', 'alone'])
        bob.leave()

"""The acceptance test: one client that asks for the same service from every server."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Iterator
from typing import IO, Any

from helpers.client import Client

# Ctrl-C for another process: on Windows only Ctrl-Break can be sent to one alone.
INTERRUPT = getattr(signal, 'CTRL_BREAK_EVENT', signal.SIGINT)
OWN_GROUP = getattr(subprocess, 'CREATE_NEW_PROCESS_GROUP', 0)
SERVERS = {
    'threads': ['01_sync/server.py'],
    'gevent': ['02_greenlet/green.py', 'gevent'],
    'eventlet': ['02_greenlet/green.py', 'eventlet'],
    'asyncio': ['03_asyncio/async_server.py'],
}


def command(*script: str) -> list[str]:
    """Return the command that runs a script.

    The environment variable SERVER_COMMAND, words separated by spaces, takes the script's place:
    by it the nox sessions measure a server's coverage, and start it on green threads.
    """
    return [sys.executable, *(os.environ.get('SERVER_COMMAND', '').split() or script)]


@contextlib.contextmanager
def running(*server: str, **options: Any) -> Iterator[int]:
    """Run a server, yield its port, end it with Ctrl-C; raise AssertionError if it complains.

    The options are subprocess.Popen's.
    """
    with tempfile.TemporaryFile('w+') as log, _started(server, log, **options) as process:
        try:
            greeting = process.stdout.readline()
            if not greeting.startswith('listening on '):
                raise AssertionError(f'{server} did not start: {greeting}')
            yield int(greeting.rpartition(':')[2])
        except BaseException as error:
            error.add_note(f'The server wrote to its log: {_end(process, log) or "nothing"}')
            raise
        complaints = _end(process, log)
        if complaints or process.returncode not in (0, 130):
            raise AssertionError(f'{server} ended with status {process.returncode}: {complaints}')


def _started(command: tuple[str, ...], log: IO[str], **options: Any) -> Any:
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=log, text=True, creationflags=OWN_GROUP, **options
    )


def _end(process: subprocess.Popen[str], log: IO[str]) -> str:
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

"""The four servers under clients that misbehave, under many clients, and at their end."""

import asyncio
import contextlib
import json
import logging
import signal
import socket
import socketserver
import struct
import subprocess
import sys
import time
import unittest
from importlib.util import find_spec
from pathlib import Path

import pytest

from helpers import _run
from helpers.kit import ROOT
from helpers.service import protocol, serving
from helpers.service.acceptance import SERVERS, check_service, run_server
from helpers.service.client import Client

INSTALLED = [name for name in SERVERS if name in ('threads', 'asyncio') or find_spec(name)]
RESET = struct.pack('ii', 1, 0)  # SO_LINGER: leave with a reset
MANY = 1000


@pytest.fixture(params=INSTALLED)
def server(request):
    """The command that starts a server: a test that takes it runs on all four."""
    script, *arguments = SERVERS[request.param]
    warnings = 'default' if request.param == 'eventlet' else 'error'
    return [sys.executable, '-W', warnings, str(ROOT / script), *arguments]


@pytest.fixture
def port(server):
    with run_server(*server) as port:
        yield port


def eventually(condition, seconds=10):
    """Wait for what another process does and cannot tell; return whether it did."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def allow_open_files(number):
    resource = pytest.importorskip('resource')
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < number:
        pytest.skip(f'the system allows {hard} open files: ulimit -n {number}')
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, number), hard))


def test_the_same_service(port):
    check_service(unittest.TestCase(), port)


@pytest.mark.parametrize(
    ('line', 'why'),
    [
        (b'\n', 'Not a line of JSON in UTF-8'),
        (b'\xff\xfe\n', 'Not a line of JSON in UTF-8'),
        (b'["PING", NaN]\n', 'Not a line of JSON in UTF-8'),
        (b'[' * 60_000 + b'\n', 'Not a line of JSON in UTF-8'),
        (b'["PING", ' + b'[' * 900 + b']' * 900 + b']\n', 'Nested too deep'),
        (b'{"PING": 1}\n', 'Not an array of a type and its data: ["TYPE", data]'),
        (b'[1, "PING"]\n', 'Not an array of a type and its data: ["TYPE", data]'),
        (b'["FOO", 1]\n', 'Invalid packet type'),
    ],
    ids=[
        'empty',
        'not UTF-8',
        'NaN',
        'too deep for json',
        'too deep',
        'object',
        'type no string',
        'unknown type',
    ],
)
def test_an_offender_is_told_and_stays(port, line, why):
    with Client(port) as offender:
        offender.socket.sendall(line)
        assert offender.receive() == ['ERROR', why]
        assert offender.ask('PING', 1) == ['PONG', 1]


def test_the_longest_line(port):
    longest = 'x' * (protocol.MAX_LINE - len('["PING", ""]'))
    with Client(port) as client:
        assert client.ask('PING', longest) == ['PONG', longest]
        assert client.ask('PING', longest + 'x') == ['ERROR', 'Line over 64 KiB']
        with pytest.raises(EOFError):
            client.receive()


def test_ten_megabytes(port):
    with Client(port) as client:
        assert client.ask('PING', 'x' * 10_000_000) == ['ERROR', 'Line over 64 KiB']
        with pytest.raises(EOFError):
            client.receive()


def test_whoever_leaves_leaves_nothing_behind(server):
    psutil = pytest.importorskip('psutil', reason='needs psutil: nox -s tests')
    others = {*psutil.Process().children()}
    with run_server(*server, '--delay', '0.05') as port:
        [process] = {*psutil.Process().children()} - others

        def used():
            handles = process.num_handles() if sys.platform == 'win32' else process.num_fds()
            return process.num_threads(), handles

        with Client(port) as witness:
            witness.ask('PING', 'warm up')
            before = used()
            for last_words in (
                b'',
                b'["PI',
                b'["MESSAGE", 1]\n',
                b'["PING", "%s"]\n' % (b'x' * 60_000) * 50,
            ):
                for linger in [None, RESET] * 3:
                    leaver = socket.create_connection(('127.0.0.1', port))
                    leaver.settimeout(1)
                    if linger:
                        leaver.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    with contextlib.suppress(TimeoutError, ConnectionError):
                        leaver.sendall(last_words)
                    leaver.close()
            assert witness.ask('MESSAGE', 'unharmed') == ['MESSAGE', 'unharmed']
            assert eventually(
                lambda: all(now <= then for now, then in zip(used(), before, strict=True))
            ), f'{before} before, {used()} after'


def test_a_thousand_clients_at_once(server):
    allow_open_files(MANY + 100)

    async def ask(number):
        reader, writer = await asyncio.open_connection('127.0.0.1', port)
        connected.append(number)
        if len(connected) == MANY:
            everyone.set()
        await everyone.wait()
        writer.write(protocol.encode('MESSAGE', number))
        answer = await reader.readline()
        writer.close()
        return json.loads(answer)

    async def ask_all():
        return await asyncio.wait_for(asyncio.gather(*map(ask, range(MANY))), 60)

    connected, everyone = [], asyncio.Event()
    with run_server(*server, '--delay', '0.1') as port:
        assert _run(ask_all()) == [['MESSAGE', number] for number in range(MANY)]


@pytest.mark.parametrize(
    ('server', 'limit', 'number', 'told'),
    [
        *((name, 'NOFILE', 60, 'Out of file handles') for name in INSTALLED),
        ('threads', 'AS', 400 << 20, 'Out of threads'),  # bytes; the stack of a thread is 8 MiB
    ],
    indirect=['server'],
)
def test_a_limit_of_the_system_is_told_in_one_line(server, limit, number, told):
    pytest.importorskip('resource')
    if limit == 'AS' and sys.platform != 'linux':
        pytest.skip('this system does not limit the addresses of a process')
    program = (
        'import resource, runpy, sys\n'
        f'resource.setrlimit(resource.RLIMIT_{limit}, ({number}, {number}))\n'
        'sys.argv = sys.argv[1:]\n'
        f'sys.path.insert(0, {str(Path(server[3]).parent)!r})\n'
        'runpy.run_path(sys.argv[0], run_name="__main__")'
    )
    python, *options = server[:3]
    with pytest.raises(AssertionError) as complaint:
        with run_server(python, *options, '-c', program, *server[3:]) as port:
            with contextlib.ExitStack() as crowd:
                for _ in range(100):
                    crowd.enter_context(Client(port))
                with pytest.raises((TimeoutError, EOFError)):
                    with Client(port, timeout=1) as late:
                        late.ask('PING', 1)
            with Client(port) as client:  # whoever comes later, when others have left, is served
                assert client.ask('PING', 1) == ['PONG', 1]
    log = str(complaint.value)
    assert log.count(told) == 1
    assert 'Traceback' not in log


def test_all_else_is_told_as_ever(capsys):
    class Server(serving.ServerMixin, socketserver.TCPServer):
        pass

    with Server(('127.0.0.1', 0), None) as server:
        try:
            raise RuntimeError('somebody wants a new thread of messages')
        except RuntimeError:
            server.handle_error(None, ('127.0.0.1', 1))
    assert 'Traceback' in capsys.readouterr().err
    record = logging.makeLogRecord({'msg': 'Task was destroyed but it is pending!'})
    assert serving._log_filter(record)


@pytest.mark.parametrize(
    'server', [name for name in INSTALLED if name == 'eventlet'], indirect=True
)
def test_what_select_cannot_do_is_told_in_one_line(server, monkeypatch):
    allow_open_files(MANY + 200)
    monkeypatch.setenv('EVENTLET_HUB', 'selects')  # which is what it has on Windows
    with pytest.raises(AssertionError, match='too many clients for select') as told:
        with run_server(*server) as port, contextlib.ExitStack() as crowd:
            with pytest.raises((ConnectionError, EOFError)):
                for number in range(MANY + 100):
                    crowd.enter_context(Client(port)).ask('PING', number)
    assert 'Traceback' not in str(told.value)


def test_a_greedy_client_does_not_starve_the_others(port):
    lines = 20_000

    async def flood():
        reader, writer = await asyncio.open_connection('127.0.0.1', port)
        writer.write(b'\n' * lines)
        for _ in range(lines):
            await reader.readline()
            answers.append(1)
            begun.set()
        writer.close()

    async def ask():
        await begun.wait()
        reader, writer = await asyncio.open_connection('127.0.0.1', port)
        writer.write(protocol.encode('PING', 'me too'))
        await reader.readline()
        writer.close()
        return len(answers)

    async def both():
        return await asyncio.gather(ask(), flood())

    answers, begun = [], asyncio.Event()
    assert _run(both())[0] < lines


def test_ctrl_c_while_a_crowd_connects(server):
    with contextlib.ExitStack() as crowd, run_server(*server) as port:
        for _ in range(50):
            crowd.enter_context(socket.create_connection(('127.0.0.1', port)))


def test_ctrl_c_with_clients_connected(server):
    with (
        run_server(*server, '--delay', '60') as port,
        Client(port) as idle,
        Client(port) as waiting,
    ):
        waiting.send('MESSAGE', 'never answered')
        assert idle.ask('PING', 1) == ['PONG', 1]
        # run_server() sends Ctrl-C here, and checks the status and that nothing is printed.


def test_ctrl_c_reaches_a_background_job(server):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a script does; children inherit it
    try:
        with run_server(*server):
            pass
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_port_that_is_taken(server, port):
    second = subprocess.run(
        [*server, '--port', str(port)], capture_output=True, text=True, timeout=10
    )
    assert (second.returncode, second.stdout) == (2, '')
    assert second.stderr.splitlines()[-1].partition(f'cannot listen on port {port}: ')[2]


@pytest.mark.parametrize(
    'wrong', ['--port=http', '--port=65536', '--port=-1', '--delay=-1', '--delay=nan', '--speed=9']
)
def test_a_wrong_argument(server, wrong):
    ended = subprocess.run([*server, wrong], capture_output=True, text=True, timeout=10)
    assert (ended.returncode, ended.stdout) == (2, '')
    assert wrong.partition('=')[0] in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    'error',
    [
        'ValueError',
        'OSError',
        'SystemExit',
        'KeyboardInterrupt',
        '__import__("asyncio").CancelledError',
    ],
)
@pytest.mark.parametrize(
    ('server', 'module'), [('threads', 'time'), ('asyncio', 'asyncio')], indirect=['server']
)
def test_a_handler_that_raises(server, module, error):
    # The shipped handler only sleeps: make that raise.
    program = (
        f'import runpy, sys, {module}\n'
        f'sleep = {module}.sleep\n'
        f'def fail(delay):\n  if not delay: return sleep(0)\n  raise {error}("secret")\n'
        f'{module}.sleep = fail\n'
        f'sys.path.insert(0, {str(Path(server[-1]).parent)!r})\n'
        f'runpy.run_path({server[-1]!r}, run_name="__main__")'
    )
    with pytest.raises(AssertionError, match='(?s)Traceback.*secret'):
        with (
            run_server(sys.executable, '-c', program, '--delay', '1') as port,
            Client(port) as client,
        ):
            assert client.ask('MESSAGE', 1) == ['ERROR', 'Internal error']
            assert client.ask('PING', 2) == ['PONG', 2]

"""The four servers under clients that misbehave, under many clients, and at their end."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import socketserver
import struct
import subprocess
import sys
import time
import unittest
from pathlib import Path

import pytest

from helpers import _run
from helpers.kit import ROOT
from helpers.service import protocol, serving
from helpers.service.acceptance import SERVERS, check_service, run_server
from helpers.service.client import Client
from helpers.tests import INSTALLED, launched

PROGRAMS = Path(__file__).with_name('programs')
RAISING_HANDLER = {  # the four servers, with a handler that raises what a client names
    'threads': [PROGRAMS / 'raising_handler.py'],
    'gevent': [ROOT / '02_greenlet/green.py', 'gevent', '-m', 'raising_handler'],
    'eventlet': [ROOT / '02_greenlet/green.py', 'eventlet', '-m', 'raising_handler'],
    'asyncio': [PROGRAMS / 'async_raising_handler.py'],
}
RESET = struct.pack('ii', 1, 0)  # SO_LINGER: leave with a reset
MANY = 1000


@pytest.fixture(params=INSTALLED, scope='module')
def server(request):
    """Return the command that starts a server; a test that takes it runs on all four."""
    script, *arguments = SERVERS[request.param]
    warnings = 'default' if request.param == 'eventlet' else 'error'
    return [sys.executable, '-W', warnings, str(ROOT / script), *arguments]


@pytest.fixture(scope='module')
def port(server):
    """Return the port of a server that several tests share."""
    with run_server(*server) as port:
        yield port


def run_to_its_end(*command):
    return subprocess.run(command, capture_output=True, encoding='utf-8', timeout=10)


def eventually(condition, seconds=10):
    """Wait for another process, which does not say when it is done; return whether it was."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def allow_open_files(number):
    if sys.platform == 'win32':
        return  # it has no such limit
    resource = pytest.importorskip('resource')
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < number:
        pytest.skip(f'the system allows {hard} open files: ulimit -n {number}')
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, number), hard))


def test_every_server_offers_the_same_service(port):
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
def test_a_bad_packet_gets_an_error_and_the_connection_stays(port, line, why):
    with Client(port) as offender:
        offender.socket.sendall(line)
        assert offender.receive() == ['ERROR', why]
        assert offender.ask('PING', 1) == ['PONG', 1]


def test_a_line_over_64_kib_ends_the_connection(port):
    longest = 'x' * (protocol.MAX_LINE - len('["PING", ""]'))
    with Client(port) as client:
        assert client.ask('PING', longest) == ['PONG', longest]
        assert client.ask('PING', longest + 'x') == ['ERROR', 'Line over 64 KiB']
        with pytest.raises(EOFError):
            client.receive()


def test_a_line_of_ten_megabytes_gets_its_error(port):
    with Client(port) as client:
        assert client.ask('PING', 'x' * 10_000_000) == ['ERROR', 'Line over 64 KiB']
        with pytest.raises(EOFError):
            client.receive()


def test_clients_that_leave_free_their_threads_and_files(server):
    psutil = pytest.importorskip('psutil', reason='needs psutil: nox -s tests')
    others = {*psutil.Process().children()}
    with run_server(*server, '--delay', '0.05') as port:
        [process] = {*psutil.Process().children()} - others
        process = [process, *process.children(recursive=True)][launched()]

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
                    if linger and sys.platform == 'win32':
                        # Wait until it is accepted: a reset before that ends what listens in
                        # asyncio's server there, https://github.com/python/cpython/issues/93821
                        leaver.sendall(b'["PING", 1]\n')
                        leaver.recv(100)
                    if linger:
                        leaver.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    with contextlib.suppress(TimeoutError, ConnectionError):
                        leaver.sendall(last_words)
                    leaver.close()
            assert witness.ask('MESSAGE', 'unharmed') == ['MESSAGE', 'unharmed']
            assert eventually(
                lambda: all(now <= then for now, then in zip(used(), before, strict=True))
            ), f'{before} before, {used()} after'


def test_serves_a_thousand_clients_at_once(server):
    if sys.platform == 'win32' and 'eventlet' in server:
        pytest.skip('eventlet has only select() there, which takes 512 clients')
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


def run_limited(name, number, server):
    """Run a server under a limit of the system, where there are such limits."""
    resource = pytest.importorskip('resource')
    if not hasattr(resource, name):
        pytest.skip(f'this system has no {name}')
    python = server[0]
    return run_server(python, str(PROGRAMS / 'limited.py'), name, str(number), *server)


def is_served(port):
    """Return whether a new client gets an answer, and is not turned away."""
    try:
        with Client(port) as client:
            return client.ask('PING', 1) == ['PONG', 1]
    except (EOFError, ConnectionError):
        return False


def test_warns_once_when_out_of_open_files_and_serves_clients_later(server):
    with pytest.raises(AssertionError) as complaint:
        with run_limited('RLIMIT_NOFILE', 60, server) as port:
            with contextlib.ExitStack() as crowd:
                for _ in range(100):
                    crowd.enter_context(Client(port))
                with pytest.raises(TimeoutError), Client(port, timeout=0.2) as late:
                    late.ask('PING', 1)
            with Client(port) as client:
                assert client.ask('PING', 1) == ['PONG', 1]
    log = str(complaint.value)
    assert log.count('Out of open files') == 1
    assert 'Traceback' not in log


@pytest.mark.skipif(sys.platform != 'linux', reason='RLIMIT_AS has no effect here')
@pytest.mark.parametrize('server', ['threads'], indirect=True)
def test_warns_once_when_out_of_threads_and_serves_clients_later(server):
    enough_for_some = 400 * 1024 * 1024  # bytes of addresses; the stack of a thread takes 8 MiB
    with pytest.raises(AssertionError) as complaint:
        with run_limited('RLIMIT_AS', enough_for_some, server) as port:
            with contextlib.ExitStack() as crowd:
                for _ in range(100):
                    crowd.enter_context(Client(port))
                with pytest.raises(EOFError), Client(port) as late:
                    late.receive()
            assert eventually(lambda: is_served(port))  # once the threads of the crowd have ended
    log = str(complaint.value)
    assert log.count('Out of threads') == 1
    assert 'Traceback' not in log


def test_reports_any_other_error_with_its_traceback(capsys):
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
def test_too_many_clients_for_select_end_the_server_with_one_line(server, monkeypatch):
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


def test_ctrl_c_while_many_clients_connect_ends_quietly(server):
    with contextlib.ExitStack() as crowd, run_server(*server) as port:
        for _ in range(50):
            crowd.enter_context(socket.create_connection(('127.0.0.1', port)))


def test_ctrl_c_with_clients_connected_ends_quietly(server):
    with (
        run_server(*server, '--delay', '60') as port,
        Client(port) as idle,
        Client(port) as waiting,
    ):
        waiting.send('MESSAGE', 'never answered')
        assert idle.ask('PING', 1) == ['PONG', 1]
        # run_server() sends Ctrl-C here, and checks the status and that nothing is printed.


def test_ctrl_c_ends_a_background_job(server):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a script does; children inherit it
    try:
        with run_server(*server):
            pass
    finally:
        signal.signal(signal.SIGINT, before)


def test_refuses_a_port_in_use_in_one_line(server, port):
    second = run_to_its_end(*server, '--port', str(port))
    assert (second.returncode, second.stdout) == (2, '')
    assert second.stderr.splitlines()[-1].partition(f'cannot listen on port {port}: ')[2]


def test_every_server_refuses_a_wrong_argument(server):
    ended = run_to_its_end(*server, '--port=http')
    assert (ended.returncode, ended.stdout) == (2, '')
    assert "'http' is not a port number" in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    'wrong', ['--port=http', '--port=65536', '--port=-1', '--delay=-1', '--delay=nan', '--speed=9']
)
def test_refuses_a_wrong_argument_in_one_line(wrong, monkeypatch, capsys):
    def serve(*_):
        raise AssertionError(f'{wrong} was accepted')

    monkeypatch.setattr(sys, 'argv', ['server.py', wrong])
    with pytest.raises(SystemExit) as ended:
        serving.main(serve)
    output, errors = capsys.readouterr()
    assert (ended.value.code, output, errors.count('\n')) == (2, '', 1)
    assert wrong.partition('=')[0] in errors


@pytest.mark.parametrize('name', INSTALLED)
def test_reports_whatever_a_handler_raises_and_keeps_the_connection(name):
    command = [sys.executable, *map(str, RAISING_HANDLER[name])]
    environment = os.environ | {'PYTHONPATH': str(PROGRAMS)}
    errors = ['ValueError', 'OSError', 'SystemExit', 'KeyboardInterrupt', 'CancelledError']
    answers = []
    with pytest.raises(AssertionError) as complaint:
        with run_server(*command, env=environment) as port, Client(port) as client:
            for error in errors:
                answers.append(client.ask('MESSAGE', error))
                answers.append(client.ask('PING', error))
    expected = []
    for error in errors:
        expected += [['ERROR', 'Internal error'], ['PONG', error]]
    assert answers == expected
    log = str(complaint.value)
    assert log.count('ERROR Internal error') == len(errors)
    for error in errors:
        assert f'{error}: secret' in log

"""Tests of `nox -s load`: the clients, the floors, the limits, the picture, the command."""

import json
import os
import select
import socketserver
import subprocess
import sys
import threading
from dataclasses import replace
from importlib.util import find_spec

import psutil
import pytest

from helpers.kit import ROOT
from helpers.measure.load import __main__ as load
from helpers.measure.load import limits, measure, report
from helpers.measure.load.crowd import percentile
from helpers.measure.load.picture import picture
from helpers.measure.load.report import LeftOut, Report
from helpers.service.acceptance import INTERRUPT, OWN_GROUP, SERVERS, run_server
from helpers.service.client import Client
from helpers.service.serving import HOST
from slides import blocks

DRAWN = ROOT / 'slides/drawings/load.svg'
INSTALLED = [name for name in SERVERS if name in ('threads', 'asyncio') or find_spec(name)]
linux = pytest.mark.skipif(sys.platform != 'linux', reason='of Linux')
RUN = measure.Run('threads', False, 10, 40.0, 0.2, 0.3, 25.0, 11, 14, 0)
MACHINE = {'processor': 'CPU', 'cores': 2, 'system': 'OS', 'python': '3', 'date': '2026-01-01'}


def crowd(port, clients=5, seconds='0.2'):
    command = [sys.executable, '-m', 'helpers.measure.load.crowd', str(port), str(clients), seconds]
    return json.loads(subprocess.check_output(command, cwd=ROOT, timeout=60))


def a_report(*left_out):
    floors = [replace(RUN, floor=True, rate=44.0 + n) for n in range(3)]
    return Report(MACHINE, 0.2, 1, 3, [*left_out], [RUN, *floors])


def command(*arguments):
    return [sys.executable, '-m', 'helpers.measure.load', *arguments]


@pytest.mark.parametrize('name', INSTALLED)
def test_a_crowd_and_a_server_lose_nothing(name):
    run = measure.measure(name, False, 20, 0.2, 0.01)
    assert run.lost == 0
    assert 0.01 <= run.p50 <= run.p99
    assert run.rate > 0
    assert run.memory > 1
    assert run.handles > 20
    assert (run.threads > 20) is (name == 'threads')


@pytest.mark.parametrize(
    ('answers', 'counted'),
    [
        ([b'["MESSAGE", 0]\n'] * 2, {'sent': 10, 'answered': 0, 'wrong': 10, 'hung_up': 0}),
        ([None, b''], {'sent': 10, 'answered': 5, 'wrong': 0, 'hung_up': 5}),
        ([b''], {'sent': 10, 'answered': 0, 'wrong': 0, 'hung_up': 5}),
    ],
    ids=['answers wrong', 'hangs up later', 'hangs up at once'],
)
def test_a_crowd_counts_what_a_server_loses(answers, counted):
    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            for answer, line in zip(answers, self.rfile, strict=False):
                if answer == b'':
                    return  # it hangs up
                self.wfile.write(line if answer is None else answer)
            self.rfile.read(1)  # until the client leaves

        def finish(self):
            pass  # nothing is buffered, and the client may be gone

    class Server(socketserver.ThreadingTCPServer):
        def handle_error(self, *_):
            pass  # the crowd leaves with a reset

    with Server((HOST, 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            found = crowd(server.server_address[1], seconds='0')
        finally:
            server.shutdown()
    assert {name: found[name] for name in counted} == counted


@pytest.mark.parametrize('name', INSTALLED)
def test_the_floors_echo(name):
    path = os.environ | {'PYTHONPATH': str(ROOT)}
    with run_server(sys.executable, *measure.FLOORS[name], cwd=ROOT, env=path) as port:
        with Client(port) as client, Client(port) as idle:
            assert client.ask('NOTHING', 1) == ['NOTHING', 1]
            idle.send('NOTHING', 2)
            assert client.ask('MORE', 3) == ['MORE', 3]


def test_a_server_that_does_not_start_or_complains(monkeypatch):
    talks = ['-X', 'importtime', *SERVERS['threads']]  # on stderr
    monkeypatch.setitem(measure.SERVERS, 'threads', ['-c', 'print("no")'])
    with pytest.raises(measure.Failed, match='did not start'):
        measure.measure('threads', False, 1, 0.1, 0)
    monkeypatch.setitem(measure.SERVERS, 'threads', talks)
    with pytest.raises(measure.Failed, match='log'):
        measure.measure('threads', False, 1, 0.1, 0)


@linux
@pytest.mark.parametrize(
    ('membership', 'group'),
    [('8:pids:/a/b\n0::/\n', 'pids/a'), ('0::/a/b\n', 'a'), ('8:pids:/elsewhere\n', 'pids')],
)
def test_a_limit_of_threads(monkeypatch, tmp_path, membership, group):
    files = {
        'proc/self/cgroup': membership,
        f'sys/fs/cgroup/{group}/pids.max': '4096\n',
        f'sys/fs/cgroup/{group}/pids.current': '96\n',
        'proc/sys/kernel/threads-max': '8000\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding='utf-8')
    monkeypatch.setattr(limits, 'SYSTEM', tmp_path)
    found = [limit for limit in limits.limits(10_000) if limit.server == 'threads']
    assert [limit.clients for limit in found[:2]] == [3900, 7900]
    assert found[0].why == '4,000 threads at most (pids.max)'
    assert 'pids-limit 10196' in found[0].cure
    assert found[0].forbids('threads', 3901)
    assert not found[0].forbids('threads', 3900)
    assert not found[0].forbids('asyncio', 10_000)


def test_a_limit_of_open_files(monkeypatch):
    resource = pytest.importorskip('resource')
    raised = []
    monkeypatch.setattr(resource, 'getrlimit', lambda _: (1024, 4096))
    monkeypatch.setattr(resource, 'setrlimit', lambda _, limit: raised.append(limit))
    assert not [limit for limit in limits.limits(1000) if 'files' in limit.why]
    [limit] = [limit for limit in limits.limits(10_000) if 'files' in limit.why]
    assert raised == [(1100, 4096), (4096, 4096)]
    assert limit.forbids('asyncio', 4000)
    assert not limit.forbids('asyncio', 3996)
    assert '10100' in limit.cure


def test_a_limit_of_select(monkeypatch):
    for name in 'epoll', 'kqueue', 'poll':
        monkeypatch.delattr(select, name, raising=False)
    assert [limit.server for limit in limits.limits(500) if 'select' in limit.why] == ['eventlet']


def test_what_is_left_out_is_told_and_drawn(monkeypatch, tmp_path, capsys):
    limit = limits.Limit('threads', 5, '4,096 threads at most (pids.max)', 'more of them')
    monkeypatch.setattr(load, 'limits', lambda clients: [limit])
    monkeypatch.setattr(load, 'handle_sigint', lambda *_: None)
    files = ['--json', str(tmp_path / 'a.json'), '--svg', str(tmp_path / 'a b.svg')]
    few = ['--servers', 'threads', '--clients', '1', '10', '--repeats', '1', '--seconds', '0.1']
    monkeypatch.setattr(sys, 'argv', ['load', *few, *files])
    assert load.main() == 0
    words = 'threads at 10 clients: 4,096 threads at most (pids.max)'
    assert f'left out, {words}; cure: more of them\n' in capsys.readouterr().out
    svg = blocks.drawing(tmp_path / 'a b.svg')
    assert f'>× {words}</text>' in svg
    assert {run.clients for run in report.load(tmp_path / 'a.json').runs} == {1}


def test_a_server_that_fails_is_given_up(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(measure.SERVERS, 'threads', ['-c', 'print("no")'])
    monkeypatch.setattr(load, 'handle_sigint', lambda *_: None)
    few = ['--servers', 'threads', '--clients', '1', '--repeats', '2', '--seconds', '0.1']
    monkeypatch.setattr(sys, 'argv', ['load', *few, '--json', str(tmp_path / 'a.json')])
    assert load.main() == 0
    assert capsys.readouterr().out.count('given up, threads at 1 clients: it did not start') == 1
    given_up = report.load(tmp_path / 'a.json')
    assert given_up.runs == []
    assert [reached for reached, _ in report.aims(given_up)] == [None, False]


def test_the_figures():
    runs = [replace(RUN, rate=rate, lost=1) for rate in (10.0, 20.0, 60.0)]
    floors = [replace(RUN, floor=True, rate=30.0)]
    told = Report(MACHINE, 0.2, 1, 3, [], [*runs, *floors])
    assert told.medians()['threads', False, 10] == replace(RUN, rate=20.0, lost=3)
    assert told.slower() == {('threads', 10): 1.5}
    assert [reached for reached, _ in report.aims(told)] == [False, False]
    assert 'threads at 10 (1.50)' in next(report.aims(told))[1]
    assert [reached for reached, _ in report.aims(a_report())] == [True, True]


def test_the_answer():
    gevent = replace(RUN, server='gevent', rate=80.0, threads=1, memory=50.0)
    told = report.answer(Report(MACHINE, 0.2, 1, 3, [], [RUN, gevent]))
    assert 'gevent 2.00 times the requests on 1 OS thread(s) and 2.00 times the memory' in told


def test_percentiles():
    times = [float(time) for time in range(1, 201)]
    assert [percentile(times, 50), percentile(times, 99), percentile([], 99)] == [100, 198, 0]


def test_a_floor_is_no_server_of_ours(monkeypatch):
    monkeypatch.setitem(measure.SERVERS, 'threads', ['-c', 'print("no")'])
    assert measure.measure('threads', True, 2, 0.1, 0.1).p50 >= 0.1


def test_a_file_has_all_of_a_report(tmp_path):
    told = a_report(LeftOut('threads', True, 100, 'why'))
    told.save(tmp_path / 'a.json')
    assert report.load(tmp_path / 'a.json') == told


def test_a_picture_marks_what_was_left_out():
    crosses = [
        picture(a_report(*missing)).count('m-8 -8')
        for missing in (
            [],
            [LeftOut('gevent', False, 10, 'why'), LeftOut('asyncio', False, 1000, 'why')],
            [LeftOut('gevent', True, 10, 'why')],
        )
    ]
    assert crosses == [0, 8, 0]


def test_the_picture_of_the_lesson_is_up_to_date():
    assert DRAWN.read_text(encoding='utf-8') == picture(report.load(DRAWN.with_suffix('.json')))
    assert blocks.drawing(DRAWN)


@pytest.mark.parametrize(
    'wrong',
    [
        '--clients 0',
        '--clients many',
        '--seconds nan',
        '--seconds 0',
        '--repeats 1.5',
        '--servers twisted',
        '--svg no/such/folder/a.svg',
        '--draw no.json',
        '--draw pyproject.toml',
    ],
)
def test_a_wrong_argument(wrong):
    ended = subprocess.run(
        command(*wrong.split()), cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert (ended.returncode, ended.stdout) == (2, '')
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize('to_all', [True, False], ids=['as a terminal does', 'to it alone'])
def test_ctrl_c_is_quiet_and_leaves_no_process(to_all):
    alone = {'creationflags': OWN_GROUP} if os.name == 'nt' else {'process_group': 0}
    with subprocess.Popen(
        command('--servers', 'asyncio', '--clients', '1', '--seconds', '60'),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **alone,
    ) as main:
        others = []
        while not any('helpers.measure.load.crowd' in other.cmdline() for other in others):
            assert main.poll() is None
            others = psutil.Process(main.pid).children(recursive=True)
        if to_all and os.name == 'posix':
            os.killpg(main.pid, INTERRUPT)
        else:
            main.send_signal(INTERRUPT)
        _, complaints = main.communicate(timeout=30)
    assert (main.returncode, complaints) == (130, '')
    assert len(others) >= 2
    assert psutil.wait_procs(others, timeout=10)[1] == []

"""Tests of `nox -s load`: the clients, the baselines, what fails, the charts, the command."""

import json
import os
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
from helpers.measure.load import results, run
from helpers.measure.load.generator import percentile
from helpers.measure.load.results import Results, check_aims, medians
from helpers.service.acceptance import INTERRUPT, OWN_GROUP, SERVERS, run_server
from helpers.service.client import Client
from helpers.service.serving import HOST

DRAWINGS = ROOT / 'slides/drawings'
INSTALLED = [name for name in SERVERS if name in ('threads', 'asyncio') or find_spec(name)]
RUN = run.Run('threads', False, 10, 40.0, 0.2, 0.3, 25.0, 11, 14, 0)


def generate(port, clients=5, seconds='0.2'):
    module = ['-m', 'helpers.measure.load.generator']
    command = [sys.executable, *module, str(port), str(clients), seconds]
    return json.loads(subprocess.check_output(command, cwd=ROOT, timeout=60))


def command(*arguments):
    return [sys.executable, '-m', 'helpers.measure.load', *arguments]


@pytest.mark.parametrize('name', INSTALLED)
def test_measures_a_server_that_loses_nothing(name):
    measured = run.measure(name, False, 20, 0.2, 0.01)
    assert measured.lost == 0
    assert 0.01 <= measured.p50 <= measured.p99
    assert measured.rate > 0
    assert measured.memory > 1
    assert measured.files > 20
    assert (measured.threads > 20) is (name == 'threads')


@pytest.mark.parametrize(
    ('answers', 'counted'),
    [
        ([b'["MESSAGE", 0]\n'] * 2, {'sent': 10, 'answered': 0, 'wrong': 10, 'hung_up': 0}),
        ([None, b''], {'sent': 10, 'answered': 5, 'wrong': 0, 'hung_up': 5}),
        ([b''], {'sent': 10, 'answered': 0, 'wrong': 0, 'hung_up': 5}),
    ],
    ids=['answers wrong', 'hangs up later', 'hangs up at once'],
)
def test_counts_the_answers_that_a_server_loses(answers, counted):
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
            pass  # the clients leave with a reset

    with Server((HOST, 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            found = generate(server.server_address[1], seconds='0')
        finally:
            server.shutdown()
    assert {name: found[name] for name in counted} == counted


@pytest.mark.parametrize('name', INSTALLED)
def test_baselines_echo(name):
    path = os.environ | {'PYTHONPATH': str(ROOT)}
    with run_server(sys.executable, *run.BASELINES[name], cwd=ROOT, env=path) as port:
        with Client(port) as client, Client(port) as idle:
            assert client.ask('NOTHING', 1) == ['NOTHING', 1]
            idle.send('NOTHING', 2)
            assert client.ask('MORE', 3) == ['MORE', 3]


def test_reports_why_a_server_failed(monkeypatch):
    monkeypatch.setitem(run.SERVERS, 'threads', ['-c', 'raise SystemExit("no threads here")'])
    with pytest.raises(run.Failed, match='server: no threads here'):
        run.measure('threads', False, 1, 0.1, 0)


def test_reports_what_a_server_wrote_to_its_log(monkeypatch):
    monkeypatch.setitem(run.SERVERS, 'threads', ['-X', 'importtime', *SERVERS['threads']])
    with pytest.raises(run.Failed, match='import time'):
        run.measure('threads', False, 1, 0.1, 0)


def test_reports_a_failure_in_one_line_and_goes_on(monkeypatch, tmp_path, capsys):
    pytest.importorskip('matplotlib', reason='matplotlib is there in `nox -s load` only')
    monkeypatch.setitem(run.SERVERS, 'threads', ['-c', 'raise SystemExit("no threads here")'])
    few = ['--servers', 'threads', '--clients', '1', '--fast', '--save', str(tmp_path)]
    monkeypatch.setattr(sys, 'argv', ['load', *few])
    assert load.main() == 0
    assert capsys.readouterr().out.count('failed: threads at 1: ') == 1
    saved = results.load(tmp_path / 'load.json')
    assert [measured.baseline for measured in saved.runs] == [True]
    assert 'no threads here' in saved.failed[0]
    assert (tmp_path / 'load.png').stat().st_size > 1000


def test_raises_the_limit_of_open_files(monkeypatch):
    resource = pytest.importorskip('resource')
    raised = []
    monkeypatch.setattr(resource, 'getrlimit', lambda _: (1024, 4096))
    monkeypatch.setattr(resource, 'setrlimit', lambda _, limit: raised.append(limit))
    load.raise_open_files_limit(1000)
    load.raise_open_files_limit(2000)
    load.raise_open_files_limit(10_000)
    assert raised == [(2000, 4096), (4096, 4096)]


def test_takes_medians_and_adds_what_was_lost():
    runs = [replace(RUN, rate=rate, lost=1) for rate in (10.0, 20.0, 60.0)]
    assert medians(runs) == replace(RUN, rate=20.0, lost=3)


def test_reports_which_aims_were_missed():
    good = Results({}, [RUN, replace(RUN, baseline=True, rate=50.0)])
    assert [reached for reached, _ in check_aims(good)] == [True, True, True]
    bad = Results({}, [replace(RUN, lost=3), replace(RUN, baseline=True, rate=51.0)], ['why'])
    missed = list(check_aims(bad))
    assert [reached for reached, _ in missed] == [False, False, False]
    assert 'threads at 10 (3)' in missed[1][1]


def test_finds_percentiles():
    times = [float(time) for time in range(1, 201)]
    assert [percentile(times, 50), percentile(times, 99), percentile([], 99)] == [100, 198, 0]


def test_loads_what_it_saved(tmp_path):
    saved = Results({'wait': 0.2}, [RUN, replace(RUN, baseline=True)], ['why'])
    saved.save(tmp_path / 'a.json')
    assert results.load(tmp_path / 'a.json') == saved


def test_the_charts_are_drawn_from_the_measurements_beside_them():
    assert len(results.load(DRAWINGS / 'load.json').runs) == 40
    assert (DRAWINGS / 'load.png').stat().st_size < 200_000
    assert (DRAWINGS / 'load-all.png').stat().st_size < 300_000


@pytest.mark.parametrize(
    'wrong',
    [
        '--clients 0',
        '--clients many',
        '--servers twisted',
        '--save no/such/folder',
        '--redraw helpers',
    ],
)
def test_reports_a_wrong_argument_in_one_line(wrong, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, 'argv', ['load', *wrong.split()])
    with pytest.raises(SystemExit) as ended:
        load.main()
    output, errors = capsys.readouterr()
    assert (ended.value.code, output) == (2, '')
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize('to_all', [True, False], ids=['as a terminal does', 'to it alone'])
def test_ctrl_c_is_quiet_and_leaves_no_process(to_all):
    alone = {'creationflags': OWN_GROUP} if os.name == 'nt' else {'process_group': 0}
    with subprocess.Popen(
        command('--servers', 'asyncio', '--clients', '1'),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **alone,
    ) as main:
        others = []
        while not any('helpers.measure.load.generator' in other.cmdline() for other in others):
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

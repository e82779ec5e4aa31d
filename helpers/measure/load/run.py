"""Measure one server under load; server and clients each have a process of their own."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

import psutil

from helpers.kit import ROOT
from helpers.service.acceptance import SERVERS, run_server

ECHO = ['-m', 'helpers.measure.load.baseline']
BASELINES = {
    'threads': [*ECHO, 'threads'],
    'gevent': [*SERVERS['gevent'], *ECHO, 'threads'],
    'eventlet': [*SERVERS['eventlet'], *ECHO, 'threads'],
    'asyncio': [*ECHO, 'asyncio'],
}
EVERY = 0.1  # seconds from one look at a server's process to the next


class Failed(Exception):
    """A server or its clients failed: what happened, in one line."""


@dataclass(frozen=True)
class Run:
    """What was measured in one run, or the medians of several.

    `rate`: answers per second. `p50`, `p99`: seconds. `memory`: MB. `memory`, `threads` and
    `files` (open files, sockets among them) are the most that was seen. `lost`: requests without
    their answer.
    """

    server: str
    baseline: bool
    clients: int
    rate: float
    p50: float
    p99: float
    memory: float
    threads: int
    files: int
    lost: int


def measure(server: str, baseline: bool, clients: int, seconds: float, wait: float) -> Run:
    """Run a server, or its baseline, whose handler waits, and clients that ask for some seconds.

    Raises Failed, with the reason, if the server or the clients fail.
    """
    command = [sys.executable, *(BASELINES if baseline else SERVERS)[server], '--delay', str(wait)]
    env = os.environ | {'PYTHONPATH': str(ROOT)}  # where green.py finds helpers.measure.load
    others = {*psutil.Process().children()}
    counted: dict[str, Any] = {}
    try:
        with run_server(*command, cwd=ROOT, env=env) as port:
            [process] = {*psutil.Process().children()} - others
            # On Windows an environment's python only starts another one, which does the work.
            watched = [process, *process.children(recursive=True)][-1]
            counted, peak = _run_clients(port, clients, seconds, watched)
    except (AssertionError, Failed, psutil.Error) as error:
        raise Failed(_reason(error, command)) from error
    except subprocess.TimeoutExpired as error:  # it was slow to end, and has been killed
        if not counted:
            raise Failed(_reason(error, command)) from error
    return Run(
        server,
        baseline,
        clients,
        rate=counted['rate'],
        p50=counted['p50'],
        p99=counted['p99'],
        memory=peak['memory'],
        threads=peak['threads'],
        files=peak['files'],
        lost=counted['sent'] - counted['answered'],
    )


def _run_clients(
    port: int, clients: int, seconds: float, watched: psutil.Process
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the clients counted, and the most that the server's process took."""
    generator = [sys.executable, '-m', 'helpers.measure.load.generator']
    with subprocess.Popen(  # it ends at the latest when the server hangs up
        [*generator, str(port), str(clients), str(seconds)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as asking:
        peak = _peak(watched, asking)
        counted, complaint = asking.communicate()
    if asking.returncode:
        raise Failed(f'clients: {complaint.strip().splitlines()[-1]}')
    return json.loads(counted), peak


def _reason(error: Exception, command: list[str]) -> str:
    """Return the last line of the error, and the last line of the server's log."""
    lines = [str(error).removeprefix(f'{tuple(command)} ')]
    for note in getattr(error, '__notes__', []):
        log = note.removeprefix('The server wrote to its log: ')
        if log != 'nothing':
            lines.append(f'server: {log}')
    words = [text.strip().splitlines()[-1] for text in lines if text.strip()]
    return '; '.join(words)


def _peak(process: psutil.Process, asking: subprocess.Popen[str]) -> dict[str, Any]:
    """Return the most that a process took while the clients were asking."""
    peak: dict[str, Any] = {'memory': 0.0, 'threads': 0, 'files': 0}
    while True:
        over = asking.poll() is not None
        now = process.memory_info().rss / 1e6, process.num_threads(), _open_files(process)
        peak = {name: max(most, new) for (name, most), new in zip(peak.items(), now, strict=True)}
        if over:
            return peak
        time.sleep(EVERY)


def _open_files(process: psutil.Process) -> int:
    if sys.platform == 'win32':
        return process.num_handles()
    return process.num_fds()

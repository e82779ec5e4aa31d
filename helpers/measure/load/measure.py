"""Measure one server under one crowd, each in a process of its own."""

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

ECHO = ['-m', 'helpers.measure.load.echo']
FLOORS = {
    'threads': [*ECHO, 'threads'],
    'gevent': [*SERVERS['gevent'], *ECHO, 'threads'],
    'eventlet': [*SERVERS['eventlet'], *ECHO, 'threads'],
    'asyncio': [*ECHO, 'asyncio'],
}
EVERY = 0.1  # seconds from one look at a server's process to the next


class Failed(Exception):
    """A server did not stand the crowd: what happened, in a few words."""


@dataclass(frozen=True)
class Run:
    """What was measured in one run, or the medians of several.

    `rate`: requests a second. `p50`, `p99`: seconds. `memory`: MB. `memory`, `threads` and
    `handles` (open files, sockets among them) are the most that was seen. `lost`: requests without
    their answer.
    """

    server: str
    floor: bool
    clients: int
    rate: float
    p50: float
    p99: float
    memory: float
    threads: int
    handles: int
    lost: int


def measure(server: str, floor: bool, clients: int, seconds: float, wait: float) -> Run:
    """Run a server, or its floor, whose handler waits; raise Failed if it cannot stand the crowd.

    It is the clients who decide how long that takes: some seconds longer than the given ones.
    """
    command = [sys.executable, *(FLOORS if floor else SERVERS)[server], '--delay', str(wait)]
    path = {'PYTHONPATH': str(ROOT)}  # where green.py and the crowd find helpers.measure.load
    others = {*psutil.Process().children()}
    counted, why = '', 'it did not start'
    try:
        with run_server(*command, cwd=ROOT, env=os.environ | path) as port:
            why = 'it ended, or wrote to its log'
            [process] = {*psutil.Process().children()} - others
            # On Windows an environment's python only starts another one, which does the work.
            watched = [process, *process.children(recursive=True)][-1]
            crowd = [sys.executable, '-m', 'helpers.measure.load.crowd', str(port), str(clients)]
            with subprocess.Popen(  # it ends at the latest when the server hangs up
                [*crowd, str(seconds)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            ) as asking:
                peak = _peak(watched, asking)
                counted, complaint = asking.communicate()
            if asking.returncode:
                why = complaint.strip().rpartition('\n')[2]
                raise Failed(why)
    except (AssertionError, psutil.Error) as error:
        raise Failed(why) from error
    except subprocess.TimeoutExpired as error:  # it was slow to end, and has been killed
        if not counted:
            raise Failed(why) from error
    answers = json.loads(counted)
    lost = answers['sent'] - answers['answered']
    speed: Any = {name: answers[name] for name in ('rate', 'p50', 'p99')}
    return Run(server, floor, clients, **speed, **peak, lost=lost)


def _peak(process: psutil.Process, asking: subprocess.Popen[str]) -> dict[str, Any]:
    """Return the most that a process took while the clients were asking."""
    peak: dict[str, Any] = {'memory': 0.0, 'threads': 0, 'handles': 0}
    while True:
        over = asking.poll() is not None
        now = process.memory_info().rss / 1e6, process.num_threads(), _handles(process)
        peak = {name: max(most, new) for (name, most), new in zip(peak.items(), now, strict=True)}
        if over:
            return peak
        time.sleep(EVERY)


def _handles(process: psutil.Process) -> int:
    if sys.platform == 'win32':
        return process.num_handles()
    return process.num_fds()

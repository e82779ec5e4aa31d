"""What the system does not allow, found before the run, each with its cure."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

SPARE = 100  # open files and threads that a process needs beside those for its clients
SYSTEM = Path('/')  # where proc and sys are, on Linux
PORTS = 16384  # for clients, where the system does not tell


@dataclass(frozen=True)
class Limit:
    """How many clients a server (`''`: each of them) can have, the reason, and the cure."""

    server: str
    clients: int
    why: str
    cure: str

    def forbids(self, server: str, clients: int) -> bool:
        """Return whether that server cannot have so many clients."""
        return self.server in ('', server) and clients > self.clients


def limits(clients: int) -> list[Limit]:
    """Return what keeps a server from so many clients, the strictest first.

    Where a process may raise its own limit of open files, it has been raised.
    """
    wanted = clients + SPARE
    found = [*_packages(), *_files(wanted), *_threads(wanted), *_select(), *_ports()]
    return sorted((limit for limit in found if limit.clients < clients), key=lambda it: it.clients)


def _packages() -> Iterator[Limit]:
    for name in 'gevent', 'eventlet':
        if not find_spec(name):
            yield Limit(name, 0, f'{name} is not installed', f'python -m pip install {name}')


def _files(wanted: int) -> Iterator[Limit]:
    try:
        import resource
    except ModuleNotFoundError:
        return  # Windows has no such limit
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
        except (OSError, ValueError):
            pass  # macOS allows fewer than it says
    if soft != resource.RLIM_INFINITY:
        cure = f'ulimit -n {wanted}, in this shell, as root; or docker run --ulimit nofile={wanted}'
        yield Limit('', soft - SPARE, f'{soft:,} open files at most', cure)


def _threads(wanted: int) -> Iterator[Limit]:
    if sys.platform == 'darwin':
        asked = subprocess.run(['sysctl', '-n', 'kern.num_taskthreads'], capture_output=True)
        if asked.stdout.strip().isdigit():
            yield _limit_of_threads(int(asked.stdout), 'kern.num_taskthreads', 'none, on macOS')
    if sys.platform != 'linux':
        return
    import resource

    for folder in _control_groups():
        most, used = _number(folder / 'pids.max'), _number(folder / 'pids.current') or 0
        if most is not None:
            enough = wanted + used
            cure = f'docker run --pids-limit {enough}; for systemd, TasksMax={enough}'
            yield _limit_of_threads(most - used, 'pids.max', cure)
    for setting in 'kernel/threads-max', 'kernel/pid_max', 'vm/max_map_count':
        most = _number(SYSTEM / 'proc/sys' / setting)
        if most is not None:
            maps = 2 if setting == 'vm/max_map_count' else 1  # a thread's stack and its guard
            name = setting.replace('/', '.')
            cure = f'as root, sysctl {name}={wanted * maps}'
            yield _limit_of_threads(most // maps, name, cure)
    most, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    if os.geteuid() and most != resource.RLIM_INFINITY:  # root is exempt
        yield _limit_of_threads(most, 'ulimit -u', f'as root, ulimit -u {wanted}')


def _limit_of_threads(allowed: int, what: str, cure: str) -> Limit:
    return Limit('threads', allowed - SPARE, f'{allowed:,} threads at most ({what})', cure)


def _control_groups() -> Iterator[Path]:
    """Yield the folders that may limit this process: its group's, and those above it."""
    for line in _text(SYSTEM / 'proc/self/cgroup').splitlines():
        _, controllers, path = line.split(':', 2)
        if controllers in ('', 'pids'):
            top = SYSTEM / 'sys/fs/cgroup' / controllers
            group = top / path.lstrip('/')
            yield from (folder for folder in (group, *group.parents) if folder.is_relative_to(top))


def _select() -> Iterator[Limit]:
    if not any(hasattr(select, name) for name in ('epoll', 'kqueue', 'poll')):
        yield Limit('eventlet', 512 - SPARE, '512 sockets at most (select)', 'none, on Windows')


def _ports() -> Iterator[Limit]:
    first, *last = _text(SYSTEM / 'proc/sys/net/ipv4/ip_local_port_range').split() or ['']
    ports = int(last[0]) - int(first) + 1 if last else PORTS
    cure = 'as root, sysctl net.ipv4.ip_local_port_range="1024 65535"'
    yield Limit('', ports, f'{ports:,} ports for clients', cure)


def _number(path: Path) -> int | None:
    text = _text(path).strip()
    return int(text) if text.isdecimal() else None  # 'max' is none


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding='utf-8')
    except OSError:
        return ''

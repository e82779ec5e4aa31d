"""`nox` runs the three stages, `nox -s NAME` one session; what follows `--` goes to pytest."""

import sys
from functools import partial

import nox

if sys.version_info < (3, 11):
    sys.exit('The kit needs Python 3.11 or later: make .venv with that one.')

nox.needs_version = '>=2025.2.9'
nox.options.default_venv_backend = 'uv|virtualenv'
nox.options.error_on_external_run = True

packages = partial(nox.project.dependency_groups, nox.project.load_toml('pyproject.toml'))
all_covered = ['--cov-fail-under=100']
# How the acceptance test starts a server. receive.py is not measured: the unit tests cover it.
measured = '-m coverage run --parallel --include=0*/*server.py,02*/*'


@nox.session(name='01_sync')
def sync(session: nox.Session) -> None:
    """Stage 1: receive() and its server, a thread a client"""
    session.install(*packages('test'))
    server = {'SERVER_COMMAND': f'{measured} 01_sync/server.py'}
    session.run('pytest', '01_sync', '--cov=01_sync', *(session.posargs or all_covered), env=server)


@nox.session(name='02_greenlet')
def greenlet(session: nox.Session) -> None:
    """Stage 2: the same files on green threads, by gevent, then by eventlet"""
    session.install(*packages('green'))
    settings = '02_greenlet/.coveragerc'
    for framework in 'gevent', 'eventlet':
        green = f'02_greenlet/green.py {framework}'
        server = {'SERVER_COMMAND': f'{measured} --rcfile={settings} {green}'}
        tests = '-m pytest 01_sync 02_greenlet --cov=01_sync --cov=02_greenlet --cov-config='
        command = f'{green} {tests}{settings}'.split()
        session.run('python', *command, *(session.posargs or all_covered), env=server)


@nox.session(name='03_asyncio')
def asyncio(session: nox.Session) -> None:
    """Stage 3: the same program on asyncio, a task a client"""
    session.install(*packages('test'))
    server = {'SERVER_COMMAND': f'{measured} 03_asyncio/async_server.py'}
    session.run(
        'pytest', '03_asyncio', '--cov=03_asyncio', *(session.posargs or all_covered), env=server
    )


@nox.session(default=False)
def tests(session: nox.Session) -> None:
    """The kit's own tests: helpers, servers under stress, lessons"""
    session.install(*packages('kit'))
    pages = ['README.md', '01_sync/README.md', '02_greenlet/README.md', '03_asyncio/README.md']
    session.run(
        'python', '-m', 'pytest', '-p', 'helpers.documents', 'helpers', *pages, *session.posargs
    )


@nox.session(default=False)
def lint(session: nox.Session) -> None:
    """Format, rules and types"""
    session.install(*packages('lint'))
    session.run('ruff', 'format', '--check')
    session.run('ruff', 'check')
    session.run('mypy')

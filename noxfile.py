"""`nox` runs the three stages, `nox -s NAME` one session; what follows `--` goes to its program."""

import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import nox

if sys.version_info < (3, 11):
    sys.exit('The kit needs Python 3.11 or later: make .venv with that one.')

nox.needs_version = '>=2026.4.10'
nox.options.reuse_venv = 'yes'  # a session that ran once runs without a network, too
nox.options.error_on_external_run = True

# VERSIONS=newest or VERSIONS=lowest: others than those that are known to work together.
versions = os.environ.get('VERSIONS') or ('known' if sys.version_info < (3, 16) else 'newest')
known = {'UV_CONSTRAINT': 'constraints.txt', 'PIP_CONSTRAINT': 'constraints.txt'}
lowest = {'UV_RESOLUTION': 'lowest-direct'}  # which pip has not
settings = {'known': known, 'lowest': lowest, 'newest': {}}.get(versions)
if settings is None:
    sys.exit(f'VERSIONS={versions}: it must be known, newest or lowest.')
if Path('wheels').is_dir():  # the packages are here: no network is asked
    settings |= {'UV_OFFLINE': '1', 'PIP_NO_INDEX': '1'}
    settings |= {'UV_FIND_LINKS': 'wheels', 'PIP_FIND_LINKS': 'wheels'}
os.environ |= settings
nox.options.default_venv_backend = 'uv' if versions == 'lowest' else 'uv|virtualenv'
nox.options.envdir = '.nox' if versions == 'known' else f'.nox/{versions}'

packages = partial(nox.project.dependency_groups, nox.project.load_toml('pyproject.toml'))
all_covered = ('--cov-fail-under=100',)
# How the acceptance test starts a server. receive.py is not measured: the unit tests cover it.
measured = '-m coverage run --parallel --include=0*/*server.py,02*/*'
pages = ' '.join(f'{folder}/README.md' for folder in ('.', '01_sync', '02_greenlet', '03_asyncio'))
own_tests = f'pytest -p helpers.documents helpers slides {pages} 03_asyncio/other_ways/README.md'
loop_scope = 'asyncio_default_fixture_loop_scope=function'  # unset, pytest-asyncio warns


@nox.session(name='01_sync', tags=['workshop'])
def sync(session: nox.Session) -> None:
    """Stage 1: receive() and its server, a thread a client"""
    session.install(*packages('test'))
    server = {'SERVER_COMMAND': f'{measured} 01_sync/server.py'}
    tests = 'pytest', '01_sync', '--cov=01_sync'
    session.run('python', '-m', *tests, *(session.posargs or all_covered), env=server)


@nox.session(name='02_greenlet', tags=['workshop'])
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


@nox.session(name='03_asyncio', tags=['workshop'])
def asyncio(session: nox.Session) -> None:
    """Stage 3: the same program on asyncio, a task a client"""
    session.install(*packages('test'))
    server = {'SERVER_COMMAND': f'{measured} 03_asyncio/async_server.py'}
    tests = 'pytest', '03_asyncio', '--cov=03_asyncio'
    session.run('python', '-m', *tests, *(session.posargs or all_covered), env=server)


def command(name: str, title: str, module: str, *groups: str, default: Sequence[str] = ()) -> None:
    """Make a session that runs `python -m MODULE`."""
    tags = ['workshop'] if {'exercise', 'other_ways', 'recipes'} & {*groups} else []

    def run(session: nox.Session) -> None:
        session.install(*packages(*groups))
        session.run('python', '-m', *module.split(), *(session.posargs or default))

    run.__doc__ = title
    nox.session(name=name, tags=tags, default=False)(run)


def examples(name: str, title: str, options: str = '') -> None:
    """Make a session for a folder of tests beside stage 3, and for what is said of them."""
    tests = f'pytest 03_asyncio/{name} helpers/check_{name}.py --cov=03_asyncio/{name} {options}'
    command(name, title, tests, name, default=all_covered)


command('01_exercise', 'Write the tests of stage 1', 'helpers.grader 01_sync', 'exercise')
command('02_exercise', 'Make it truly green', 'helpers.grader 02_greenlet', 'exercise', 'green')
command('03_exercise', 'Write _run, AsyncMock and tests', 'helpers.grader 03_asyncio', 'exercise')
command('watch', 'Grade again at every save', 'helpers.grader.watch', 'exercise', 'green')
command('grade', 'Grade a room of learners', 'helpers.grader.classroom', 'exercise', 'green')
examples('other_ways', 'The same tests, every other way', f'-o {loop_scope}')
examples('recipes', 'One question, one file')
command('slides', 'Build the deck, and its notes', 'slides.build', 'slides')
command('wheels', 'Fill a folder for laptops without a network', 'helpers.wheels', 'wheels')
command('bench', 'Measure tests, mocks, grader and nox', 'helpers.bench', 'bench')
command('load', 'Measure the servers under 1 to 10,000 clients', 'helpers.load', 'load')
command('mutation', 'Break the stages bit by bit', 'pytest helpers/mutation.py -nauto', 'mutation')
command('tests', "The kit's own tests: helpers, servers under stress, lessons", own_tests, 'kit')


@nox.session(default=False, venv_backend='none')
def doctor(session: nox.Session) -> None:
    """Can the workshop begin, also without a network?"""
    session.run(sys.executable, '-m', 'helpers.doctor', *session.posargs)


@nox.session(default=False)
def lint(session: nox.Session) -> None:
    """Format, rules and types"""
    session.install(*packages('lint'))
    for tool in 'ruff format --check', 'ruff check', 'mypy':
        session.run(*tool.split())

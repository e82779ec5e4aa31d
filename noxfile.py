"""`nox` runs the three stages, `nox -s NAME` one session; what follows `--` goes to its program."""

import os
import sys
from pathlib import Path

import nox

if sys.version_info < (3, 11):
    sys.exit('The kit needs Python 3.11 or later: make .venv with that one.')
nox.needs_version = '>=2026.4.10'
nox.options.reuse_venv = 'yes'  # a session that ran once runs without a network, too
nox.options.error_on_external_run = True

# VERSIONS=newest or VERSIONS=lowest: others than those that are known to work together.
versions = os.environ.get('VERSIONS') or ('known' if sys.version_info < (3, 16) else 'newest')
known = dict.fromkeys(['UV_CONSTRAINT', 'PIP_CONSTRAINT'], '.constraints.txt')
chosen = {'known': known, 'lowest': {'UV_RESOLUTION': 'lowest-direct'}, 'newest': {}}.get(versions)
if chosen is None:
    sys.exit(f'VERSIONS={versions}: it must be known, newest or lowest.')
if Path('wheels').is_dir():  # the packages are here: no network is asked
    chosen |= dict.fromkeys(['UV_FIND_LINKS', 'PIP_FIND_LINKS'], 'wheels')
    chosen |= dict.fromkeys(['UV_OFFLINE', 'PIP_NO_INDEX'], '1')
os.environ |= chosen
nox.options.default_venv_backend = 'uv' if versions == 'lowest' else 'uv|virtualenv'
nox.options.envdir = '.nox' if versions == 'known' else f'.nox/{versions}'

project = nox.project.load_toml('pyproject.toml')
covered = '--cov-fail-under=100'
# How the acceptance test starts a server. receive.py is not measured: the unit tests cover it.
measured = '-m coverage run --parallel --include=0*/*server.py,02*/*'
pages = ' '.join(f'{folder}/README.md' for folder in ('.', '01_sync', '02_greenlet', '03_asyncio'))
own_tests = f'pytest -p helpers.documents helpers slides {pages} 03_asyncio/other_ways/README.md'
other_ways = 'helpers/check_other_ways.py -o asyncio_default_fixture_loop_scope=function'


def command(name: str, title: str, module: str, *groups: str, server: str = '') -> None:
    """Make a session that runs `python -m MODULE`; plain `nox` runs those that have a server."""
    tags = ['workshop'] if server or {'exercise', 'recipes', 'other_ways'} & {*groups} else []
    env = {'SERVER_COMMAND': f'{measured} {server}'} if server else {}
    default = [covered] if '--cov=' in module else []

    def run(session: nox.Session) -> None:
        session.install(*nox.project.dependency_groups(project, *groups))
        session.run('python', '-m', *module.split(), *(session.posargs or default), env=env)

    run.__doc__ = title
    nox.session(name=name, tags=tags, default=bool(server))(run)


def pytest(folder: str, title: str, group: str, more: str = '', server: str = '') -> None:
    """Make a session for the tests in a folder, which are to run all of its code."""
    run = f'pytest {folder} --cov={folder} {more}'
    command(Path(folder).name, title, run, group, server=server and f'{folder}/{server}')


pytest('01_sync', 'Stage 1: receive() and its server, a thread a client', 'test', '', 'server.py')


@nox.session(name='02_greenlet', tags=['workshop'])
def greenlet(session: nox.Session) -> None:
    """Stage 2: the same files on green threads, by gevent, then by eventlet"""
    session.install(*nox.project.dependency_groups(project, 'green'))
    settings = '02_greenlet/.coveragerc'
    for framework in 'gevent', 'eventlet':
        green = f'02_greenlet/green.py {framework}'
        server = {'SERVER_COMMAND': f'{measured} --rcfile={settings} {green}'}
        tests = '-m pytest 01_sync 02_greenlet --cov=01_sync --cov=02_greenlet --cov-config='
        run = f'{green} {tests}{settings}'.split()
        session.run('python', *run, *(session.posargs or [covered]), env=server)


pytest('03_asyncio', 'Stage 3: the same on asyncio, a task a client', 'test', '', 'async_server.py')
command('01_exercise', 'Write the tests of stage 1', 'helpers.grader 01_sync', 'exercise')
command('02_exercise', 'Make it truly green', 'helpers.grader 02_greenlet', 'exercise', 'green')
command('03_exercise', 'Write _run, AsyncMock and tests', 'helpers.grader 03_asyncio', 'exercise')
command('watch', 'Grade again at every save', 'helpers.grader.watch', 'exercise', 'green')
command('grade', 'Grade a room of learners', 'helpers.grader.classroom', 'exercise', 'green')
pytest('03_asyncio/other_ways', 'The same tests, every other way', 'other_ways', other_ways)
pytest('03_asyncio/recipes', 'One question, one file', 'recipes', 'helpers/check_recipes.py')
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
    session.install(*nox.project.dependency_groups(project, 'lint'))
    for tool in 'ruff format --check', 'ruff check', 'mypy':
        session.run(*tool.split())

"""`nox` runs the three stages, `nox -l` lists all sessions; what follows `--` is passed on."""

import os
import sys
from importlib import metadata
from pathlib import Path

import nox
from packaging.version import Version

if sys.version_info < (3, 11):
    sys.exit('This kit needs Python 3.11 or later: delete .venv and create it with a newer Python.')
if Version(metadata.version('nox')) < Version('2026.4.10'):
    sys.exit('This kit needs nox 2026.4.10 or later: python -m pip install --upgrade "nox[uv]"')

nox.options.sessions = ['01_sync', '02_greenlet', '03_asyncio']
nox.options.default_venv_backend = 'uv|virtualenv'
nox.options.reuse_venv = 'yes'  # once installed, a session needs no network
nox.options.error_on_external_run = True

PROJECT = nox.project.load_toml('pyproject.toml')
WORKSHOP = ['workshop']  # what participants prepare: nox --install-only -t workshop
PARALLEL = ['--numprocesses=4', '--dist=worksteal']  # pytest-xdist: some tests only wait
# These tests start hundreds of Pythons: let them keep what they have compiled.
KEEP_BYTECODE = {'PYTHONDONTWRITEBYTECODE': None}

# Which versions to install: the pinned ones, the oldest that pyproject.toml allows, or the newest.
VERSIONS = os.environ.get('VERSIONS') or ('pinned' if sys.version_info < (3, 16) else 'newest')
if VERSIONS == 'pinned':
    INSTALL_ENV = {'UV_CONSTRAINT': '.constraints.txt', 'PIP_CONSTRAINT': '.constraints.txt'}
elif VERSIONS == 'lowest':
    INSTALL_ENV = {'UV_RESOLUTION': 'lowest-direct'}
    nox.options.default_venv_backend = 'uv'
    nox.options.envdir = '.nox/lowest'
elif VERSIONS == 'newest':
    INSTALL_ENV = {}
    nox.options.envdir = '.nox/newest'
else:
    sys.exit(f'VERSIONS={VERSIONS}: it must be pinned, newest or lowest.')

if Path('wheels').is_dir():  # the packages are here: install from them, offline
    INSTALL_ENV |= {'UV_FIND_LINKS': 'wheels', 'PIP_FIND_LINKS': 'wheels'}
    INSTALL_ENV |= {'UV_OFFLINE': '1', 'PIP_NO_INDEX': '1'}


def install(session: nox.Session, *groups: str) -> None:
    """Install dependency groups of pyproject.toml, in the chosen versions."""
    packages = nox.project.dependency_groups(PROJECT, *groups)
    session.install(*packages, env=INSTALL_ENV)


def run_stage(session: nox.Session, stage: str, server: str) -> None:
    """Run a stage's tests; unless the command line says otherwise, require 100% coverage."""
    # The acceptance test starts the server with this command, so that the server's lines are
    # measured, too.
    server_command = f'-m coverage run --parallel --include={stage}/{server} {stage}/{server}'
    options = session.posargs or ['--cov-fail-under=100']
    pytest = ['python', '-m', 'pytest', stage, f'--cov={stage}', *options]
    session.run(*pytest, env={'SERVER_COMMAND': server_command})


def run_recipes(session: nox.Session, topics: list[str]) -> None:
    """Run each recipe of some topics by itself, as somebody does who has copied it."""
    if session.posargs:  # a choice, such as -k async_with: run those where they are
        folders = [f'03_asyncio/recipes/{topic}' for topic in topics]
        scope = ['-o', 'asyncio_default_fixture_loop_scope=function']
        session.run('python', '-m', 'pytest', *folders, *scope, *session.posargs)
    else:
        chosen = ' or '.join(f'{topic}/' for topic in topics)
        tests = ['helpers/tests/test_recipes.py', '-k', chosen]
        session.run('python', '-m', 'pytest', *tests, *PARALLEL, env=KEEP_BYTECODE)


@nox.session(name='01_sync', tags=WORKSHOP)
def stage_1(session: nox.Session) -> None:
    """Stage 1: receive() and its server, one thread per client"""
    install(session, 'test')
    run_stage(session, '01_sync', 'server.py')


@nox.session(name='02_greenlet', tags=WORKSHOP)
def stage_2(session: nox.Session) -> None:
    """Stage 2: the same files on green threads, first gevent, then eventlet"""
    install(session, 'green')
    config = '02_greenlet/.coveragerc'
    # Measure what the server's process runs: 01_sync/server.py, and all of this stage.
    coverage_run = f'-m coverage run --parallel --rcfile={config} --include=0*/*server.py,02*/*'
    coverage = ['--cov=01_sync', '--cov=02_greenlet', f'--cov-config={config}']
    options = session.posargs or ['--cov-fail-under=100']
    for framework in ['gevent', 'eventlet']:
        green = f'02_greenlet/green.py {framework}'
        pytest = ['-m', 'pytest', '01_sync', '02_greenlet', *coverage, *options]
        env = {'SERVER_COMMAND': f'{coverage_run} {green}'}
        session.run('python', *green.split(), *pytest, env=env)


@nox.session(name='03_asyncio', tags=WORKSHOP)
def stage_3(session: nox.Session) -> None:
    """Stage 3: the same on asyncio, one task per client"""
    install(session, 'test')
    run_stage(session, '03_asyncio', 'async_server.py')


@nox.session(name='01_exercise', tags=WORKSHOP, default=False)
def exercise_1(session: nox.Session) -> None:
    """Exercise 1: write the tests of stage 1"""
    install(session, 'exercise')
    session.run('python', '-m', 'helpers.grader', '01_sync', *session.posargs)


@nox.session(name='02_exercise', tags=WORKSHOP, default=False)
def exercise_2(session: nox.Session) -> None:
    """Exercise 2: make it truly green"""
    install(session, 'exercise', 'green')
    session.run('python', '-m', 'helpers.grader', '02_greenlet', *session.posargs)


@nox.session(name='03_exercise', tags=WORKSHOP, default=False)
def exercise_3(session: nox.Session) -> None:
    """Exercise 3: write _run, AsyncMock and the tests of stage 3"""
    install(session, 'exercise')
    session.run('python', '-m', 'helpers.grader', '03_asyncio', *session.posargs)


@nox.session(tags=WORKSHOP, default=False)
def drill(session: nox.Session) -> None:
    """Do the next drill, or one by name: nox -s drill -- async_with"""
    install(session, 'drill')
    session.run('python', '-m', 'helpers.grader.drill', *session.posargs)


@nox.session(tags=WORKSHOP, default=False)
def final(session: nox.Session) -> None:
    """Take the final check: 20 minutes, no hints"""
    install(session, 'drill')
    session.run('python', '-m', 'helpers.grader', 'final_check', *session.posargs)


@nox.session(default=False)
def new_exercise(session: nox.Session) -> None:
    """Make and check an exercise of your own: nox -s new_exercise -- FOLDER MODULE.py"""
    install(session, 'drill', 'my_code')
    session.run('python', '-m', 'helpers.grader.new_exercise', *session.posargs)


@nox.session(tags=WORKSHOP, default=False)
def my_code(session: nox.Session) -> None:
    """See which bugs your own tests miss: nox -s my_code -- MODULE.py -- COMMAND"""
    install(session, 'my_code')
    session.run('python', '-m', 'helpers.my_code', *session.posargs)


@nox.session(tags=WORKSHOP, default=False)
def watch(session: nox.Session) -> None:
    """Grade again on every save"""
    install(session, 'drill', 'green')
    session.run('python', '-m', 'helpers.grader.watch', *session.posargs)


@nox.session(default=False, venv_backend='none')
def hand_in(session: nox.Session) -> None:
    """Pack what you have written, to hand it in: nox -s hand_in -- NAME"""
    session.run(sys.executable, '-m', 'helpers.workshop.hand_in', *session.posargs)


@nox.session(tags=WORKSHOP, default=False)
def grade(session: nox.Session) -> None:
    """Grade a whole class: nox -s grade -- FOLDER"""
    install(session, 'drill', 'green')
    session.run('python', '-m', 'helpers.grader.classroom', *session.posargs)


@nox.session(tags=WORKSHOP, default=False)
def other_ways(session: nox.Session) -> None:
    """Run the same three tests in every other style"""
    install(session, 'other_ways')
    tests = ['03_asyncio/other_ways']
    options = session.posargs
    if not options:  # also check what their README says
        tests.append('helpers/tests/test_other_ways.py')
        options = [*PARALLEL, '--cov=03_asyncio/other_ways', '--cov-fail-under=100']
    scope = ['-o', 'asyncio_default_fixture_loop_scope=function']
    session.run('python', '-m', 'pytest', *tests, *scope, *options, env=KEEP_BYTECODE)


@nox.session(tags=WORKSHOP, default=False)
def recipes(session: nox.Session) -> None:
    """Run the recipes: one question, one file"""
    install(session, 'recipes')
    topics = ['mocking', 'running', 'fixtures_and_loops', 'tasks', 'time']
    run_recipes(session, topics)


@nox.session(default=False)
def frameworks(session: nox.Session) -> None:
    """Run the recipes for FastAPI, Django, SQLAlchemy, Socket.IO, gevent and others"""
    install(session, 'frameworks')
    run_recipes(session, ['frameworks', 'green_threads'])


@nox.session(tags=WORKSHOP, default=False)
def answer(session: nox.Session) -> None:
    """Find the answer to an error message: nox -s answer -- 'was never awaited'"""
    install(session, 'answer')
    session.run('python', '-m', 'helpers.answers', *session.posargs)


@nox.session(default=False)
def slides(session: nox.Session) -> None:
    """Build the slides and their notes"""
    install(session, 'slides')
    session.run('python', '-m', 'slides.build', *session.posargs)


@nox.session(default=False)
def wheels(session: nox.Session) -> None:
    """Pack a folder of packages for laptops without a network: nox -s wheels -- FOLDER"""
    install(session, 'wheels')
    session.run('python', '-m', 'helpers.workshop.wheels', *session.posargs, env=INSTALL_ENV)


@nox.session(default=False, venv_backend='none')
def doctor(session: nox.Session) -> None:
    """Check that this machine is ready, with or without a network"""
    session.run(sys.executable, '-m', 'helpers.workshop.doctor', *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure tests, mocks and the grader"""
    install(session, 'bench')
    session.run('python', '-m', 'helpers.measure.bench', *session.posargs)


@nox.session(default=False)
def load(session: nox.Session) -> None:
    """Measure the servers with 1 to 10,000 clients"""
    install(session, 'load')
    session.run('python', '-m', 'helpers.measure.load', *session.posargs)


@nox.session(default=False)
def mutation(session: nox.Session) -> None:
    """Run mutation tests on the stages"""
    install(session, 'mutation')
    tests = 'helpers/tests/test_mutation.py'
    session.run('python', '-m', 'pytest', tests, *PARALLEL, *session.posargs)


@nox.session(default=False)
def tests(session: nox.Session) -> None:
    """Test the kit itself: helpers, servers under stress, lessons, slides"""
    install(session, 'kit')
    lessons = ['README.md', '01_sync/README.md', '02_greenlet/README.md', '03_asyncio/README.md']
    lessons += ['03_asyncio/drills/README.md', '03_asyncio/other_ways/README.md']
    lessons += ['03_asyncio/recipes/README.md', '03_asyncio/my_code/README.md']
    lessons += ['slides/INSTRUCTOR.md']
    others = ['test_other_ways.py', 'test_recipes.py', 'test_mutation.py']  # in their own sessions
    ignored = [f'--ignore=helpers/tests/{name}' for name in others]
    tests = ['helpers/tests', 'slides/tests', *ignored]
    if not session.posargs:
        tests += lessons
    plugin = ['-p', 'helpers.tests.readme_plugin']
    pytest = ['python', '-m', 'pytest', *plugin, *PARALLEL, *tests, *session.posargs]
    session.run(*pytest, env=KEEP_BYTECODE)


@nox.session(default=False)
def lint(session: nox.Session) -> None:
    """Check format, rules and types"""
    install(session, 'lint')
    session.run('ruff', 'format', '--check')
    session.run('ruff', 'check')
    session.run('mypy')

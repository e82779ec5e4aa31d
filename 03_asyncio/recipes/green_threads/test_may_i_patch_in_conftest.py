"""May I call gevent's monkey.patch_all() in conftest.py, or must it be before pytest?

The first lines of the topmost conftest.py are early enough, unless a plugin has imported ssl before
(as one does that uses requests, urllib3 or aiohttp): then gevent warns, and TLS connections fail.
To patch before everything, run `python -m gevent.monkey --module pytest`, or patch in a module of
your own and load it first: `addopts = -p patch_early`. (With eventlet only the latter.)
Needs: `gevent`.
"""

import os
import subprocess
import sys

import pytest

PATCH = """
from gevent import monkey

monkey.patch_all()
"""

TEST = """
import time

import gevent


def test_sleep_is_green():
    assert time.sleep is gevent.sleep
"""

# What such a plugin comes down to: it has a name from ssl before conftest.py is read.
PLUGIN = """
from ssl import SSLContext
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / 'test_sleep.py').write_text(TEST)
    (tmp_path / 'some_plugin.py').write_text(PLUGIN)
    return tmp_path


def run(project, *command):
    environment = os.environ | {'PYTHONPATH': str(project), 'PYTEST_DISABLE_PLUGIN_AUTOLOAD': '1'}
    command = [sys.executable, '-W', 'error', *command]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)


def test_wrong_way_in_conftest_after_a_plugin(project):
    (project / 'conftest.py').write_text(PATCH)
    result = run(project, '-m', 'pytest', '-p', 'some_plugin')
    message = 'MonkeyPatchWarning: Monkey-patching ssl after ssl has already been imported'
    assert message in result.stderr


def test_right_way_in_conftest_without_such_a_plugin(project):
    (project / 'conftest.py').write_text(PATCH)
    assert run(project, '-m', 'pytest').returncode == 0


def test_right_way_before_pytest(project):
    result = run(project, '-m', 'gevent.monkey', '--module', 'pytest', '-p', 'some_plugin')
    assert result.returncode == 0


def test_right_way_in_a_module_that_is_loaded_first(project):
    (project / 'patch_early.py').write_text(PATCH)
    result = run(project, '-m', 'pytest', '-p', 'patch_early', '-p', 'some_plugin')
    assert result.returncode == 0

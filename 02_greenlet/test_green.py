"""Stage 2's own tests: the same program, and truly green."""

import subprocess
import sys
import unittest
from pathlib import Path
from unittest import mock

import green
from helpers.acceptance import command

FRAMEWORK = next((name for name in green.PATCHES if name in sys.modules), None)
if FRAMEWORK is None:
    raise unittest.SkipTest('stage 2 runs on green threads: nox -s 02_greenlet')

import switching


class TestTrulyGreen(unittest.TestCase):
    def test_sockets_and_threads_are_the_frameworks(self):
        self.assertEqual(switching.packages(), {FRAMEWORK})

    def test_one_thread_serves_a_hundred_clients(self):
        switching_check = [*command(green.__file__, FRAMEWORK), '-m', 'switching']
        report = subprocess.check_output(switching_check, text=True)
        self.assertRegex(report, r'100 clients served by 1 OS thread\(s\) in [0-5]\.\d s')


class TestPatch(unittest.TestCase):
    def test_too_late(self):
        # A name that was imported before the patch keeps the function that blocks ...
        program = (
            'from time import sleep; import time, green\n'
            f'green.patch({FRAMEWORK!r}); print(sleep is time.sleep)'
        )
        folder = Path(green.__file__).parent
        report = subprocess.check_output([sys.executable, '-c', program], text=True, cwd=folder)
        self.assertEqual(report, 'False\n')
        # ... so green.py refuses once the program is imported.
        self.assertRaisesRegex(SystemExit, 'too late', green.patch, FRAMEWORK)

    def test_not_installed(self):
        package = green.PATCHES[FRAMEWORK].partition(':')[0]
        with mock.patch.dict('sys.modules', {package: None}):
            self.assertRaisesRegex(SystemExit, 'pip install', green.patch, FRAMEWORK)

"""Stage 2's own tests: the same program, and truly green."""

import subprocess
import sys
import unittest
from unittest import mock

import green
from helpers.service.acceptance import server_argv

FRAMEWORK = sys.argv[0].rpartition(' ')[2]  # green.py calls the program 'green.py gevent'
if FRAMEWORK not in green.FRAMEWORKS:
    raise unittest.SkipTest('stage 2 runs on green threads: nox -s 02_greenlet')

import switching


def run_green(*arguments):
    command = [*server_argv(green.__file__, FRAMEWORK), *arguments]
    return subprocess.run(command, capture_output=True, encoding='utf-8')


class TestTrulyGreen(unittest.TestCase):
    def test_blocking_calls_come_from_the_framework(self):
        self.assertEqual(switching.sources_of_blocking_calls(), {FRAMEWORK})

    def test_one_thread_serves_a_hundred_clients(self):
        report = run_green('-m', 'switching').stdout
        self.assertRegex(report, r'100 clients served by 1 OS thread\(s\) in [0-5]\.\d s')


class TestPatch(unittest.TestCase):
    def test_refuses_to_patch_once_receive_is_imported(self):
        self.assertRaisesRegex(SystemExit, 'too late', green.patch, FRAMEWORK)

    def test_calls_the_patch_of_each_framework(self):
        fake = mock.MagicMock()
        with mock.patch.dict('sys.modules', gevent=fake, eventlet=fake):
            del sys.modules['receive']
            green.patch('gevent')
            fake.monkey.patch_all.assert_called_once_with()
            fake.monkey_patch.assert_not_called()
            green.patch('eventlet')
            fake.monkey_patch.assert_called_once_with()

    def test_names_the_package_that_is_missing(self):
        missing = mock.patch.dict('sys.modules', {FRAMEWORK: None})
        with missing, mock.patch.dict('sys.modules'):
            del sys.modules['receive']
            self.assertRaisesRegex(SystemExit, 'pip install', green.patch, FRAMEWORK)

    def test_refuses_a_dash_m_without_a_module(self):
        refused = run_green('-m')
        self.assertEqual(refused.returncode, 2)
        self.assertIn('-m needs the name of a module', refused.stderr)

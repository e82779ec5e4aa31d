"""The disposable process in which a learner's tests run, again and again, as the supervisor asks.

It is started by its path, in the scratch tree, with the path of its log as argument, and imports
nothing of the kit. Requests and answers are lines of JSON on standard input and output.
"""

import asyncio
import contextlib
import faulthandler
import inspect
import io
import os
import queue
import re
import sys
import threading
import time
import traceback
import types
from json import dumps, loads  # bound now: a learner's test may well patch the module
from pathlib import Path
from unittest import IsolatedAsyncioTestCase, mock

import coverage
import pytest

TREE = Path.cwd()
# Left out: whatever draws, caches or looks for what a verdict does not show.
PLUGINS = 'terminal cacheprovider doctest pastebin junitxml faulthandler unraisableexception'
OPTIONS = ['--rootdir=.', '-c', 'pytest.ini', '-s', '-W', 'always::RuntimeWarning']


class Channel:
    """The line to the supervisor: the standard streams, which the learner's code loses."""

    def __init__(self) -> None:
        """Take the streams away, and end this process as soon as the supervisor is gone."""
        self.requests: queue.Queue[str] = queue.Queue()
        self.input = os.fdopen(os.dup(0), encoding='utf-8')
        self.output = os.fdopen(os.dup(1), 'w', encoding='utf-8', buffering=1)
        with open(os.devnull, 'r+') as nowhere:
            for stream in range(3):
                os.dup2(nowhere.fileno(), stream)
        sys.stdout = sys.__stdout__ = open(os.devnull, 'w', encoding='utf-8')
        sys.stderr = sys.__stderr__ = sys.stdout
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.input:
            self.requests.put(line)
        leave(0)

    def send(self, **event: object) -> None:
        """Tell the supervisor."""
        self.output.write(dumps(event) + '\n')


leave = os._exit


class Modules:
    """The modules that a run must find as the run before has found them."""

    def __init__(self, name: str) -> None:
        """Import the code under test, and remember what it and its own imports look like."""
        self.path = sys.path[:]
        code = __import__(name)
        imported = [value for value in vars(code).values() if isinstance(value, types.ModuleType)]
        self.before = [(module, self._look(module)) for module in (code, *imported)]

    def _look(self, module: types.ModuleType) -> dict[str, object]:
        # Copies, since a handler that stays in the dict of handlers counts as well.
        return {
            name: value.copy() if isinstance(value, dict) else value
            for name, value in vars(module).items()
            if not name.startswith('__')
        }

    def changed(self) -> list[str]:
        """Return the names that are not what they were, such as 'receive.handlers'."""
        return [
            f'{module.__name__}.{name}'
            for module, before in self.before
            for name, value in before.items()
            if not self._same(value, vars(module).get(name))
        ]

    def _same(self, before: object, now: object) -> bool:
        if isinstance(before, dict) and isinstance(now, dict):
            return {k: id(v) for k, v in before.items()} == {k: id(v) for k, v in now.items()}
        return before is now

    def restore(self) -> None:
        """Put everything back, and forget what was imported from the scratch tree."""
        mock.patch.stopall()
        for module, before in self.before:
            vars(module).update(before)
        sys.path[:] = self.path
        os.chdir(TREE)
        for name, module in sys.modules.copy().items():
            if str(getattr(module, '__file__', None)).startswith(str(TREE)):
                del sys.modules[name]


class Run:
    """One run: some tests, on one variant of the code under test."""

    def __init__(self, channel: Channel, request: dict) -> None:
        """Take the request; what is asked for stands in Worker.run()."""
        self.channel, self.request = channel, request
        self.tests: dict[str, dict] = {}
        self.error: dict | None = None  # what went wrong outside any test
        self.changed: dict[str, str] = {}  # name: the test that changed it
        self.forgotten: list[str] = []  # coroutines that nobody has awaited
        self.item: pytest.Item | None = None

    def begin(self, item: pytest.Item) -> None:
        """Note which test begins, and allow it its time."""
        self.item = item
        name, line = item.name, (item.location[1] or 0) + 1
        kind = {'never_ran': _never_runs(item)}
        self.tests[item.nodeid] = {'name': name, 'line': line, 'outcome': 'passed', **kind}
        self.channel.send(at=name, line=line)
        self.watch()

    def watch(self) -> None:
        """Start the clock: whatever is not done in time is written to the log and ends here."""
        faulthandler.dump_traceback_later(self.request['limit'], exit=True, file=LOG)

    def report(self, report: pytest.TestReport, excinfo: pytest.ExceptionInfo | None) -> None:
        """Keep the worst that happens to a test, and why."""
        test = self.tests[report.nodeid]
        if report.outcome == 'failed' and test['outcome'] != 'failed':
            test['outcome'] = 'failed'
            if excinfo is not None:
                test['body'] = report.when == 'call' and _in_body(self.item, excinfo.tb)
                test['error'] = self.describe(excinfo.value)
        elif report.outcome == 'skipped' or hasattr(report, 'wasxfail'):
            test['outcome'] = 'skipped'

    def describe(self, error: BaseException) -> dict | None:
        """Say what was raised and where; None where nobody is going to read it."""
        if not self.request['explain']:
            return None
        frames = [
            (Path(frame.filename), frame.lineno)
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        own = [line for path, line in frames if path.name in self.request['files']]
        if isinstance(error, SyntaxError) and error.lineno:
            own = [error.lineno]
        return {
            'type': type(error).__name__,
            'text': _text(error)[:2000],
            'line': own[-1] if own else None,
            'file': next((p.name for p, _ in frames[::-1] if p.name in self.request['files']), ''),
            'name': getattr(error, 'name', None) if isinstance(error, ImportError) else None,
        }


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:
        return 'an error that cannot be shown'


def _never_runs(item: pytest.Item) -> bool:
    """Whether the test is a coroutine function that nobody awaits."""
    function = inspect.unwrap(getattr(item, 'function', item.runtest))
    isolated = issubclass(getattr(item, 'cls', None) or object, IsolatedAsyncioTestCase)
    return not isolated and (
        inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
    )


def _in_body(item: pytest.Item | None, tb: types.TracebackType | None) -> bool:
    """Whether the traceback leads through the test function itself."""
    function = getattr(item, 'function', None)
    codes = {getattr(f, '__code__', None) for f in (function, inspect.unwrap(function))}
    return any(frame.f_code in codes for frame, _ in traceback.walk_tb(tb))


class Worker:
    """The pytest plugin that runs what it is asked to, instead of what pytest has collected."""

    def __init__(self, channel: Channel) -> None:
        """Serve one channel."""
        self.channel = channel
        self.current: Run
        self.excinfo: pytest.ExceptionInfo | None = None

    def pytest_collection(self) -> bool:
        """Leave collecting to each run."""
        return True

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Answer requests until there are no more."""
        self.channel.send(ready=True)
        while True:
            request = loads(self.channel.requests.get())
            try:
                self.channel.send(result=self.run(session, request))
            except Exception:
                self.channel.send(fault=traceback.format_exc())

    def run(self, session: pytest.Session, request: dict) -> dict:
        """Run the tests of a file on one variant of the code under test.

        The request names the `file` of tests, the `module` under test, its `source` (a path), and
        the `text` to put there; which tests to run (`only`, node ids, or None for all), whether in
        `reverse`; whether to `measure` coverage and `explain` errors, and stop at the first that
        is red (`stop`); the names of the learner's `files`; and the `limit` in seconds.
        """
        run = self.current = Run(self.channel, request)
        source = Path(request['source'])
        source.write_text(request['text'], encoding='utf-8')
        os.utime(source, (request['stamp'],) * 2)  # else bytecode of the variant before may pass
        measured = coverage.Coverage(None, branch=True, include=[str(source)], config_file=False)
        measured.set_option('run:core', 'ctrace')  # the one core that knows tests apart
        if request['measure']:
            measured.start()
        start = time.perf_counter()
        modules = Modules(request['module'])
        try:
            self._collect_and_run(session, run, modules, measured)
        except BaseException as error:  # SystemExit, KeyboardInterrupt, pytest.exit()
            run.error = run.describe(error)
        faulthandler.cancel_dump_traceback_later()
        modules.restore()
        seconds = time.perf_counter() - start
        measured.stop()
        return {
            'tests': run.tests,
            'error': run.error,
            'changed': run.changed,
            'forgotten': run.forgotten,
            'seconds': seconds,
            'coverage': _coverage(measured) if request['measure'] else None,
        }

    def _collect_and_run(
        self, session: pytest.Session, run: Run, modules: Modules, measured: coverage.Coverage
    ) -> None:
        request = run.request
        self.channel.send(at=None, line=None)
        run.watch()
        items = list(session.perform_collect([request['file']]))
        run.changed = dict.fromkeys(modules.changed(), '')
        if request['only'] is not None:
            items = [item for item in items if item.nodeid in request['only']]
        if request['reverse']:
            items.reverse()
        for item, following in zip(items, [*items[1:], None], strict=True):
            run.begin(item)
            if request['measure']:
                measured.switch_context(item.nodeid)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            for name in modules.changed():
                run.changed.setdefault(name, item.name)
            if request['stop'] and run.tests[item.nodeid]['outcome'] == 'failed':
                break
        session._setupstate.teardown_exact(None)  # pytest has no public name for it
        still = set(modules.changed())
        run.changed = {name: test for name, test in run.changed.items() if name in still}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note why a file cannot be imported."""
        if report.outcome != 'passed' and self.current.error is None:
            error = report.call.excinfo.value  # type: ignore[attr-defined]
            self.current.error = self.current.describe(error.__cause__ or error)

    @pytest.hookimpl
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo
    ) -> pytest.TestReport:
        """Report without a rendered traceback: nobody would read it."""
        error = call.excinfo.value if call.excinfo else None
        skipped = isinstance(error, pytest.skip.Exception)
        self.excinfo = call.excinfo
        return pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords={},
            outcome='skipped' if skipped else 'failed' if error else 'passed',
            longrepr=None,
            when=call.when,
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the outcome."""
        self.current.report(report, self.excinfo)

    def pytest_warning_recorded(self, warning_message: object, nodeid: str) -> None:
        """Keep the coroutines that were made and never awaited, and where they were made."""
        text = str(getattr(warning_message, 'message', ''))
        if 'was never awaited' in text and hasattr(self, 'current'):
            self.current.forgotten.append(f'{nodeid}\n{text}')


def _coverage(measured: coverage.Coverage) -> dict:
    with contextlib.redirect_stdout(io.StringIO()) as report:
        measured.json_report(outfile='-', show_contexts=True)
    (file,) = loads(report.getvalue())['files'].values()
    return {
        'lines': file['missing_lines'],
        'branches': file['missing_branches'],
        'tests': file['contexts'],  # line: the tests that reach it
    }


def _exit(status: int) -> None:
    """End the process as os._exit() does, but tell from where."""
    faulthandler.dump_traceback(LOG)
    leave(status)


if __name__ == '__main__':
    LOG = Path(sys.argv[1]).open('w')
    faulthandler.enable(LOG)
    os._exit = _exit
    sys.dont_write_bytecode = False  # the learner's file is compiled once, not for each variant
    sys.set_coroutine_origin_tracking_depth(8)
    channel = Channel()
    off = [f'-pno:{name}' for name in PLUGINS.split()]
    pytest.main([*OPTIONS, *off], plugins=[Worker(channel)])

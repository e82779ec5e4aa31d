"""The disposable process in which a learner's tests run, again and again, as the supervisor asks.

It is started by its path, in the scratch tree, and imports nothing of the kit. Its arguments are
the path of its log, and a token. Requests and answers are lines of JSON on standard input and
output, each answer with the token in front.
"""

import contextlib
import errno
import faulthandler
import gc
import inspect
import os
import queue
import sys
import threading
import time
import traceback
import types
from collections.abc import Iterator
from json import dumps, loads  # bound now: a learner's test may well patch the module
from pathlib import Path
from typing import IO, Any, NoReturn
from unittest import IsolatedAsyncioTestCase, mock

import coverage
import pytest

TREE = Path.cwd()
# Left out: whatever draws, caches or looks for what a verdict does not show.
PLUGINS = 'terminal cacheprovider doctest pastebin junitxml faulthandler unraisableexception'
OPTIONS = ['-s', '-W', 'always::RuntimeWarning']
# What pytest lets a learner's code raise through everything.
STOPS = SystemExit, KeyboardInterrupt, pytest.exit.Exception, pytest.UsageError
leave = os._exit


class Channel:
    """The line to the supervisor: the standard streams, which the learner's code loses."""

    def __init__(self) -> None:
        """Take the streams away, and end this process as soon as the supervisor is gone."""
        self.requests: queue.Queue[str] = queue.Queue()
        self.token = sys.argv.pop()  # what has it in front comes from here, and not from a test
        self.input = os.fdopen(os.dup(0), encoding='utf-8')
        self.output = os.fdopen(os.dup(1), 'w', encoding='utf-8', buffering=1)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in 0, 1, 2:
            os.dup2(nowhere, stream)
        for printed in sys.stdout, sys.stderr:  # whatever a learner prints can be printed
            printed.reconfigure(encoding='utf-8', errors='replace')  # type: ignore[union-attr]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.input:
            self.requests.put(line)
        leave(0)

    def send(self, **event: object) -> None:
        """Tell the supervisor."""
        self.output.write(f'{self.token}{dumps(event)}\n')


class Clock:
    """Ends this process when time is up, once the log says where it was."""

    def __init__(self, log: IO[str]) -> None:
        """Write to one log."""
        self.log, self.timer = log, threading.Timer(0, leave)

    def start(self, limit: float) -> None:
        """Allow so many seconds from now."""
        self.stop()
        self.timer = threading.Timer(limit, self._time_is_up)
        self.timer.daemon = True
        self.timer.start()
        # A thread of Python sees exact lines, but none while C code keeps the interpreter busy.
        faulthandler.dump_traceback_later(limit + 1, exit=True, file=self.log)

    def stop(self) -> None:
        """Allow any time."""
        self.timer.cancel()
        faulthandler.cancel_dump_traceback_later()

    def _time_is_up(self) -> None:
        self.log.write('Timeout (\n')
        self.log.flush()
        faulthandler.dump_traceback(self.log)
        leave(1)


class Modules:
    """The code under test and the modules it has imported, which each run must find unchanged."""

    def __init__(self, name: str) -> None:
        """Import the code under test afresh, and remember how it all looks."""
        self.path = sys.path[:]
        code = __import__(name)
        imported = [value for value in vars(code).values() if isinstance(value, types.ModuleType)]
        self.before = [(module, _look(module)) for module in (code, *imported)]

    def changed(self) -> list[str]:
        """Return the names that are not what they were, such as 'receive.handlers'."""
        replaced = [
            module.__name__
            for module, _ in self.before
            if sys.modules.get(module.__name__) is not module
        ]
        return replaced + [f'{module.__name__}.{name}' for module, name, _ in self._differences()]

    def _differences(self) -> Iterator[tuple[types.ModuleType, str, Any]]:
        for module, before in self.before:
            for name, value in before.items():
                if not _same(value, vars(module).get(name)):
                    yield module, name, value

    def restore(self) -> None:
        """Put everything back, and forget what was imported from the scratch tree."""
        mock.patch.stopall()
        for module, name, value in list(self._differences()):
            setattr(module, name, value)
        for module, _ in self.before:
            sys.modules[module.__name__] = module
        sys.path[:] = self.path
        os.chdir(TREE)
        for name, module in sys.modules.copy().items():
            if str(getattr(module, '__file__', None)).startswith(str(TREE)):
                del sys.modules[name]


def _look(module: types.ModuleType) -> dict[str, Any]:
    # Copies of dicts, since a handler that stays in the dict of handlers counts as well.
    return {
        name: value.copy() if isinstance(value, dict) else value
        for name, value in vars(module).items()
        if not name.startswith('__')
    }


def _same(before: Any, now: Any) -> bool:
    if isinstance(before, dict) and isinstance(now, dict):
        return {k: id(v) for k, v in before.items()} == {k: id(v) for k, v in now.items()}
    return before is now


class Run:
    """One run: some tests, on one variant of the code under test."""

    def __init__(self, request: dict[str, Any]) -> None:
        """Begin with nothing; what can be requested stands in TestRunner.run()."""
        self.request = request
        self.tests: dict[str, dict[str, Any]] = {}  # by their node ids
        self.error: dict[str, Any] | None = None  # what went wrong outside any test
        self.changed: dict[str, str] = {}  # the names left changed, and the test that did it
        self.never_awaited: list[str] = []  # coroutines that nobody has awaited
        self.item: pytest.Item | None = None  # the test that runs

    def begin(self, item: pytest.Item) -> dict[str, Any]:
        """Note a test that begins, and return what is known of it."""
        self.item = item
        line = (item.location[1] or 0) + 1
        never_ran = _is_never_awaited(item)
        test = {'name': item.name, 'line': line, 'outcome': 'passed', 'never_ran': never_ran}
        self.tests[item.nodeid] = test
        return test

    def report(self, item: pytest.Item, call: pytest.CallInfo[None], outcome: str) -> None:
        """Keep the worst that happens to a test, and why."""
        test = self.tests[item.nodeid]
        if outcome == 'failed' and test['outcome'] != 'failed' and call.excinfo:
            in_body = call.when == 'call' and _in_body(item, call.excinfo.tb)
            test |= {'outcome': outcome, 'body': in_body}
            test['error'] = self.describe(call.excinfo.value)
        elif outcome == 'skipped' and test['outcome'] == 'passed':
            test['outcome'] = outcome

    def stopped(self, error: BaseException) -> None:
        """Keep what has ended the whole run: the fault of the test that ran, if any."""
        described = self.describe(error)
        if self.item is None:
            self.error = described if self.error is None else self.error
        else:
            test = self.tests[self.item.nodeid]
            test |= {'outcome': 'failed', 'body': False, 'error': described}

    def describe(self, error: BaseException) -> dict[str, Any]:
        """Return what was raised and where: nothing if nobody is going to read it."""
        if not self.request['explain']:
            return {}
        error = _root(error)
        lines = {
            Path(frame.filename).name: frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
        }
        if isinstance(error, SyntaxError) and error.lineno:
            lines = {Path(error.filename or '').name: error.lineno}
        # The line of the tests, which come last, says more than that of helpers which they call.
        file = next((name for name in self.request['files'][::-1] if name in lines), '')
        text = _text(error)
        if cause := error.__cause__:
            text += f' ({type(cause).__name__}: {_text(cause)})'
        return {
            'type': type(error).__name__,
            'text': text[:2000],
            'file': file,
            'line': lines.get(file),
            'at': lines.get(Path(self.request['source']).name),  # in the code under test
        }


def _root(error: BaseException) -> BaseException:
    # What comes after a RecursionError only follows from it.
    root, seen = error, error.__context__
    while seen is not None:
        root, seen = (seen if isinstance(seen, RecursionError) else root), seen.__context__
    return root


def _text(error: BaseException) -> str:
    try:
        return str(error).encode('utf-8', 'backslashreplace').decode()
    except BaseException:
        return 'an error that cannot be shown'


def _is_never_awaited(item: pytest.Item) -> bool:
    """Whether the test is a coroutine function, and nobody is there to run it."""
    function = inspect.unwrap(getattr(item, 'function', item.runtest))
    isolated = issubclass(getattr(item, 'cls', None) or object, IsolatedAsyncioTestCase)
    coroutine = inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
    return coroutine and not isolated


def _in_body(item: pytest.Item, tb: types.TracebackType | None) -> bool:
    """Whether a traceback leads through the test function itself."""
    function = getattr(item, 'function', item.runtest)
    inner = getattr(function, 'func', function)  # of a functools.partial
    codes = {getattr(f, '__code__', None) for f in (inner, inspect.unwrap(inner))}
    return any(frame.f_code in codes for frame, _ in traceback.walk_tb(tb))


class TestRunner:
    """The pytest plugin that runs what it is asked to, instead of what pytest has collected."""

    def __init__(self, channel: Channel, log: IO[str]) -> None:
        """Serve one channel; a hang is written to the log."""
        self.channel, self.clock = channel, Clock(log)
        self.current: Run

    def pytest_collection(self) -> bool:
        """Leave collecting to each run."""
        return True

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Answer requests for as long as the supervisor is there."""
        gc.freeze()  # what is there by now need not be looked at again
        self.channel.send(ready=True)
        while True:
            request = loads(self.channel.requests.get())
            try:
                self.channel.send(result=self.run(session, request))
            except Exception as error:
                full = getattr(error, 'errno', None) == errno.ENOSPC  # no test is to blame
                self.channel.send(fault=traceback.format_exc(), ours=full)

    def run(self, session: pytest.Session, request: dict[str, Any]) -> dict[str, Any]:
        """Run the tests of a file on one variant of the code under test.

        The request names the `file` of tests, the `module` under test, its `source` (a path) and
        the `text` to put there, with a `stamp` of its own; which tests to run (`only`, node ids,
        or None for all), whether in `reverse`; whether to `measure` coverage, to `explain` errors,
        and to `stop` at the first that is red; the names of the learner's `files`; and the `limit`
        in seconds for each test.
        """
        run = self.current = Run(request)
        source = Path(request['source'])
        source.write_text(request['text'], encoding='utf-8')
        os.utime(source, (request['stamp'],) * 2)  # or bytecode of the variant before would do
        start = time.perf_counter()
        with _measured(source) if request['measure'] else contextlib.nullcontext() as measured:
            modules = Modules(request['module'])
            try:
                self._collect_and_run(session, modules, measured)
            except STOPS as error:
                run.stopped(error)
            self.clock.stop()
            modules.restore()
        return {
            'tests': run.tests,
            'error': run.error,
            'changed': run.changed,
            'never_awaited': run.never_awaited,
            'seconds': time.perf_counter() - start,
            'coverage': _report(measured) if measured else None,
        }

    def _collect_and_run(
        self, session: pytest.Session, modules: Modules, measured: coverage.Coverage | None
    ) -> None:
        run, request = self.current, self.current.request
        self._watch(None, None)
        items = list(session.perform_collect([request['file']]))
        changed = dict.fromkeys(modules.changed(), '')
        if request['only'] is not None:
            items = [item for item in items if item.nodeid in request['only']]
        if request['reverse']:
            items.reverse()
        try:
            for item, following in zip(items, [*items[1:], None], strict=False):
                test = run.begin(item)
                self._watch(test['name'], test['line'])
                if measured:
                    measured.switch_context(item.nodeid)
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                for name in modules.changed():
                    changed.setdefault(name, item.name)
                if request['stop'] and test.get('body'):
                    break
        finally:
            with contextlib.suppress(Exception):  # after a stop; pytest has no public name for it
                session._setupstate.teardown_exact(None)
        run.changed = {name: changed[name] for name in modules.changed() if name in changed}

    def _watch(self, test: str | None, line: int | None) -> None:
        """Say what begins, and start its clock: if time is up, the log says where, and it ends."""
        self.channel.send(at=test, line=line)
        self.clock.start(self.current.request['limit'])

    def pytest_exception_interact(self, node: object, call: pytest.CallInfo[None]) -> None:
        """Note why a file cannot be imported."""
        if isinstance(node, pytest.Collector) and call.excinfo:
            error = call.excinfo.value
            self.current.error = self.current.describe(error.__cause__ or error)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note that a file skips itself."""
        if report.skipped:
            self.current.error = self.current.describe(pytest.skip.Exception())

    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Report without a rendered traceback: nobody would read it."""
        skipped = call.excinfo and isinstance(call.excinfo.value, pytest.skip.Exception)
        report = pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords={},
            outcome='skipped' if skipped else 'failed' if call.excinfo else 'passed',
            longrepr=None,
            when=call.when,  # type: ignore[arg-type]
        )
        self.current.report(item, call, report.outcome)
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what pytest itself has made of a report: a failure that was expected is a skip."""
        if hasattr(report, 'wasxfail'):
            self.current.tests[report.nodeid]['outcome'] = 'skipped'

    def pytest_warning_recorded(self, warning_message: Any, nodeid: str) -> None:
        """Note the coroutines that were never awaited; the text says where they were made."""
        text = str(warning_message.message)
        if 'was never awaited' in text and hasattr(self, 'current'):
            self.current.never_awaited.append(text)


@contextlib.contextmanager
def _measured(source: Path) -> Any:
    measured = coverage.Coverage(None, branch=True, include=[str(source)], config_file=False)
    measured.set_option('run:core', 'ctrace')  # the one core that knows the tests apart
    measured.start()
    yield measured
    measured.stop()


def _report(measured: coverage.Coverage) -> dict[str, Any]:
    report = TREE / 'coverage.json'  # not on standard output, where a thread may be printing
    measured.json_report(outfile=str(report), show_contexts=True)
    (file,) = loads(report.read_text(encoding='utf-8'))['files'].values()
    return {
        'lines': file['missing_lines'],
        'branches': file['missing_branches'],
        'tests': file['contexts'],  # line: the tests that reach it
    }


def main(log: IO[str]) -> None:
    """Serve until the supervisor ends it."""

    def told_exit(status: int) -> NoReturn:
        faulthandler.dump_traceback(log)
        leave(status)

    faulthandler.enable(log)
    os._exit = told_exit  # type: ignore[assignment]
    sys.dont_write_bytecode = False  # the learner's file is compiled once, not for each variant
    sys.set_coroutine_origin_tracking_depth(8)
    off = [f'-pno:{name}' for name in PLUGINS.split()]
    ini = next(TREE.glob('*/my_work/pytest.ini'))
    pytest.main([*OPTIONS, *off, '-c', str(ini)], plugins=[TestRunner(Channel(), log)])


if __name__ == '__main__':
    with Path(sys.argv[1]).open('w', encoding='utf-8') as log:
        main(log)

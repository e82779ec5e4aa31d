"""The disposable process in which a learner's tests run, again and again, as the supervisor asks.

It is started by its path, in the scratch tree, and imports nothing of the kit. Its arguments are
the path of its log, the pytest plugins that the tests need, and a token. Requests and answers are
lines of JSON on standard input and output, each answer with the token in front.
"""

import builtins
import contextlib
import errno
import faulthandler
import gc
import os
import queue
import sys
import threading
import time
import traceback
import types
import warnings
from collections.abc import Iterator
from json import dumps, loads  # bound now: a learner's test may well patch the module
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import IO, Any, Literal, NoReturn
from unittest import mock

# Whether a task survives to which nothing refers must not be chance: collect between runs only.
gc.disable()

import coverage
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import failure_facts  # type: ignore[import-not-found]

del sys.path[0]
TREE = Path.cwd()
# Left out: whatever draws or looks for what a verdict does not show, and has no fixture.
PLUGINS = 'terminal pastebin faulthandler unraisableexception'
OPTIONS = ['-s', '-W', 'always::RuntimeWarning']
# What pytest lets a learner's code raise through everything.
STOPS = SystemExit, KeyboardInterrupt, pytest.exit.Exception, pytest.UsageError
leave = os._exit
# What pytest, coverage and this file need, and a test may well replace.


RELIED_UPON = [(module, vars(module).copy()) for module in (builtins, os, time, warnings)]


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

    TICK = 0.05  # seconds

    def __init__(self, log: IO[str]) -> None:
        """Write to one log."""
        self.log = log
        self.limit: float | None = None  # None: any time is allowed
        self.deadline = 0.0
        self.changing = threading.Lock()  # of whether any time is allowed
        threading.Thread(target=self._tick, daemon=True).start()

    def start(self, limit: float) -> None:
        """Allow so many seconds from now."""
        self.deadline = monotonic() + limit
        if self.limit is not None:
            self.limit = limit  # as for each test but the first: this must cost next to nothing
            return
        with self.changing:
            self.limit = limit
            self._arm(limit)

    def stop(self) -> None:
        """Allow any time."""
        with self.changing:
            self.limit = None
            faulthandler.cancel_dump_traceback_later()

    def _arm(self, limit: float) -> None:
        # A thread of Python sees exact lines, but none while C code keeps the interpreter busy.
        faulthandler.dump_traceback_later(limit + 1, exit=True, file=self.log)

    def _tick(self) -> None:
        # One thread for all tests: to start one for each takes longer than most tests.
        while True:
            with self.changing:
                limit = self.limit
                if limit is not None and monotonic() > self.deadline:
                    self._time_is_up()
                if limit is not None:
                    self._arm(limit)
            sleep(self.TICK)

    def _time_is_up(self) -> None:
        self.log.write('Timeout (\n')
        self.log.flush()
        faulthandler.dump_traceback(self.log)
        for number, file, line in _awaiting():
            self.log.write(f'Task {number}: File "{file}", line {line}\n')
        self.log.flush()
        leave(1)


def _awaiting() -> Iterator[tuple[int, str, int]]:
    """Yield where unfinished tasks wait: a task's number, and file and line of a coroutine."""
    asyncio = sys.modules.get('asyncio')
    if asyncio is None:
        return
    tasks = [found for found in gc.get_objects() if isinstance(found, asyncio.Task)]
    for number, task in enumerate(tasks):
        coroutine: Any = None if task.done() else task.get_coro()
        while getattr(coroutine, 'cr_frame', None):
            yield number, coroutine.cr_code.co_filename, coroutine.cr_frame.f_lineno
            coroutine = coroutine.cr_await


class CodeError(Exception):
    """The code under test cannot be imported; the cause says why."""


class Modules:
    """The code under test and the modules it has imported, which each run must find unchanged."""

    def __init__(self, name: str) -> None:
        """Import the code under test afresh, and remember how it all looks."""
        self.path = sys.path[:]
        try:
            code = __import__(name)
        except BaseException as error:  # a script may even end the process
            raise CodeError from error
        imported = [value for value in vars(code).values() if isinstance(value, types.ModuleType)]
        self.before = [(module, _look(module)) for module in (code, *imported)]
        self.original = [(module, _look(module)) for module, _ in self.before]
        self.specs = [(module, module.__spec__) for module, _ in self.before]

    def changed(self) -> list[str]:
        """Return the names that are not what they were, such as 'shop.prices'."""
        replaced = [
            module.__name__
            for module, _ in self.before
            if sys.modules.get(module.__name__) is not module
        ]
        reloaded = [
            f'{module.__name__} (reloaded)'
            for module, spec in self.specs
            if module.__spec__ is not spec
        ]
        return (
            replaced
            + reloaded
            + [f'{module.__name__}.{name}' for module, name, _ in self._differences()]
        )

    def allow_additions(self) -> None:
        """Take what is only added to a dict, such as a handler, for part of the tests."""
        for module, before in self.before:
            for name, value in before.items():
                now = vars(module).get(name)
                if not isinstance(value, dict) or not isinstance(now, dict):
                    continue
                if all(key in now and now[key] is value[key] for key in value):
                    before[name] = now.copy()

    def _differences(self) -> Iterator[tuple[types.ModuleType, str, Any]]:
        for module, before in self.before:
            for name, value in before.items():
                if not _same(value, vars(module).get(name)):
                    yield module, name, value

    def restore(self) -> None:
        """Put everything back, and forget what was imported from the scratch tree."""
        mock.patch.stopall()
        self.before = self.original
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

    def __init__(self, request: dict[str, Any], observer: Any) -> None:
        """Begin with nothing; what can be requested stands in TestRunner.run()."""
        self.request, self.observer = request, observer
        self.tests: dict[str, dict[str, Any]] = {}  # by their node ids
        self.items: dict[str, pytest.Item] = {}
        self.error: dict[str, Any] | None = None  # what went wrong outside any test
        self.changed: dict[str, str] = {}  # the names left changed, and the test that did it
        self.item: pytest.Item | None = None  # the test that runs
        self.started: pytest.Item | None = None  # the last one whose setup has begun
        self.untraced: str | None = None  # the test that has turned tracing off
        self.damaged = False  # whether what everything else relies on has been replaced
        self.damaged_by: pytest.Item | None = None  # the test that did it; None: the import

    def begin(self, item: pytest.Item) -> dict[str, Any]:
        """Note a test that begins, and return what is known of it."""
        self.item = item
        line = (item.location[1] or 0) + 1
        test = {
            'name': item.name,
            'line': line,
            'outcome': 'passed',
            'started': True,
            'seconds': 0.0,
        }
        self.tests[item.nodeid] = test
        if self.request['explain']:
            self.items[item.nodeid] = item
        return test

    def report(self, item: pytest.Item, call: pytest.CallInfo[None], outcome: str) -> None:
        """Keep the worst that happens to a test, and why."""
        test = self.tests[item.nodeid]
        if outcome == 'failed' and test['outcome'] != 'failed' and call.excinfo:
            test |= {'outcome': outcome, 'caught': _after_setup(item, call)}
            test['error'] = self.describe(call.excinfo.value, item)
        elif outcome == 'skipped' and test['outcome'] == 'passed':
            test['outcome'] = outcome
            if call.excinfo:
                test['error'] = self.describe(call.excinfo.value, item)

    def stopped(self, error: BaseException) -> None:
        """Keep what has ended the whole run: the fault of the test that ran, if any."""
        described = self.describe(error, self.item)
        if self.item is None:
            self.error = described if self.error is None else self.error
        else:
            test = self.tests[self.item.nodeid]
            test |= {'outcome': 'failed', 'caught': False, 'error': described}

    def describe(self, error: BaseException, item: pytest.Item | None = None) -> dict[str, Any]:
        """Return what was raised and where: nothing if nobody is going to read it."""
        if not self.request['explain']:
            return {}
        facts: dict[str, Any] = failure_facts.describe(error, self.observer, item)
        return facts

    def look_for_damage(self) -> None:
        """Note which test was the first to replace what everything else here relies on."""
        if self.damaged:
            return
        for module, before in RELIED_UPON:
            now = vars(module)
            if now == before:  # the one comparison that most tests cost
                continue
            for name, value in before.items():
                if callable(value) and now.get(name) is not value and not name.startswith('_'):
                    self.damaged = True
                    self.damaged_by = self.item

    def blame(self) -> dict[str, Any]:
        """Return which test has broken the worker: None for what happens at import."""
        # What broke it had begun; the test that only came next had not.
        item = self.damaged_by if self.damaged else self.started
        if item is None:
            return {'at': None, 'line': None}
        return {'at': item.name, 'line': (item.location[1] or 0) + 1}

    def note_bodies(self, reached: dict[int, list[str]]) -> None:
        """Note which tests' bodies have run, from the lines that each test has reached."""
        for nodeid, item in self.items.items():
            code = failure_facts.body(item)
            if code is None:
                continue
            lines = {line for _, _, line in code.co_lines() if line}
            self.tests[nodeid]['started'] = any(nodeid in reached.get(line, ()) for line in lines)

    def note_kinds(self) -> None:
        """Note more about the tests that somebody is going to read about."""
        for nodeid, item in self.items.items():
            test = self.tests[nodeid]
            if test['outcome'] != 'passed' or not test['started']:
                test['facts'] = failure_facts.of_test(item)


# Where unittest calls what comes before a test, and not the test or what comes after it.
SETUP = {'_callSetUp', 'setUpClass', '_setupClass', 'setUpModule'}


def _after_setup(item: pytest.Item, call: pytest.CallInfo[None]) -> bool:
    """Whether a failure comes from the test or from what checks it afterwards, such as tearDown."""
    if call.when == 'setup' or call.excinfo is None:
        return False
    frames = list(traceback.walk_tb(call.excinfo.tb))
    names = {frame.f_code.co_name for frame, _ in frames}
    # pytest checks some things by itself before the test begins: nobody has asserted them.
    return not names & SETUP and any(_is_of(item, frame) for frame, _ in frames)


def _is_of(item: pytest.Item, frame: types.FrameType) -> bool:
    """Whether a frame is of the file of tests, or calls what a test has left to be called."""
    code = frame.f_code
    return code.co_filename == str(item.path) or code.co_name in ('_callCleanup', 'patched')


class TestRunner:
    """The pytest plugin that runs what it is asked to, instead of what pytest has collected."""

    def __init__(self, channel: Channel, log: IO[str]) -> None:
        """Serve one channel; a hang is written to the log."""
        self.channel, self.clock = channel, Clock(log)
        self.observer = failure_facts.Observer()
        self.current: Run
        self.wanted: set[str] | None = None  # the names that a run collects, or None for all
        self.used = False  # whether anything of the learner's may have run

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
                self.channel.send(**self.current.blame())
                why = error.__cause__ if isinstance(error, CodeError) else error
                text = ' '.join(failure_facts.clean(f'{type(why).__name__}: {why}').split())
                code = isinstance(error, CodeError) and not self.used
                self.channel.send(fault=text, ours=full, code=code)
            self.used = True
            gc.collect()

    def run(self, session: pytest.Session, request: dict[str, Any]) -> dict[str, Any]:
        """Run the tests of a file on one variant of the code under test.

        The request names the `file` of tests, the `module` under test, its `source` (a path) and
        the `text` to put there, with a `stamp` of its own; which of its functions have to be
        covered (`cover`: none means all); which tests to run (`only`, node ids,
        or None for all), whether in `reverse`; whether to `measure` coverage, to `explain` errors,
        to `stop` at the first that is red, and to `trace` what the code under test does; the names
        of the learner's `files`; the seconds that importing them may take (`import_limit`), and
        those for a test (`test_limit`), to which twice the time is added that the test takes on
        the correct code, if that is known (`usual`).
        """
        run = self.current = Run(request, self.observer)
        source, tests = Path(request['source']), Path(request['file'])
        source.write_text(request['text'], encoding='utf-8')
        os.utime(source, (request['stamp'],) * 2)  # or bytecode of the variant before would do
        self.observer.reset()
        self.observer.files, self.observer.source = request['files'], str(source.resolve())
        if request['trace']:
            self.observer.events = []
        start = perf_counter()
        measure = _measured(source, tests) if request['measure'] else contextlib.nullcontext()
        with measure as measured:
            modules = Modules(request['module'])
            try:
                self._collect_and_run(session, modules, measured)
            except STOPS as error:
                run.stopped(error)
            self.clock.stop()
            modules.restore()
        seconds = perf_counter() - start
        covered = None
        if measured:
            covered = _report(measured, source, tests, request['cover'])
            bodies = covered.pop('bodies')
            if run.untraced is None:
                run.note_bodies(bodies)
        run.note_kinds()
        return {
            'tests': run.tests,
            'error': run.error,
            'changed': run.changed,
            'never_awaited': self.observer.never_awaited,
            'misspelt': self.observer.misspelt,
            'untraced': run.untraced,
            'seconds': seconds,
            'coverage': covered,
            'trace': [self.observer.events, sorted(self.observer.lines)],
        }

    def _collect_and_run(
        self, session: pytest.Session, modules: Modules, measured: coverage.Coverage | None
    ) -> None:
        run, request = self.current, self.current.request
        only = request['only']
        self.wanted = None if only is None else _names(only)
        self.observer.test = None
        self._watch(None, None, request['import_limit'])
        items = list(session.perform_collect([request['file']]))
        run.look_for_damage()
        changed = dict.fromkeys(modules.changed(), '')
        modules.allow_additions()
        if only is not None:
            chosen = set(only)
            items = [item for item in items if item.nodeid in chosen]
        if request['reverse']:
            items.reverse()
        tracer = sys.gettrace()
        try:
            for item, following in zip(items, [*items[1:], None], strict=False):
                test = run.begin(item)
                self.observer.test = test['name']
                usual = request['usual'].get(item.nodeid, 0)
                self._watch(test['name'], test['line'], request['test_limit'] + 2 * usual)
                if measured:
                    measured.switch_context(item.nodeid)
                begun = perf_counter()
                if request['trace']:
                    sys.settrace(self.observer.trace)
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if request['trace']:
                    sys.settrace(None)
                test['seconds'] = perf_counter() - begun
                if measured and run.untraced is None and sys.gettrace() is not tracer:
                    run.untraced = item.name
                for name in modules.changed():
                    changed.setdefault(name, item.name)
                run.look_for_damage()
                if not all((TREE / request[name]).exists() for name in ('file', 'source')):
                    raise FileNotFoundError('the files under test are gone')
                if request['stop'] and test.get('caught'):
                    break
        finally:
            with contextlib.suppress(Exception):  # after a stop; pytest has no public name for it
                session._setupstate.teardown_exact(None)
        run.changed = {name: changed[name] for name in modules.changed() if name in changed}

    def _watch(self, test: str | None, line: int | None, limit: float) -> None:
        """Say what begins, and start its clock: if time is up, the log says where, and it ends."""
        self.channel.send(at=test, line=line)
        self.clock.start(limit)

    def pytest_pycollect_makeitem(self, name: str, obj: object) -> list[pytest.Item] | None:
        """Leave out what this run does not want: parameters by the thousand take their time."""
        unwanted = self.wanted is not None and name not in self.wanted and callable(obj)
        return [] if unwanted else None

    @pytest.hookimpl(wrapper=True)
    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> Any:
        """Leave out the parameters that this run does not want."""
        result = yield
        calls = getattr(metafunc, '_calls', None)  # pytest has no public name for it
        if self.wanted is not None and calls:
            name = metafunc.definition.name
            calls[:] = [call for call in calls if f'{name}[{call.id}]' in self.wanted] or calls[:1]
        return result

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Note which test has begun: from now on, what goes wrong is its doing."""
        self.current.started = item

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
        outcome: Literal['passed', 'failed', 'skipped'] = 'passed'
        if call.excinfo:
            skipped = isinstance(call.excinfo.value, pytest.skip.Exception)
            outcome = 'skipped' if skipped else 'failed'
        report = pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords={},
            outcome=outcome,
            longrepr=None,
            when=call.when,  # type: ignore[arg-type]
        )
        self.current.report(item, call, report.outcome)
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what pytest itself has made of a report: a failure that was expected is a skip."""
        if hasattr(report, 'wasxfail'):
            self.current.tests[report.nodeid]['outcome'] = 'skipped'


def _names(nodeids: list[str]) -> set[str]:
    """Return the names of all that must be collected for some tests: classes, functions, rows."""
    names = set()
    for nodeid in nodeids:
        path, _, row = nodeid.partition('[')
        parts = path.split('::')[1:]
        names.update(parts)
        if row:
            names.add(f'{parts[-1]}[{row}')
    return names


@contextlib.contextmanager
def _measured(*files: Path) -> Any:
    include = [str(file) for file in files]
    measured = coverage.Coverage(None, branch=True, include=include, config_file=False)
    measured.set_option('run:core', 'ctrace')  # the one core that knows the tests apart
    measured.start()
    yield measured
    measured.stop()


def _report(
    measured: coverage.Coverage, source: Path, tests: Path, cover: list[str]
) -> dict[str, Any]:
    report = TREE / 'coverage.json'  # not on standard output, where a thread may be printing
    measured.json_report(outfile=str(report), show_contexts=True, include=[str(source)])
    (file,) = loads(report.read_text(encoding='utf-8'))['files'].values()
    bodies = measured.get_data().contexts_by_lineno(str(tests.resolve()))
    parts = [file['functions'][name] for name in cover] or [file]
    return {
        'lines': sorted(line for part in parts for line in part['missing_lines']),
        'branches': sorted(branch for part in parts for branch in part['missing_branches']),
        'tests': file['contexts'],  # line: the tests that reach it
        'bodies': bodies,
        'ran': sorted(bodies),  # the lines of the tests that ran
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
    channel = Channel()
    options = [*OPTIONS, *(f'-pno:{name}' for name in PLUGINS.split())]
    for name in filter(None, sys.argv[2].split(',')):
        options.append(f'-p{name}')
        if name.startswith('pytest_asyncio'):  # it asks for this setting, which only it knows
            options += ['-o', 'asyncio_default_fixture_loop_scope=function']
    ini = next(TREE.glob('*/my_work/pytest.ini'))
    pytest.main([*options, '-c', str(ini)], plugins=[TestRunner(channel, log)])


if __name__ == '__main__':
    with Path(sys.argv[1]).open('w', encoding='utf-8') as log:
        main(log)

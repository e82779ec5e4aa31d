"""The author's project: where it is, copies of it, and the author's tests run in a copy."""

import contextlib
import io
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from helpers.kit import is_clutter

MARKS_OF_A_ROOT = ('pyproject.toml', 'setup.py', 'setup.cfg', 'tox.ini', '.git')
PROBE = Path(__file__).with_name('sandbox') / 'my_code_probe.py'
ENVIRONMENT = ('pyvenv.cfg', 'conda-meta')  # in a folder with an environment for Python
NOT_PASSED_ON = (  # variables
    'NOX_CURRENT_SESSION',
    'PYTEST_CURRENT_TEST',
    'PYTHONPYCACHEPREFIX',  # a compiled module must not outlive its text
    'VIRTUAL_ENV',
)
EXAMPLE = '../shop/.venv/bin/python -m pytest'
MOST_BYTES = 500_000_000  # of a copy
COVERAGE_REQUIRED = 'Required test coverage'  # what pytest-cov prints


class ProjectError(Exception):
    """The project or its tests are not as they have to be; says what to do."""


@dataclass(frozen=True)
class Run:
    """One run of the author's command."""

    status: int | None  # None if it was ended, since it took too long
    seconds: float
    output: str

    @property
    def passed(self) -> bool:
        """Whether the tests passed."""
        return self.status == 0

    @property
    def hung(self) -> bool:
        """Whether the tests took too long."""
        return self.status is None


@dataclass(frozen=True)
class Project:
    """A module, the project that it belongs to, and the command that runs its tests."""

    module: Path
    root: Path
    command: tuple[str, ...]
    text: str  # of the module, with its line ends as they are
    encoding: str

    @property
    def name(self) -> str:
        """The module's path within the project."""
        return self.module.relative_to(self.root).as_posix()

    @property
    def import_roots(self) -> list[Path]:
        """The folders from which the module may be imported.

        One is the first folder above that is no package; but packages without an __init__.py are
        imported from further up, from src or from the project's folder.
        """
        inner = self.module.parent
        while (inner / '__init__.py').exists() and inner != self.root:
            inner = inner.parent
        outer = self.root / 'src'
        if outer not in self.module.parents:
            outer = self.root
        if inner == outer or _hides_standard_library(inner):
            return [outer]
        return [inner, outer]


def _hides_standard_library(folder: Path) -> bool:
    """Return whether a module in a folder, were it in sys.path, would replace a standard one."""
    modules = {path.stem for path in folder.glob('*.py')}
    modules |= {path.parent.name for path in folder.glob('*/__init__.py')}
    return bool(modules & (sys.stdlib_module_names - {'test'}))


def find_project(module: Path, command: list[str]) -> Project:
    """Return the project of a module: the first folder above it that looks like one.

    Raises ProjectError for a module that is not there, or a command that cannot be run.
    """
    module = module.resolve()
    if not module.is_file() or module.suffix != '.py':
        raise ProjectError(f'{module} is not a Python file: name the module whose tests you try.')
    root = module.parent
    for folder in module.parents:
        if any((folder / mark).exists() for mark in MARKS_OF_A_ROOT):
            root = folder
            break
    if _in_copy(module, root) is None:
        raise ProjectError(
            f'{module} is not copied with {root}: it is in a hidden folder, or in an environment. '
            'Name a module of the project itself.'
        )
    text, encoding = _read(module)
    arguments = [_argument(word, root) for word in command[1:]]
    return Project(module, root, (_program(command[0], root), *arguments), text, encoding)


def _read(module: Path) -> tuple[str, str]:
    """Return a module's text and the encoding that its first lines declare."""
    code = module.read_bytes()
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(code).readline)
        return code.decode(encoding), encoding
    except (SyntaxError, UnicodeDecodeError) as error:
        raise ProjectError(
            f'{module} cannot be decoded: {error}. Unless it is UTF-8, its first line must name '
            'its encoding: # coding: latin-1'
        ) from error


def _program(word: str, root: Path) -> str:
    """Return the path of a command's first word, in the copy or absolute."""
    if os.sep not in word and '/' not in word:
        found = shutil.which(word, path=_path())
        if found is None:
            raise ProjectError(f'There is no program {word!r}: give the path of your own.')
        return found
    for folder in (Path.cwd(), root):
        path = folder / word
        found = shutil.which(path.name, path=str(path.parent))  # on Windows, python is python.exe
        if found:
            # If not copied, it is not resolved: a link in .venv says which environment it is.
            return _in_copy(Path(found), root) or str(Path(found).absolute())
        if path.exists():
            raise ProjectError(f'{word} is not a program: begin with one, such as {EXAMPLE}')
    raise ProjectError(f'{word} is neither here nor in {root}: give the path of your own.')


def _argument(word: str, root: Path) -> str:
    """Return an argument of the command, which must not lead to the original project."""
    name, separator, test = word.partition('::')
    if not Path(name).is_absolute() and os.access(root / name, os.F_OK):
        return word
    copied = _in_copy(Path(name), root)
    return f'{copied}{separator}{test}' if copied else word


def _in_copy(path: Path, root: Path) -> str | None:
    """Return a path as seen from the root of a copy; None for what is not in a copy."""
    if not os.access(path, os.F_OK):
        return None
    path = path.resolve()
    if not path.is_relative_to(root):
        return None
    relative = path.relative_to(root)
    below_root = [relative, *relative.parents][:-1]
    if not all(is_needed(root / part) for part in below_root):
        return None
    return str(relative)


def _path() -> str:
    """Return PATH, without what a nox session puts in front of it: its own environment."""
    path = os.environ.get('PATH', os.defpath)
    if 'NOX_CURRENT_SESSION' not in os.environ:
        return path
    session = Path(sys.prefix)
    folders = [folder for folder in path.split(os.pathsep) if session not in Path(folder).parents]
    return os.pathsep.join(folders)


@contextlib.contextmanager
def copies(project: Project, count: int) -> Iterator[list['Copy']]:
    """Yield copies of the project in a temporary folder, without caches and environments."""
    with tempfile.TemporaryDirectory(prefix='my_code-', ignore_cleanup_errors=True) as folder:
        made = []
        for number in range(count):
            home = Path(folder).resolve() / str(number)
            _copy(project.root, home / 'project')
            (home / 'probe' / 'hits').mkdir(parents=True)
            shutil.copy(PROBE, home / 'probe')
            copy = Copy(project, home)
            _make_writable(copy.module.parent)
            _make_writable(copy.module)
            made.append(copy)
        yield made


def _copy(root: Path, copy: Path) -> None:
    """Copy a project; raises ProjectError if that cannot be done."""
    size = 0
    temporary = copy.parents[1]

    def not_needed(folder: str, names: list[str]) -> set[str]:
        paths = [Path(folder) / name for name in names]
        return {path.name for path in paths if path == temporary or not is_needed(path)}

    def copy_file(source: str, target: str) -> None:
        nonlocal size
        size += Path(source).stat().st_size
        if size > MOST_BYTES:
            raise ProjectError(
                f'{root} has more than {MOST_BYTES:,} bytes to copy. If your project is a folder '
                'in it, put a pyproject.toml there. If not, move large files out of it.'
            )
        shutil.copy2(source, target)

    try:
        shutil.copytree(root, copy, symlinks=True, ignore=not_needed, copy_function=copy_file)
    except shutil.Error as error:
        path, _, reason = error.args[0][0]
        raise ProjectError(
            f'{path} cannot be copied: {reason}. Move it out of {root}, or make room.'
        ) from error
    for folder, folders, names in os.walk(copy):
        for name in [*folders, *names]:
            path = Path(folder) / name
            if path.is_symlink():
                _lead_where_it_led(path, root, copy)


def _lead_where_it_led(link: Path, root: Path, copy: Path) -> None:
    """Let a link in the copy lead into the copy if the original leads into the project."""
    target = Path(os.path.realpath(root / link.relative_to(copy)))
    if target.is_relative_to(root):
        target = copy / target.relative_to(root)
    if Path(os.path.realpath(link)) != target:
        link.unlink()
        link.symlink_to(target, target.is_dir())


def _make_writable(path: Path) -> None:
    path.chmod(path.stat().st_mode | stat.S_IRUSR | stat.S_IWUSR)


def is_needed(path: Path) -> bool:
    """Return whether something is copied.

    Caches, hidden folders, environments and pipes are not, nor what one may not read: the tests
    cannot read it either.
    """
    if path.is_dir():
        is_environment = any(os.access(path / mark, os.F_OK) for mark in ENVIRONMENT)
        readable = os.access(path, os.R_OK | os.X_OK)
        return readable and not is_clutter(path.name) and not is_environment
    if path.is_symlink():
        return True
    return path.is_file() and path.suffix != '.pyc' and os.access(path, os.R_OK)


class Copy:
    """One copy of the project, in which one variant of the module at a time is tried."""

    def __init__(self, project: Project, home: Path) -> None:
        """Know where everything is; nothing runs yet."""
        self.project = project
        self.root = home / 'project'
        self.probe = home / 'probe'
        self.hits = self.probe / 'hits'
        self.output = home / 'output'
        self.module = self.root / project.module.relative_to(project.root)
        # A bug changes which lines run, and that must not count as being noticed by a test.
        self.ignore_coverage = False
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, text: str | None = None, timeout: float | None = None) -> Run:
        """Run the author's command, on another text of the module if one is given.

        After `timeout` seconds, it is ended and counts as hanging.
        """
        text = self.project.text if text is None else text
        self.module.write_bytes(text.encode(self.project.encoding))
        for compiled in self.module.parent.glob(f'__pycache__/{self.module.stem}.*.pyc'):
            compiled.unlink()  # a change of a second ago might not be noticed
        program, *arguments = self.project.command
        began = time.monotonic()
        with self.output.open('wb') as output:
            try:
                process = subprocess.Popen(
                    [self.root / program, *arguments],  # a program may be in the project, too
                    cwd=self.root,
                    env=self._environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # Ctrl-C ends it from here, and quietly
                )
            except OSError as error:
                raise ProjectError(
                    f'{program} cannot be run: {error.strerror}. If it is a script, begin with '
                    f'what runs it: sh {program}'
                ) from error
            self.process = process
            try:
                status: int | None = process.wait(timeout)
            except subprocess.TimeoutExpired:
                status = None
            finally:
                self.stop()
        seconds = time.monotonic() - began
        text_of_output = self.output.read_text(encoding='utf-8', errors='replace')
        return Run(status, seconds, text_of_output)

    def stop(self) -> None:
        """End what runs here, and what it has started."""
        if self.process is not None:
            _end(self.process)
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if str(self.probe) in process.environ().get('PYTHONPATH', ''):
                    process.kill()  # a server, say, that the tests have left running

    def _environment(self) -> dict[str, str]:
        """Return the author's environment, in which this copy is imported first."""
        environment = {name: os.environ[name] for name in os.environ if name not in NOT_PASSED_ON}
        roots = [root.relative_to(self.project.root) for root in self.project.import_roots]
        paths = [str(self.probe), *(str(self.root / root) for root in roots)]
        paths += filter(None, [os.environ.get('PYTHONPATH')])
        environment['PATH'] = _path()
        environment['PYTHONPATH'] = os.pathsep.join(paths)
        options = ['--exitfirst']  # one failure is enough
        if self.ignore_coverage:
            options.append('--no-cov')
        pytest_options = f'{os.environ.get("PYTEST_ADDOPTS", "")} {" ".join(options)}'
        environment['PYTEST_ADDOPTS'] = pytest_options.strip()
        return environment

    def was_imported(self) -> bool:
        """Return whether anything imported the module from here, after a run with probes."""
        return any(self.hits.iterdir())

    def tests_by_probe(self) -> dict[int, list[str]]:
        """Return the tests that came to each probe, after a run with probes."""
        tests: dict[int, list[str]] = {}
        for file in sorted(self.hits.iterdir()):  # one or more for each process
            notes = file.read_bytes().replace(b'\0', b'').decode()
            for note in notes.split('\n')[:-1]:
                number, _, test = note.partition('\t')
                known = tests.setdefault(int(number), [])
                if test not in known:
                    known.append(test)
        return tests


def _end(process: 'subprocess.Popen[bytes]') -> None:
    """End a process and all that it has started."""
    try:
        started = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        started = []
    if process.poll() is None:
        process.kill()
    for child in started:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    if sys.platform != 'win32':
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # what has lost its parent
    process.wait()

"""What each learner has handed in: folders and zips, which are read and never unpacked.

Nobody vouches for a zip. What it says about its own paths is shown and compared, and nothing is
written there; what is graded is written elsewhere, under the names that the exercises give.
"""

import functools
import io
import stat
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from helpers.grader.supervisor import MAX_BYTES
from helpers.kit import ROOT, WORK, is_clutter, own_files

MAX_FILES = 10_000  # that a learner hands in, not counting caches and environments
MAX_TOTAL = 20_000_000  # bytes of all files that are read of a learner
MAX_ZIP = 100_000_000  # bytes of a zip
MAX_NESTED = 10_000_000  # bytes of a zip inside a zip
MAX_PATH = 500  # characters of a path in a zip
OTHER_ARCHIVES = ('.7z', '.rar', '.tar', '.gz', '.tgz', '.bz2', '.xz')
NAMED = ('.ipynb', '.pyw', *OTHER_ARCHIVES)  # not graded, but named


class NotRead(Exception):
    """A file is not read; the message says why."""


@dataclass(frozen=True)
class HandedIn:
    """A Python file that a learner has handed in."""

    path: PurePosixPath  # in the learner's folder; a zip counts as a folder
    content: bytes
    modified: float  # seconds since 1970

    @property
    def text(self) -> str:
        """The content, as far as it is text."""
        return self.content.decode('utf-8', 'replace')

    def has_content_of(self, other: bytes) -> bool:
        """Return whether the content is the same, apart from line endings and outer spaces."""
        return plain(self.content) == plain(other)


@dataclass
class HandIn:
    """All that one learner has handed in, except for the kit's own files."""

    files: list[HandedIn] = field(default_factory=list)
    not_read: list[str] = field(default_factory=list)  # sentences, each with a path
    # How many of the kit's files there are in each folder, whether they are changed or not.
    kits: Counter[PurePosixPath] = field(default_factory=Counter)
    seen: int = 0
    total: int = 0

    def read(self, source: Path) -> None:
        """Read a folder or a zip; a reason not to read a file goes into `not_read`."""
        shown = PurePosixPath(source.name)
        if source.is_dir():
            self._read_one(shown, functools.partial(self._read_folder, source))
        else:
            self._read_one(shown, functools.partial(self._read_zip_on_disk, source, shown))

    def _read_folder(self, folder: Path) -> None:
        for path in own_files(folder):
            shown = PurePosixPath(path.relative_to(folder).as_posix())
            if not self._counts(shown):
                return
            self._read_one(shown, functools.partial(self._read_file, folder, path, shown))

    def _counts(self, shown: PurePosixPath) -> bool:
        """Count a file; return whether there may be that many."""
        self.seen += 1
        if self.seen == MAX_FILES + 1:
            self.not_read.append(f'{shown}: more than {MAX_FILES:,} files; the rest was not read')
        return self.seen <= MAX_FILES

    def _read_one(self, shown: PurePosixPath, read: Callable[[], None]) -> None:
        """Read a file; whatever is wrong with it, go on with the others."""
        try:
            read()
        except NotRead as reason:
            self.not_read.append(f'{shown}: {reason}')
        except Exception as error:  # a broken zip raises many kinds
            self.not_read.append(f'{shown}: cannot be read: {str(error) or type(error).__name__}')

    def _read_file(self, folder: Path, path: Path, shown: PurePosixPath) -> None:
        leads_out = not path.resolve().is_relative_to(folder.resolve())
        if path.is_symlink() or leads_out:
            raise NotRead('a link, which is not followed')
        suffix = path.suffix.casefold()
        if suffix == '.zip':
            self._read_zip_on_disk(path, shown)
        elif self._wants(shown, path.stat().st_size):
            self._add_to_total(path.stat().st_size)
            self._add(shown, path.read_bytes(), path.stat().st_mtime)

    def _read_zip_on_disk(self, path: Path, shown: PurePosixPath) -> None:
        if path.stat().st_size > MAX_ZIP:
            raise NotRead(f'more than {MAX_ZIP // 1_000_000} MB; ask for what nox -s hand_in packs')
        with path.open('rb') as file, zipfile.ZipFile(file) as archive:
            self._read_zip(archive, shown, nested=False)

    def _read_zip(self, archive: zipfile.ZipFile, shown: PurePosixPath, nested: bool) -> None:
        before = len(self.files) + len(self.not_read)
        for entry in archive.infolist():
            if len(entry.filename) > MAX_PATH:
                self.not_read.append(f'{shown}: in it, a path of more than {MAX_PATH} characters')
                continue
            # Some programs on Windows write backslashes.
            inside = PurePosixPath(entry.filename.replace('\\', '/'))
            if entry.is_dir() or any(is_clutter(part) for part in inside.parts if part != '..'):
                continue
            if not self._counts(shown / inside.name):
                break
            read = functools.partial(self._read_entry, archive, entry, shown, inside, nested)
            self._read_one(shown / inside.relative_to(inside.anchor), read)
        if len(self.files) + len(self.not_read) == before:
            raise NotRead('nothing in it to grade')

    def _read_entry(
        self,
        archive: zipfile.ZipFile,
        entry: zipfile.ZipInfo,
        zip_shown: PurePosixPath,
        inside: PurePosixPath,
        nested: bool,
    ) -> None:
        if inside.is_absolute() or '..' in inside.parts or ':' in inside.parts[0]:
            raise NotRead('a path that leads out of the zip')
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise NotRead('a link, which is not followed')
        shown = zip_shown / inside
        is_zip = inside.suffix.casefold() == '.zip'
        if not is_zip and not self._wants(shown, entry.file_size):
            return
        if entry.flag_bits & 1:
            raise NotRead('encrypted; ask for a zip without a password')
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotRead('compressed in an unusual way; ask for what nox -s hand_in packs')
        if is_zip and nested:
            raise NotRead('a zip in a zip in a zip')
        if is_zip and entry.file_size > MAX_NESTED:
            raise NotRead(f'more than {MAX_NESTED // 1_000_000} MB in a zip')
        self._add_to_total(entry.file_size)
        with archive.open(entry) as file:
            content = file.read(entry.file_size + 1)  # without a limit, it would expand a bomb
        if is_zip:
            with zipfile.ZipFile(io.BytesIO(content)) as inner:
                self._read_zip(inner, shown, nested=True)
        else:
            self._add(shown, content, _seconds(entry.date_time))

    def _wants(self, shown: PurePosixPath, size: int) -> bool:
        """Return whether a file is to be read: it is Python, and not too large."""
        original = kits_path(shown)
        if original and len(original.parts) > 1:
            self.kits[shown.parent] += 1
        suffixes = [suffix.casefold() for suffix in shown.suffixes]
        if not suffixes:
            return False
        if suffixes[-1] in OTHER_ARCHIVES:
            raise NotRead('not a zip')
        if suffixes[-1] != '.py':
            if suffixes[-1] in NAMED or '.py' in suffixes:
                raise NotRead('not a .py file')
            return False
        if size > MAX_BYTES:
            raise NotRead(f'more than {MAX_BYTES:,} bytes')
        return True

    def _add_to_total(self, size: int) -> None:
        if self.total + size > MAX_TOTAL:
            raise NotRead(f'more than {MAX_TOTAL // 1_000_000} MB in all')
        self.total += size

    def _add(self, shown: PurePosixPath, content: bytes, modified: float) -> None:
        """Keep a file, unless it is the kit's own, unchanged."""
        found = HandedIn(shown, content, modified)
        original = kits_path(shown)
        if not original or not found.has_content_of(_kits_content(original)):
            self.files.append(found)

    def is_in_a_copy_of_the_kit(self, path: PurePosixPath) -> bool:
        """Return whether a file is one of the kit's, with at least two others beside it."""
        return kits_path(path) is not None and self.kits[path.parent] > 2


def plain(content: bytes) -> bytes:
    """Return a file's content without what an editor or git may change."""
    return content.replace(b'\r\n', b'\n').strip()


def kits_path(path: PurePosixPath) -> PurePosixPath | None:
    """Return which of the kit's files a path ends with, if any: in a copy of the kit, each does."""
    if WORK in path.parts:
        return None
    for start in range(len(path.parts)):
        end = path.parts[start:]
        if end in _kits_files():
            return PurePosixPath(*end)
    return None


@functools.cache
def _kits_files() -> frozenset[tuple[str, ...]]:
    """Return the parts of each path in the kit, except for the instructor's own work."""
    parts = [path.relative_to(ROOT).parts for path in own_files(ROOT)]
    return frozenset(each for each in parts if WORK not in each)


@functools.cache
def _kits_content(path: PurePosixPath) -> bytes:
    return (ROOT / path).read_bytes()


def _seconds(date_time: tuple[int, int, int, int, int, int]) -> float:
    """Return when a file in a zip was changed; 0 if the zip says nonsense."""
    try:
        return datetime(*date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0

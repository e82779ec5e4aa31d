"""Pack what is in your my_work folders into NAME.zip, in the kit's folder, to hand it in.

Hidden files, caches, links that lead elsewhere and files of more than 1 MB are left out. Exit
status: 0 if the zip is there, 2 if it could not be written, 130 after Ctrl-C.
"""

import io
import itertools
import re
import sys
import zipfile
from pathlib import Path

from helpers.cli import Parser, quiet_on_ctrl_c, replace_unprintable_characters
from helpers.kit import ROOT, WORK, own_files

MAX_BYTES = 1_000_000  # of a file
FORBIDDEN = '<>:"/\\|?*'  # in the name of a file, on Windows
RESERVED = r'con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]'  # names of devices, on Windows


@quiet_on_ctrl_c
def main() -> int:
    """Write the zip, print where it is and what is in it, and return the exit status."""
    replace_unprintable_characters()
    parser = Parser(prog='nox -s hand_in --', description=__doc__)
    parser.add_argument('name', metavar='NAME', nargs='*', help='your name')
    name = ' '.join(parser.parse_args().name).removesuffix('.zip').strip()
    problem = problem_with(name)
    if problem:
        parser.error(problem)
    try:
        files, left_out = choose(ROOT)
        if not files:
            parser.exit(2, 'There is nothing in my_work yet. To begin: nox -s 01_exercise\n')
        content = pack(ROOT, files)
        kept = write(ROOT / f'{name}.zip', content)
    except OSError as error:
        parser.exit(2, f'Cannot pack your work: {error}\n')
    print(f'Hand in this file: {ROOT / name}.zip ({len(content) / 1000:.1f} kB). It holds:')
    for path in files:
        print(f'  {shown(ROOT, path)}')
    for path, reason in left_out:
        print(f'Left out: {shown(ROOT, path)}, {reason}')
    if kept:
        print(f'The zip that was there before is now {kept.name}.')
    return 0


def problem_with(name: str) -> str:
    """Say why a name cannot be the name of a file on every system; nothing if it can."""
    if not name:
        return "your name is missing: for gina's work, nox -s hand_in -- gina"
    wrong = [character for character in name if character in FORBIDDEN or character < ' ']
    if wrong:
        return f'a file name cannot contain {wrong[0]!r}: choose another NAME'
    if name[0] in '._' or name[-1] == '.':
        return f'{name!r} begins with . or _, or ends with a dot: choose another NAME'
    if re.fullmatch(RESERVED, name.split('.')[0].strip(), re.IGNORECASE):
        return f'Windows reserves the name {name!r}: choose another NAME'
    return ''


def shown(kit: Path, path: Path) -> str:
    """Return a path as it is in the zip."""
    return path.relative_to(kit).as_posix()


def choose(kit: Path) -> tuple[list[Path], list[tuple[Path, str]]]:
    """Return the files of all my_work folders to pack, and those left out, each with the reason."""
    files = []
    left_out = []
    for work in sorted(kit.glob(f'*/{WORK}')):
        for path in own_files(work):
            reason = reason_to_leave_out(path, work)
            if reason:
                left_out.append((path, reason))
            else:
                files.append(path)
    return files, left_out


def reason_to_leave_out(path: Path, work: Path) -> str:
    """Say why a file of a my_work folder is not packed; nothing if it is."""
    if not path.resolve().is_relative_to(work.resolve()):
        return f'a link that leads out of {WORK}'
    if not path.is_file():
        return 'not a file'
    if path.stat().st_size > MAX_BYTES:
        return f'more than {MAX_BYTES:,} bytes'
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return 'its name is not UTF-8'
    return ''


def pack(kit: Path, files: list[Path]) -> bytes:
    """Return a zip of files, which depends on nothing but their contents and times."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, 'w') as archive:
        for path in files:
            info = zipfile.ZipInfo.from_file(path, shown(kit, path), strict_timestamps=False)
            info.create_system = 3  # Unix, on every system
            info.external_attr = 0o644 << 16
            archive.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return packed.getvalue()


def write(path: Path, content: bytes) -> Path | None:
    """Write a file; if another one was there, keep it under a new name and return that."""
    kept = None
    new = path.with_name(f'{path.name}.new')
    try:
        new.write_bytes(content)
        if path.exists() and path.read_bytes() != content:
            kept = path.rename(unused_path(path))
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return kept


def unused_path(path: Path) -> Path:
    """Return the path, next to a file, that an old version of it can have."""
    for number in itertools.count(1):
        old = path.with_name(f'old{number}_{path.name}')
        if not old.exists():
            break
    return old


if __name__ == '__main__':
    sys.exit(main())

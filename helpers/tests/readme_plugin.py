"""A pytest plugin that checks what a README shows: `-p helpers.tests.readme_plugin README.md`.

A Python block with a prompt is run, one without must stand in a source file, and each command of
a console block is run from the kit's folder. `...` in an output stands for anything, FOLDER in a
command for a room of two learners. A link to another page, or within one, must lead somewhere.
"""

import doctest
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

from helpers.kit import ROOT
from slides.anchors import slugify

STAGES = sorted(ROOT.glob('0*'))
SOURCES = [*STAGES, *ROOT.glob('0*/other_ways'), ROOT / 'helpers']
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
# -R: environments that are there are used as they are, also without a network.
PROGRAMS = {'python': [sys.executable], 'nox': [sys.executable, '-m', 'nox', '-R']}

sys.path += map(str, STAGES)


def check_quotation(example: Example) -> None:
    """Raise AssertionError unless the block stands in a source file, at whatever indentation."""
    files = [path for folder in SOURCES for path in folder.glob('*.py')]
    text = '\n'.join(path.read_text(encoding='utf-8') for path in files)
    if not any(indent(example.parsed, ' ' * width) in text for width in (0, 4, 8)):
        raise AssertionError(f'in no source file:\n{example.parsed}')


def check_console(example: Example) -> None:
    """Run the commands of the block; raise AssertionError if one fails or prints anything else."""
    for shown in example.parsed.removeprefix('$ ').split('\n$ '):
        command, _, expected = shown.partition('\n')
        with tempfile.TemporaryDirectory() as folder:
            fill(Path(folder))
            program, *arguments = shlex.split(command)
            run = [*PROGRAMS[program], *(folder if a == 'FOLDER' else a for a in arguments)]
            ended = subprocess.run(run, cwd=ROOT, text=True, capture_output=True, timeout=300)
        if ended.returncode or not doctest.OutputChecker().check_output(
            expected, ended.stdout, FLAGS
        ):
            raise AssertionError(f'$ {command}\n{ended.stdout}{ended.stderr}\n{ended.returncode=}')


def fill(folder: Path) -> None:
    """Put into a folder what Ann and Bob hand in for exercise 1: all of it, and nothing."""
    for learner, work in ('ann', ''), ('bob', '.exercise'):
        (folder / learner).mkdir()
        shutil.copy(ROOT / '01_sync' / work / 'test_receive.py', folder / learner)


def links(document: Document) -> Iterator[Region]:
    """Yield the links of a page, but those to other sites."""
    for link in re.finditer(r'\]\((?!https:)([^)]+)\)', document.text):
        yield Region(link.start(), link.end(), link[1], check_link)


def check_link(example: Example) -> None:
    """Raise FileNotFoundError if the link leads to no file, AssertionError if to no heading."""
    page, (path, _, wanted) = Path(example.path), example.parsed.partition('#')
    target = page.parent / path if path else page
    headings = re.findall(r'^#+ (.*)$', target.read_text(encoding='utf-8'), re.MULTILINE)
    if wanted not in ['', *map(slugify, headings)]:
        raise AssertionError(f'{path or page.name} has no heading for #{wanted}')


python = PythonCodeBlockParser(doctest_optionflags=FLAGS)
python.codeblock_parser = CodeBlockParser('python', check_quotation)
console = CodeBlockParser('console', check_console)

pytest_collect_file = Sybil(
    [python, console, links], path=str(ROOT), filenames=['README.md', 'INSTRUCTOR.md']
).pytest()

"""A pytest plugin that checks what a README shows: `-p helpers.tests.readme_plugin README.md`.

A Python block with a prompt is run; one without must be in a source file. Each command of a console
block is run from the kit's folder: `...` in its output matches anything, and FOLDER in the command
is a folder with two learners' submissions. A link within the kit must lead to a file and a heading.
"""

import doctest
import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

import pytest
from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from helpers.kit import ROOT, STAGES
from slides.anchors import slugify

STAGE_FOLDERS = [ROOT / stage for stage in STAGES]
SOURCES = [*STAGE_FOLDERS, *ROOT.glob('0*/other_ways'), ROOT / 'helpers']
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
# -R: reuse the environments that exist, without installing; so no network is needed.
PROGRAMS = {'python': [sys.executable], 'nox': [sys.executable, '-m', 'nox', '-R']}
# Tests that share something costly: a browser and the deck, four servers, all files as parsed.
TOGETHER = ('slides/tests/', 'helpers/tests/test_servers.py', 'helpers/tests/test_rooms.py')

sys.path.extend(map(str, STAGE_FOLDERS))


def check_quotation(example: Example) -> None:
    """Raise AssertionError unless the block is in a source file, at any usual indentation."""
    files = [path for folder in SOURCES for path in folder.glob('*.py')]
    text = '\n'.join(path.read_text(encoding='utf-8') for path in files)
    if not any(indent(example.parsed, ' ' * width) in text for width in (0, 4, 8)):
        raise AssertionError(f'in no source file:\n{example.parsed}')


def parse(block: str) -> list[tuple[str, str]]:
    """Return the commands of a console block, each with the output shown below it.

    >>> parse('$ cd kit\\n$ nox -l\\nSessions:\\n...\\n')
    [('cd kit', ''), ('nox -l', 'Sessions:\\n...\\n')]
    """
    commands: list[tuple[str, str]] = []
    for line in block.splitlines(keepends=True):
        if line.startswith('$ '):
            commands.append((line.removeprefix('$ ').rstrip('\n'), ''))
        else:
            command, output = commands[-1]
            commands[-1] = (command, output + line)
    return commands


def check_console(example: Example) -> None:
    """Run a block's commands; raise AssertionError if one fails or prints something else."""
    for command, expected in parse(example.parsed):
        ended = run(command)
        as_shown = doctest.OutputChecker().check_output(expected, ended.stdout, FLAGS)
        if ended.returncode != 0 or not as_shown:
            output = ended.stdout + ended.stderr
            raise AssertionError(f'$ {command}\n{output}\nexit status {ended.returncode}')


@functools.cache
def run(command: str) -> 'subprocess.CompletedProcess[str]':
    """Run a command, but only once if several pages show it."""
    with tempfile.TemporaryDirectory() as folder:
        make_submissions(Path(folder))
        program, *words = shlex.split(command)
        arguments = [folder if word == 'FOLDER' else word for word in words]
        return subprocess.run(
            [*PROGRAMS[program], *arguments],
            cwd=ROOT,
            env=os.environ | {'PYTHONUTF8': '1'},
            encoding='utf-8',
            capture_output=True,
            timeout=300,
        )


def make_submissions(folder: Path) -> None:
    """Make two submissions for exercise 1: Ann's is the solution, Bob's the empty starter."""
    for learner, source in ('ann', '01_sync'), ('bob', '01_sync/.exercise'):
        (folder / learner).mkdir()
        shutil.copy(ROOT / source / 'test_receive.py', folder / learner)


def links(document: Document) -> Iterator[Region]:
    """Yield the links of a page, except those to other sites."""
    # A word before the bracket makes it code, as in handlers[event_name](event_data).
    for link in re.finditer(r'(?<!\w)\[[^\]]*\]\((?!https:)([^)]+)\)', document.text):
        yield Region(link.start(), link.end(), link[1], check_link)


def check_link(example: Example) -> None:
    """Raise FileNotFoundError if the linked file is missing, AssertionError if the heading is."""
    page = Path(example.path)
    path, _, wanted = example.parsed.partition('#')
    target = page.parent / path if path else page
    if not target.exists():
        raise FileNotFoundError(target)
    if not wanted:
        return
    headings = re.findall(r'^#+ (.*)$', target.read_text(encoding='utf-8'), re.MULTILINE)
    if wanted not in map(slugify, headings):
        raise AssertionError(f'{path or page.name} has no heading for #{wanted}')


python = PythonCodeBlockParser(doctest_optionflags=FLAGS)
python.codeblock_parser = CodeBlockParser('python', check_quotation)
console = CodeBlockParser('console', check_console)

pytest_collect_file = Sybil(
    [python, console, links], path=str(ROOT), filenames=['README.md', 'INSTRUCTOR.md']
).pytest()


class SomeTogether(LoadScopeScheduling):
    """Tests go to the processes one by one, but those that share something costly go together."""

    def _split_scope(self, nodeid: str) -> str:
        if '.md::' in nodeid:
            return 'pages'  # their commands share the kit's folder
        for tests in TOGETHER:
            if nodeid.startswith(tests):
                return tests
        return nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Return what distributes the tests, whatever --dist says."""
    return SomeTogether(config, log)

"""The blocks of a slide: code by its name, sessions at the prompt, commands, drawings."""

import ast
import doctest
import re
import shlex
import subprocess
import sys
import textwrap
import warnings
import xml.etree.ElementTree as ET
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from helpers.kit import ROOT, STAGES, WORK

HERE = Path(__file__).resolve().parent
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
NOT_SHOWN = {WORK, 'tests', '.exercise'}  # folders whose files no slide refers to
Span = tuple[int, int]  # the first and the last line of a step, from 0
Shown = dict[int, int | None]  # for each line, the step at which it appears; None: at once


class DeckError(ValueError):
    """The deck says something that the kit does not."""


class Steps:
    """The steps of one slide: how often the presenter presses a key before the next slide."""

    def __init__(self) -> None:
        """Begin with no step."""
        self.count = 0

    def next(self) -> int:
        """Return the number of the next step, from 0."""
        self.count += 1
        return self.count - 1


@dataclass
class Box:
    """The space for a block of code, and the font sizes that it may have, all in pixels."""

    width: float
    height: float
    smallest: int
    largest: int

    def style(self, text: str) -> str:
        """Return the CSS that makes a text fit; raise DeckError if it is too high or too long."""
        lines = text.expandtabs().splitlines()
        longest = max(lines, key=len)
        if len(lines) > 16:
            raise DeckError(f'too high for a slide, {len(lines)} lines: show a part of it')
        size_by_height = self.height / len(lines) / 1.25
        size_by_width = self.width / len(longest) / 0.45
        size = int(min(size_by_height, size_by_width, self.largest))
        size = max(size, self.smallest)
        # Inconsolata at a width of 70 to 100 %: a character is 0.38 to 0.5 of the font size wide.
        stretch = (self.width / size / len(longest) - 0.1) / 0.004
        if stretch < 70:
            raise DeckError(f'too long for a slide, {len(longest)} characters: {longest}')
        return f'font-size: {size}px; font-stretch: {min(stretch, 100):.1f}%'


def box(fences: int) -> Box:
    """Return the space for each block of code, given how many there are on the slide."""
    if fences > 1:
        return Box(width=1146, height=470 / fences, smallest=28, largest=36)
    return Box(width=1146, height=470, smallest=28, largest=40)


def code(kind: str, what: str, text: str, steps: Steps, fences: int, folder: Path) -> str:
    """Return code as HTML. What: FILE NAME..., with the path from the deck's folder or the kit's.

    Each line of text is a step, which names what to highlight: a line by some words of it, or the
    first and the last with ` ... ` between them. The kind `build` shows a line no earlier than its
    step; the kind `part` shows only what its first line names. Raises DeckError if a file, a name
    or a line is not there.
    """
    path, _, names = what.partition(' ')
    if not names:
        raise DeckError(f'{kind} takes a FILE and a NAME in it, not {what!r}')
    shown_source = '\n\n'.join(source(path, name, folder) for name in names.split())

    step_lines = [line for line in text.splitlines() if line.strip()]
    if kind == 'part':
        if not step_lines:
            raise DeckError('the first line of a part should name what it shows')
        first, last = span(shown_source, step_lines.pop(0))
        lines = shown_source.splitlines()[first : last + 1]
        shown_source = textwrap.dedent('\n'.join(lines))
    numbers = [steps.next() for _ in step_lines]
    spans = [span(shown_source, step) for step in step_lines]
    shown: Shown = {}
    if kind == 'build':
        shown = first_steps(numbers, spans)
    bands = ''.join(band(number, lines) for number, lines in zip(numbers, spans, strict=True))
    listed = listing('python', shown_source, shown, box(fences), bands)
    return f'<figure><figcaption>{escape(path)}</figcaption>{listed}</figure>\n'


def first_steps(numbers: list[int], spans: list[Span]) -> Shown:
    """Return for each line of the spans the first step that it belongs to."""
    shown: Shown = {}
    for number, (first, last) in zip(numbers, spans, strict=True):
        for line in range(first, last + 1):
            shown.setdefault(line, number)
    return shown


def band(number: int, lines: Span) -> str:
    """Return what highlights the lines of a step as HTML."""
    first, last = lines
    return (
        f'<span class="band fragment current-visible" data-fragment-index="{number}"'
        f' style="--first: {first}; --lines: {last - first + 1}"></span>'
    )


def source(path: str, name: str, folder: Path) -> str:
    """Return a function, class or variable of a file, dedented and without its docstring."""
    file = find_file(path, folder)
    text = file.read_text(encoding='utf-8')
    node: ast.AST = ast.parse(text, path)
    for part in name.split('.'):
        body = getattr(node, 'body', [])
        found = [statement for statement in body if part in names_of(statement)]
        if len(found) != 1:
            raise DeckError(f'{path} has no {name}, or not just one, at its top level')
        node = found[0]

    assert isinstance(node, ast.stmt)
    lines = text.split('\n')
    decorators = getattr(node, 'decorator_list', [])
    first = min(part.lineno for part in [node, *decorators])
    shown = lines[first - 1 : node.end_lineno]
    if isinstance(node, DEFINITIONS) and ast.get_docstring(node):
        docstring = node.body[0]
        above = lines[first - 1 : docstring.lineno - 1]
        below = lines[docstring.end_lineno : node.end_lineno]
        shown = above + below
    for_tools = r'  # (type: ignore|noqa).*'
    return textwrap.dedent(re.sub(for_tools, '', '\n'.join(shown)))


def find_file(path: str, folder: Path) -> Path:
    """Return a file of the deck's folder, or else of the kit; raise DeckError if there is none."""
    for base in (folder, ROOT):
        file = base / path
        if file.is_file() and file.resolve().is_relative_to(base):
            return file
    raise DeckError(f'there is no file {path}, neither in {folder} nor in the kit')


def names_of(statement: ast.stmt) -> list[str]:
    """Return the names that a statement defines."""
    if isinstance(statement, DEFINITIONS):
        return [statement.name]
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def span(text: str, step: str) -> Span:
    """Return the first and the last line that a step names; raise DeckError if it names none."""
    start, _, end = step.partition(' ... ')
    first = line_number(text, start.strip())
    last = first
    if end:
        last = line_number(text, end.strip())
    if last < first:
        raise DeckError(f'the lines of {step!r} are in the other order in\n{text}')
    return first, last


def line_number(text: str, words: str) -> int:
    """Return the number of the one line that contains the words, from 0."""
    found = [number for number, line in enumerate(text.splitlines()) if words in line]
    if len(found) != 1:
        raise DeckError(f'{words!r} should be in one line, is in {len(found)} of\n{text}')
    return found[0]


def prompt(text: str, steps: Steps, fences: int) -> str:
    """Run a session at the prompt and return it as HTML; raise DeckError if an answer differs."""
    parser = doctest.DocTestParser()
    for part in parser.parse(text):
        if not is_question_or_blank(part):
            raise DeckError(f'a prompt has questions and answers only:\n{text}')
    test = parser.get_doctest(text, {}, 'the prompt', None, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    report: list[str] = []
    with warnings.catch_warnings(action='ignore'):  # a slide shows what is printed
        results = runner.run(test, out=report.append)
    if results.failed or not results.attempted:
        raise DeckError(f'the prompt answers something else:\n{"".join(report)}')
    return dialogue('pycon', text, ('>>> ', '... '), steps, fences)


def is_question_or_blank(part: str | doctest.Example) -> bool:
    """Return whether a part of a session is an example without options, or a blank line."""
    if isinstance(part, str):
        return not part.strip()
    return not part.options


def console(text: str, steps: Steps, fences: int, folder: Path) -> str:
    """Return commands as HTML; raise DeckError unless a page whose commands are run has them."""
    pages = [page for path, page in texts(folder).items() if path.name == 'README.md']
    if not text.strip() or not any(f'```console\n{text}' in page for page in pages):
        raise DeckError(f'no README.md has these commands, so no test runs them:\n{text}')
    return dialogue('console', text, ('$ ',), steps, fences)


def run(text: str, steps: Steps, fences: int) -> str:
    """Run a command of Python's and return it, with what it prints, as HTML.

    Raises DeckError if it prints something else; `...` stands for anything.
    """
    command, _, expected = text.partition('\n')
    if not command.startswith('$ python '):
        raise DeckError(f'what is run begins with "$ python": {command}')
    words = shlex.split(command.removeprefix('$ python '))
    ended = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding='utf-8',
    )
    if not doctest.OutputChecker().check_output(expected, ended.stdout, doctest.ELLIPSIS):
        raise DeckError(f'the command prints something else:\n{ended.stdout}')
    return dialogue('console', text, ('$ ',), steps, fences)


def dialogue(lexer: str, text: str, prompts: tuple[str, ...], steps: Steps, fences: int) -> str:
    """Return a dialogue as HTML: each step shows an answer and the question after it.

    A blank line is a step, too: after a question that prints nothing.
    """
    lines: list[str] = []
    shown: Shown = {}
    step = None
    after_question = False
    for line in text.splitlines():
        is_question = f'{line} '.startswith(prompts)
        if not line or (after_question and not is_question):
            step = steps.next()
        if line:
            shown[len(lines)] = step
            lines.append(line)
        after_question = is_question
    html = listing(lexer, '\n'.join(lines), shown, box(fences))
    return f'<figure>{html}</figure>\n'


def listing(lexer: str, text: str, shown: Shown, space: Box, bands: str = '') -> str:
    """Return the lines of a text, highlighted, with bands behind them."""
    formatter = HtmlFormatter(nowrap=True)
    highlighted = highlight(text, get_lexer_by_name(lexer, stripnl=False), formatter)
    html = ''
    for number, line in enumerate(highlighted.splitlines()):
        attributes = 'class="line"'
        step = shown.get(number)
        if step is not None:
            attributes = f'class="line fragment" data-fragment-index="{step}"'
        html += f'<span {attributes}>{line or " "}</span>\n'
    return f'<pre style="{space.style(text)}"><code>{html}</code>{bands}</pre>'


def drawing(path: Path, folder: Path = HERE) -> str:
    """Return a drawing for the page; raise DeckError if it has no title and description."""
    if not path.is_file():
        raise DeckError(f'there is no drawing {path.name}')
    svg = path.read_text(encoding='utf-8')
    parts = list(ET.fromstring(svg).iter())
    texts = {part.tag.rpartition('}')[2]: part.text for part in parts}
    if not (texts.get('title') and texts.get('desc')):
        raise DeckError(f'{path.name} should have a <title> and a <desc>')
    if not {'script', 'image', 'use', 'foreignObject'}.isdisjoint(texts):
        raise DeckError(f'{path.name} should have nothing but shapes and text')
    for part in parts:
        if 'code' in part.get('class', '').split():
            check_mentioned(''.join(part.itertext()).strip(), folder)
    return svg.replace('<svg', '<svg role="img"', 1)


def png(path: Path, alt: str) -> str:
    """Return a picture as an image inside the page; raise DeckError if it, or its text, is missing.

    The text is for those who cannot see the picture.
    """
    if not path.is_file():
        raise DeckError(f'there is no picture {path.name}')
    if not alt:
        raise DeckError(f'{path.name} needs a description: ![description](...)')
    data = b64encode(path.read_bytes()).decode()
    return f'<img alt="{escape(alt)}" src="data:image/png;base64,{data}">'


def check_mentioned(text: str, folder: Path) -> None:
    """Raise DeckError unless some file of the kit, or of the deck's folder, has a piece of code.

    Of `nox -s SESSION -- OPTION`, the session and the option may be in two places.
    """
    for part in text.split(' -- '):
        whole = re.compile(rf'(?<!\w){re.escape(part)}(?!\w)')
        if not any(whole.search(page) for page in texts(folder).values()):
            raise DeckError(f'{part!r} is in no file of the kit, nor next to the deck')


@cache
def texts(folder: Path) -> dict[Path, str]:
    """Return the texts that the slides of a deck may quote: the kit's, and those in its folder."""
    if folder == HERE:
        return kit_texts()
    own = [path for path in folder.iterdir() if path.suffix in ('.py', '.md')]
    quoted = [path for path in own if path.name != 'deck.md']
    return kit_texts() | {path: path.read_text(encoding='utf-8') for path in quoted}


@cache
def kit_texts() -> dict[Path, str]:
    """Return the texts of the kit's sources and pages, except those of the deck and of tests."""
    return {path: path.read_text(encoding='utf-8') for path in kit_files()}


def kit_files() -> Iterator[Path]:
    """Yield the kit's sources and pages: what slides may quote."""
    for pattern in '*.py', '*.md':
        yield from ROOT.glob(pattern)
        for folder in *STAGES, 'helpers':
            for path in (ROOT / folder).rglob(pattern):
                if NOT_SHOWN.isdisjoint(path.relative_to(ROOT).parts):
                    yield path

"""The blocks of a slide: code by its name, sessions at the prompt, commands, drawings."""

import ast
import doctest
import re
import textwrap
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from helpers.kit import ROOT

Shown = dict[int, int | None]  # for each line, the step at which it appears; None: at once


class DeckError(ValueError):
    """The deck says something that the kit does not."""


@dataclass
class Room:
    """The place for a block, and the sizes that its letters may have, all in pixels."""

    width: float
    height: float
    smallest: int
    largest: int

    def style(self, text: str) -> str:
        """Return the CSS that makes a text fit; raise DeckError if a line is too long."""
        lines = text.expandtabs().splitlines()
        longest = max(lines, key=len)
        comfortable = min(self.height / len(lines) / 1.25, self.width / len(longest) / 0.45)
        size = max(self.smallest, min(self.largest, int(comfortable)))
        # Inconsolata at a width of 70 to 100 %: a letter takes 0.38 to 0.5 of the font's size.
        stretch = (self.width / size / len(longest) - 0.1) / 0.004
        if len(lines) > 16:
            raise DeckError(f'too high for a slide, {len(lines)} lines: show a part of it')
        if stretch < 70:
            raise DeckError(f'too long for a slide, {len(longest)} characters: {longest}')
        return f'font-size: {size}px; font-stretch: {min(stretch, 100):.1f}%'


def room(fences: int, columns: int = 1) -> Room:
    """Return what each of several code blocks on a slide may take."""
    if columns > 1:
        return Room(558, 470, 22, 28)
    return Room(1146, 470 / fences, 28, 40 if fences == 1 else 28)


def code(kind: str, what: str, text: str, steps: Iterator[int], fences: int) -> str:
    """Return code of the kit as HTML. What: FILE NAME..., or two of them side by side: ... | ...

    Each line of text is a step, which names what to highlight: a line by some words of it, or the
    first and the last with ` ... ` between them; with two columns ` | ` stands between left and
    right. The kind `build` shows a line no earlier than its step; the kind `part` shows only what
    its first line names. Raises DeckError if a name or a line is not there.
    """
    columns = [column.split() for column in what.split('|')]
    if min(map(len, columns)) < 2:
        raise DeckError(f'{kind} takes a FILE and a NAME in it, not {what!r}')
    named = [line.split(' | ') for line in text.splitlines() if line.strip()]
    for step in named:
        if len(step) not in (1, len(columns)):
            raise DeckError(f'more steps side by side than columns: {" | ".join(step)}')
    html = ''
    sources = ['\n\n'.join(source(path, name) for name in names) for path, *names in columns]
    if kind == 'part':
        if not named:
            raise DeckError('the first line of a part should name what it shows')
        first, last = span(sources[0], named.pop(0)[0])
        sources = [textwrap.dedent('\n'.join(sources[0].splitlines()[first : last + 1]))]
    numbers = [next(steps) for _ in named]
    for place, (path, *_) in enumerate(columns):
        spans = [span(sources[place], step[place % len(step)]) for step in named]
        shown: Shown = {}
        if kind == 'build':
            for number, (first, last) in zip(numbers, spans, strict=True):
                for line in range(first, last + 1):
                    shown.setdefault(line, number)
        bands = ''.join(
            f'<span class="band fragment current-visible" data-fragment-index="{number}"'
            f' style="--first: {first}; --lines: {last - first + 1}"></span>'
            for number, (first, last) in zip(numbers, spans, strict=True)
        )
        lines = listing('python', sources[place], shown, room(fences, len(columns)), bands)
        html += f'<figure><figcaption>{escape(path)}</figcaption>{lines}</figure>\n'
    return f'<div class="columns">{html}</div>\n' if len(columns) > 1 else html


def source(path: str, name: str) -> str:
    """Return a function, class or variable of a file, dedented and without its docstring."""
    file = ROOT / path
    if not (file.is_file() and file.resolve().is_relative_to(ROOT)):
        raise DeckError(f'the kit has no file {path}')
    text = file.read_text(encoding='utf-8')
    node: ast.AST = ast.parse(text, path)
    for part in name.split('.'):
        inside = [inner for inner in getattr(node, 'body', []) if part in names_of(inner)]
        if len(inside) != 1:
            raise DeckError(f'{path} has no {name}, or not just one, at its top level')
        node = inside[0]
    assert isinstance(node, ast.stmt)
    first = min(part.lineno for part in [node, *getattr(node, 'decorator_list', [])])
    lines = dict(enumerate(text.split('\n')[first - 1 : node.end_lineno], first))
    if isinstance(
        node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ) and ast.get_docstring(node):
        for number in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1):
            lines.pop(number, None)
    return textwrap.dedent('\n'.join(lines.values()))


def names_of(statement: ast.AST) -> list[str | None]:
    """Return the names that a statement defines."""
    targets = getattr(statement, 'targets', [getattr(statement, 'target', None)])
    return [
        getattr(part, 'name', None) or getattr(part, 'id', None) for part in [statement, *targets]
    ]


def span(text: str, step: str) -> tuple[int, int]:
    """Return the first and the last line that a step names; raise DeckError if it names none."""
    first, _, last = step.partition(' ... ')
    found = []
    for words in first.strip(), (last or first).strip():
        lines = [number for number, line in enumerate(text.splitlines()) if words in line]
        if len(lines) != 1:
            raise DeckError(
                f'{words!r} should stand in one line, stands in {len(lines)} of\n{text}'
            )
        found += lines
    if found[1] < found[0]:
        raise DeckError(f'the lines of {step!r} stand in the other order in\n{text}')
    return found[0], found[1]


def prompt(text: str, steps: Iterator[int], fences: int) -> str:
    """Run a session at the prompt and return it as HTML; raise DeckError if an answer differs."""
    parser = doctest.DocTestParser()
    for part in parser.parse(text):
        if part.strip() if isinstance(part, str) else part.options:
            raise DeckError(f'a prompt has questions and answers only:\n{text}')
    test = parser.get_doctest(text, {}, 'the prompt', None, 0)
    report: list[str] = []
    with warnings.catch_warnings(action='ignore'):  # a slide shows what is printed
        results = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False).run(
            test, out=report.append
        )
    if results.failed or not results.attempted:
        raise DeckError(f'the prompt answers something else:\n{"".join(report)}')
    return dialogue('pycon', text, ('>>> ', '... '), steps, fences)


def console(text: str, steps: Iterator[int], fences: int) -> str:
    """Return commands as HTML; raise DeckError unless they stand in a page whose commands run."""
    pages = [page for path, page in kit().items() if path.name == 'README.md']
    if not text.strip() or not any(f'```console\n{text}' in page for page in pages):
        raise DeckError(f'these commands stand in no README.md, where they would be run:\n{text}')
    return dialogue('console', text, ('$ ',), steps, fences)


def dialogue(
    lexer: str, text: str, prompts: tuple[str, ...], steps: Iterator[int], fences: int
) -> str:
    """Return a dialogue as HTML: each step shows an answer, and the question after it.

    A blank line is a step, too: after a question that is answered by silence.
    """
    lines: list[str] = []
    shown: Shown = {}
    step, asked = None, False
    for line in text.splitlines():
        asks = f'{line} '.startswith(prompts)
        if not line or (asked and not asks):
            step = next(steps)
        if line:
            shown[len(lines)] = step
            lines.append(line)
        asked = asks
    html = listing(lexer, '\n'.join(lines), shown, room(fences))
    return f'<figure>{html}</figure>\n'


def listing(lexer: str, text: str, shown: Shown, place: Room, bands: str = '') -> str:
    """Return the lines of a text, highlighted, with bands behind them."""
    colours = highlight(text, get_lexer_by_name(lexer, stripnl=False), HtmlFormatter(nowrap=True))
    html = ''
    for number, line in enumerate(colours.splitlines()):
        step = shown.get(number)
        fragment = '' if step is None else f' fragment" data-fragment-index="{step}'
        html += f'<span class="line{fragment}">{line or " "}</span>\n'
    return f'<pre style="{place.style(text)}"><code>{html}</code>{bands}</pre>'


def drawing(path: Path) -> str:
    """Return a drawing for the page; raise DeckError if it has no title and description."""
    svg = path.read_text(encoding='utf-8') if path.is_file() else '<svg/>'
    parts = list(ET.fromstring(svg).iter())
    texts = {part.tag.rpartition('}')[2]: part.text for part in parts}
    if not (texts.get('title') and texts.get('desc')):
        raise DeckError(f'{path.name} is no drawing with a <title> and a <desc>')
    if {'script', 'image', 'use', 'foreignObject'} & {*texts}:
        raise DeckError(f'{path.name} should have nothing but shapes and text')
    for part in parts:
        if 'code' in part.get('class', '').split():
            mentioned(''.join(part.itertext()).strip())
    return svg.replace('<svg', '<svg role="img"', 1)


def mentioned(text: str) -> str:
    """Return a piece of code in a sentence as it is; raise DeckError if the kit nowhere has it."""
    whole = re.compile(rf'(?<!\w){re.escape(text)}(?!\w)')
    if not any(whole.search(page) for page in kit().values()):
        raise DeckError(f'{text!r} stands in no file of the kit')
    return text


@cache
def kit() -> dict[Path, str]:
    """Return the kit's sources and pages, those of the deck left out."""
    folders = [ROOT, *ROOT.glob('0*'), *ROOT.glob('0*/*s'), ROOT / 'helpers']
    files = [path for folder in folders for kind in ('*.py', '*.md') for path in folder.glob(kind)]
    return {path: path.read_text(encoding='utf-8') for path in files}

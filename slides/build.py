"""Build the deck: deck.md becomes deck.html, one file that needs no network.

A heading begins a slide. A block quote holds the slide's notes, which begin with its minutes in
each of three decks: "Minutes: talk 1, workshop 2, half a day 2." A deck that is not named leaves
the slide out; {minutes} in the text of a slide is the number for the deck that is shown. Code comes
from the kit: see blocks.py. A paragraph after code appears with the code's last step: it may give
the answer.
"""

import re
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from watchfiles import Change, watch

from helpers.cli import Parser, port_number, quiet_on_ctrl_c, replace_unprintable_characters
from helpers.kit import ROOT, STAGES
from helpers.service.serving import HOST, ServerMixin
from slides import blocks
from slides.anchors import slugify
from slides.blocks import HERE, DeckError, Steps

KIT_DECK = HERE / 'deck.md'
WATCHED = [
    ROOT / 'slides',
    ROOT / 'helpers',
    *(ROOT / stage for stage in STAGES),
    ROOT / 'README.md',
]
# The three decks, as notes name them, and as their addresses do: deck.html?half.
DECKS = {'talk': 'talk', 'workshop': 'workshop', 'half a day': 'half'}
MINUTES = '{minutes}'  # in the text of a slide
PATIENCE = 5  # seconds that readers of the old deck have when there is a new one
SOURCES = {'.css', '.js', '.md', '.png', '.py', '.svg'}  # not .html: a build writes deck.html
# Only the page that --serve serves asks for anything: whether there is a newer one.
RELOAD = """<script>
let shown
setInterval(async () => {
  const built = await fetch('built').then(answer => answer.text(), () => shown)
  if (built !== (shown ??= built)) location.reload()
}, 300)
</script>"""

for stage in '01_sync', '03_asyncio':  # for sessions at the prompt
    sys.path.append(str(ROOT / stage))


@dataclass
class Slide:
    """One slide; minutes are its share of each deck that shows it."""

    title: str
    minutes: dict[str, int]
    html: str

    @property
    def anchor(self) -> str:
        """The slide's address, in the deck and in deck.md on GitHub."""
        return slugify(self.title)

    @property
    def counts_down(self) -> bool:
        """Whether the room works on its own while the slide is shown."""
        return MINUTES in self.html

    def section(self) -> str:
        """Return the slide as reveal.js takes it; deck.js chooses its minutes."""
        attributes = f'id="{self.anchor}"'
        for name, minutes in self.minutes.items():
            attributes += f' data-{DECKS[name]}="{minutes}"'
        if self.counts_down:
            attributes += ' class="your-turn"'
        html = self.html.replace(MINUTES, '<span class="minutes"></span>')
        return f'<section {attributes}>\n{html}</section>\n'


def parse_deck(text: str, folder: Path = HERE) -> list[Slide]:
    """Return the slides of a deck; raise DeckError, with the title of the slide that is wrong.

    Files and drawings are looked for in the deck's folder, then in the kit.
    """
    tokens = markdown().parse(text)
    if not tokens or tokens[0].type != 'heading_open':
        raise DeckError('it should begin with a heading, "# Title"')
    deck = [parse_slide(part, folder) for part in split_at_headings(tokens)]
    for address, times in Counter(slide.anchor for slide in deck).items():
        if times > 1 or not address:
            raise DeckError(f'{times} slides have the address #{address}: give each its own title')
    return deck


def split_at_headings(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the tokens of each slide."""
    starts = [place for place, token in enumerate(tokens) if token.type == 'heading_open']
    ends = [*starts[1:], len(tokens)]
    for start, end in zip(starts, ends, strict=True):
        yield tokens[start:end]


def parse_slide(tokens: Sequence[Token], folder: Path) -> Slide:
    """Return one slide."""
    title = tokens[1].content.replace('`', '')
    fences = sum(token.type == 'fence' for token in tokens)
    env = {'fences': fences, 'steps': Steps(), 'folder': folder}
    try:
        minutes = parse_notes(tokens)
        html = markdown().renderer.render(tokens, markdown().options, env)
    except (OSError, SyntaxError, LookupError, ValueError) as error:  # of deck, source or drawing
        raise DeckError(f'slide "{title}": {error}') from None
    return Slide(title, minutes, html)


def parse_notes(tokens: Sequence[Token]) -> dict[str, int]:
    """Return the slide's minutes in each deck that shows it: what its notes begin with."""
    notes = [place for place, token in enumerate(tokens) if token.type == 'blockquote_open']
    if len(notes) != 1:
        raise DeckError(f'it has {len(notes)} block quotes; its notes should be the only one')
    first_paragraph = tokens[notes[0] + 2].content
    part = rf'({"|".join(DECKS)}) ([1-9]\d*)'
    if not re.fullmatch(rf'Minutes: {part}(, {part})*\.', first_paragraph):
        raise DeckError(
            'its notes should begin with its minutes, as in "Minutes: talk 1, workshop 2, half a '
            f'day 2.", not with: {first_paragraph}'
        )
    return {name: int(minutes) for name, minutes in re.findall(part, first_paragraph)}


@cache
def markdown() -> MarkdownIt:
    """Return the parser, with our own rules for code blocks, images and code in sentences."""
    parser = MarkdownIt('commonmark', {'html': False}).enable('table')
    for name, rule in RULES.items():
        parser.add_render_rule(name, rule)
    return parser


def fence(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """Render a code block."""
    kind, _, what = tokens[place].info.partition(' ')
    text = tokens[place].content
    if kind in ('include', 'build', 'part'):
        return blocks.code(kind, what, text, env['steps'], env['fences'], env['folder'])
    if kind == 'prompt':
        return blocks.prompt(text, env['steps'], env['fences'])
    if kind == 'console':
        return blocks.console(text, env['steps'], env['fences'], env['folder'])
    if kind == 'run':
        return blocks.run(text, env['steps'], env['fences'])
    known = 'include, build, part, prompt, console or run'
    raise DeckError(f'code comes by {known}, not by {kind or "indentation"!r}:\n{text}')


def paragraph(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """Render the start of a paragraph: after code, it appears with the last step."""
    token = tokens[place]
    steps = env['steps'].count
    if steps and token.level == 0:
        token.attrSet('class', 'fragment')
        token.attrSet('data-fragment-index', str(steps - 1))
    return self.renderToken(tokens, place, options, env)


def code_inline(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """Render code in a sentence."""
    text = tokens[place].content
    blocks.check_mentioned(text, env['folder'])
    return f'<code>{escape(text, quote=False)}</code>'


def image(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """Render a drawing, or a chart in a PNG file."""
    folder = env['folder']
    name = str(tokens[place].attrs['src'])
    path = folder / name if (folder / name).is_file() else HERE / name
    if path.suffix == '.png':
        return blocks.png(path, alt=tokens[place].content)
    return blocks.drawing(path, folder)


def notes_open(*_: Any) -> str:
    """Render the start of the notes."""
    return '<aside class="notes">\n'


def notes_close(*_: Any) -> str:
    """Render the end of the notes."""
    return '</aside>\n'


RULES: dict[str, Any] = {
    'fence': fence,
    'code_block': fence,
    'code_inline': code_inline,
    'image': image,
    'paragraph_open': paragraph,
    'blockquote_open': notes_open,
    'blockquote_close': notes_close,
}


def page(deck: Sequence[Slide]) -> str:
    """Return the whole deck, with its styles, fonts and scripts inside."""
    # What reveal.js does on paper does not fit our slides: theme.css has rules of its own.
    reveal = read('reveal/reset.css', 'reveal/reveal.css').replace('@media print', '@media not all')
    style = reveal + read('theme.css')
    return Template(read('page.html')).substitute(
        title=escape(deck[0].title),
        style=re.sub(r'url\((fonts/.*?)\)', embedded_font, style),
        slides=''.join(slide.section() for slide in deck),
        script=read('reveal/reveal.js', 'reveal/notes.js', 'deck.js'),
    )


def read(*names: str) -> str:
    """Return the text of files in this folder, one after the other."""
    return '\n'.join((HERE / name).read_text(encoding='utf-8') for name in names)


def embedded_font(url: re.Match[str]) -> str:
    """Return a URL that contains the font itself."""
    font = b64encode((HERE / url[1]).read_bytes()).decode()
    return f'url(data:font/woff2;base64,{font})'


def build(source: Path = KIT_DECK) -> str:
    """Write deck.html next to deck.md and return a summary.

    On a DeckError, deck.html stays as it was.
    """
    if not source.is_file():
        restore = '; to restore it: git checkout slides' if source == KIT_DECK else ''
        raise DeckError(f'the file is missing{restore}')
    sys.path.insert(0, str(source.parent))  # for sessions at the prompt
    deck = parse_deck(source.read_text(encoding='utf-8-sig'), source.parent)
    built = source.with_suffix('.html')
    new = source.with_suffix('.new')
    new.write_text(page(deck), encoding='utf-8')
    take_the_place_of(built, new)
    lengths = [f'{name} {summary(deck, name)}' for name in DECKS]
    return f'{built}: {"; ".join(lengths)}'


def summary(deck: Sequence[Slide], name: str) -> str:
    """Return the length of one of the decks: '31 slides, 90 minutes'."""
    minutes = [slide.minutes[name] for slide in deck if name in slide.minutes]
    return f'{len(minutes)} slides, {sum(minutes)} minutes'


def take_the_place_of(old: Path, new: Path) -> None:
    """Rename a new deck to the old one; on Windows, wait while another program reads that."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            new.replace(old)
        except PermissionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


class Handler(BaseHTTPRequestHandler):
    """Answers with the deck, or with the time when it was built."""

    server: 'Server'

    def do_GET(self) -> None:
        """Answer a GET."""
        deck = self.server.deck
        built = deck.exists()
        if self.path == '/built':  # asked often: do not read the deck, which a build may replace
            body = str(deck.stat().st_mtime_ns) if built else ''
        else:
            body = deck.read_text(encoding='utf-8') if built else 'No deck: the terminal says why.'
            body += RELOAD
        self.send_response(200)
        self.send_header('Content-Type', 'text/html; charset=utf-8')
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


class Server(ServerMixin, ThreadingHTTPServer):
    """One thread per request."""

    deck: Path


def serve(source: Path, port: int) -> None:
    """Serve a deck and rebuild it on every save, until Ctrl-C; exit if the port is taken."""
    try:
        server = Server((HOST, port), Handler)
    except OSError as error:
        print(f'nox -s slides --: cannot listen on port {port}: {error.strerror}', file=sys.stderr)
        sys.exit(2)
    server.deck = source.with_suffix('.html')
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f'listening on http://{HOST}:{server.server_port}', flush=True)
        print('The deck is rebuilt on every save. Ctrl-C ends this.', flush=True)
        rebuild(source)
        for _ in watch(*WATCHED, source.parent, watch_filter=is_source):
            rebuild(source)


def is_source(change: Change, path: str) -> bool:
    """Return whether the deck is built from files like this one."""
    return Path(path).suffix in SOURCES


def rebuild(source: Path) -> None:
    """Build in a new process, since this one has imported the code as it was."""
    command = [sys.executable, '-X', 'utf8', '-m', 'slides.build', str(source)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, encoding='utf-8')
    print(ended.stdout, ended.stderr, sep='', end='', flush=True)


@quiet_on_ctrl_c
def main() -> None:
    """Build, or serve if asked to; exit with 1 and the reason if the deck is wrong."""
    parser = Parser(prog='nox -s slides --', description=__doc__)
    parser.add_argument(
        'deck',
        metavar='DECK.md',
        type=Path,
        nargs='?',
        default=KIT_DECK,
        help="a deck of your own; its HTML is written next to it (default: the kit's)",
    )
    parser.add_argument('--serve', action='store_true', help='serve it, rebuild it on every save')
    parser.add_argument(
        '--port', type=port_number, default=8000, help='with --serve (default: 8000)'
    )
    arguments = parser.parse_args()
    replace_unprintable_characters()
    source = arguments.deck.resolve()
    try:
        if arguments.serve:
            serve(source, arguments.port)
        else:
            print(build(source))
    except DeckError as error:
        sys.exit(f'{source.name}: {error}')


if __name__ == '__main__':
    sys.exit(main())

"""Build the deck: deck.md becomes deck.html, one file that needs no network.

A heading begins a slide. A block quote holds the slide's notes, which begin with its minutes; what
the 45-minute talk skips says "workshop only" there. Code comes from the kit: see blocks.py. A
paragraph after code appears with the code's last step: it may give the answer.
"""

import re
import subprocess
import sys
import threading
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
from watchfiles import watch

from helpers.cli import Parser, handle_sigint, port_number
from helpers.service.serving import HOST, ServerMixin
from slides import blocks
from slides.anchors import slugify
from slides.blocks import ROOT, DeckError

HERE = Path(__file__).resolve().parent
DECK = HERE / 'deck.html'
WATCHED = [HERE, ROOT / 'helpers', *ROOT.glob('0*'), ROOT / 'README.md']
SOURCES = {'.css', '.js', '.md', '.py', '.svg'}  # page.html: build by hand
# Only the page that is served asks for anything: whether there is a newer one.
RELOAD = """<script>
let shown
setInterval(async () => {
  const built = await fetch('built').then(answer => answer.text(), () => shown)
  if (built !== (shown ??= built)) location.reload()
}, 300)
</script>"""

sys.path += [str(ROOT / '01_sync'), str(ROOT / '03_asyncio')]  # for sessions at the prompt


@dataclass
class Slide:
    """One slide; minutes are its share of the session."""

    title: str
    minutes: int
    workshop_only: bool
    html: str

    @property
    def anchor(self) -> str:
        """The slide's address, in the deck and in deck.md on GitHub."""
        return slugify(self.title)

    def section(self) -> str:
        """Return the slide as reveal.js takes it."""
        kind = ' class="workshop-only"' * self.workshop_only
        timing = f'data-timing="{60 * self.minutes}"'
        return f'<section id="{self.anchor}" {timing}{kind}>\n{self.html}</section>\n'


def slides(text: str) -> list[Slide]:
    """Return the slides of a deck; raise DeckError, with the title of the slide that is wrong."""
    tokens = markdown().parse(text)
    if not tokens or tokens[0].type != 'heading_open':
        raise DeckError('it should begin with a heading, "# Title"')
    deck = [slide(part) for part in split(tokens)]
    for address, times in Counter(slide.anchor for slide in deck).items():
        if times > 1 or not address:
            raise DeckError(f'{times} slides have the address #{address}: give each its own title')
    return deck


def split(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the tokens of each slide."""
    starts = [place for place, token in enumerate(tokens) if token.type == 'heading_open']
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        yield tokens[start:end]


def slide(tokens: Sequence[Token]) -> Slide:
    """Return one slide."""
    title = tokens[1].content.replace('`', '')
    env: dict[str, Any] = {'fences': sum(token.type == 'fence' for token in tokens)}
    env['steps'] = numbered(env)
    try:
        notes = [n for n, token in enumerate(tokens) if token.type == 'blockquote_open']
        if len(notes) != 1:
            raise DeckError(f'it has {len(notes)} block quotes; its notes should be the only one')
        said = tokens[notes[0] + 2].content
        minutes = re.match(r'([1-9]\d*) minutes?(, workshop only)?\.', said)
        if not minutes or ('orkshop only' in said and not minutes[2]):
            raise DeckError(
                f'its notes do not begin with minutes, as in "2 minutes, workshop only.": {said}'
            )
        html = markdown().renderer.render(tokens, markdown().options, env)
    except (OSError, SyntaxError, LookupError, ValueError) as error:  # of deck, source or drawing
        raise DeckError(f'slide "{title}": {error}') from None
    return Slide(title, int(minutes[1]), bool(minutes[2]), html)


def numbered(env: dict[str, Any]) -> Iterator[int]:
    """Yield the steps of a slide, and leave the last one where paragraph() finds it."""
    while True:
        env['last'] = env.get('last', -1) + 1
        yield env['last']


@cache
def markdown() -> MarkdownIt:
    """Return the parser, whose code blocks, images and code in sentences are ours."""
    parser = MarkdownIt('commonmark', {'html': False}).enable('table')
    for name, rule in RULES.items():
        parser.add_render_rule(name, rule)
    return parser


def fence(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """Render a code block."""
    kind, _, arguments = tokens[place].info.partition(' ')
    text = tokens[place].content
    if kind in ('include', 'build', 'part'):
        return blocks.code(kind, arguments, text, env['steps'], env['fences'])
    if kind in ('prompt', 'console'):
        return getattr(blocks, kind)(text, env['steps'], env['fences'])
    known = 'include, build, part, prompt or console'
    raise DeckError(f'code comes by {known}, not by {kind or "indentation"!r}:\n{text}')


def paragraph(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """Render the start of a paragraph: after code, it appears with the last step."""
    if 'last' in env and not tokens[place].level:
        tokens[place].attrSet('class', 'fragment')
        tokens[place].attrSet('data-fragment-index', str(env['last']))
    return self.renderToken(tokens, place, options, env)


def code_inline(self: Any, tokens: Sequence[Token], place: int, *_: Any) -> str:
    """Render code in a sentence."""
    return f'<code>{blocks.mentioned(tokens[place].content)}</code>'


def image(self: Any, tokens: Sequence[Token], place: int, *_: Any) -> str:
    """Render a drawing."""
    return blocks.drawing(HERE / str(tokens[place].attrs['src']))


RULES: dict[str, Any] = {
    'fence': fence,
    'code_block': fence,
    'code_inline': code_inline,
    'image': image,
    'paragraph_open': paragraph,
    'blockquote_open': lambda *_: '<aside class="notes">\n',
    'blockquote_close': lambda *_: '</aside>\n',
}


def page(deck: Sequence[Slide]) -> str:
    """Return the whole deck, with its styles, fonts and scripts inside."""

    def read(*names: str) -> str:
        return '\n'.join((HERE / name).read_text(encoding='utf-8') for name in names)

    def embedded(url: re.Match[str]) -> str:
        font = b64encode((HERE / url[1]).read_bytes()).decode()
        return f'url(data:font/woff2;base64,{font})'

    # What reveal.js does on paper does not fit our slides: theme.css has rules of its own.
    reveal = read('reveal/reset.css', 'reveal/reveal.css').replace('@media print', '@media not all')
    style = reveal + read('theme.css')
    return Template(read('page.html')).substitute(
        title=escape(deck[0].title),
        style=re.sub(r'url\((fonts/.*?)\)', embedded, style),
        slides=''.join(slide.section() for slide in deck),
        script=read('reveal/reveal.js', 'reveal/notes.js', 'deck.js'),
    )


def build() -> str:
    """Write deck.html and return what there is to say; raise DeckError and leave the old one."""
    source = HERE / 'deck.md'
    if not source.is_file():
        raise DeckError('it is not there: git checkout slides')
    deck = slides(source.read_text(encoding='utf-8-sig'))
    new = DECK.with_suffix('.new')
    new.write_text(page(deck), encoding='utf-8')
    new.replace(DECK)
    minutes = sum(slide.minutes for slide in deck)
    talk = [slide.minutes for slide in deck if not slide.workshop_only]
    return (
        f'{DECK}: {len(deck)} slides, {minutes} minutes; '
        f'with ?talk at the end of its address {len(talk)} slides, {sum(talk)} minutes'
    )


class Handler(BaseHTTPRequestHandler):
    """Answers with the deck, or with the time when it was built."""

    def do_GET(self) -> None:
        """Answer a GET."""
        built = str(DECK.stat().st_mtime_ns) if DECK.exists() else ''
        page = DECK.read_text(encoding='utf-8') if built else 'No deck: the terminal says why.'
        body = built if self.path == '/built' else page + RELOAD
        self.send_response(200)
        self.send_header('Content-Type', 'text/html; charset=utf-8')
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Server(ServerMixin, ThreadingHTTPServer):
    """A thread for each question."""


def serve(port: int) -> None:
    """Serve the deck and build it again at every save, until Ctrl-C; exit if the port is taken."""
    try:
        server = Server((HOST, port), Handler)
    except OSError as error:
        print(f'nox -s slides --: cannot listen on port {port}: {error.strerror}', file=sys.stderr)
        sys.exit(2)
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f'listening on http://{HOST}:{server.server_port}', flush=True)
        print('Builds at every save; Ctrl-C ends it.', flush=True)
        build_anew()
        for _ in watch(*WATCHED, watch_filter=lambda _, path: Path(path).suffix in SOURCES):
            build_anew()


def build_anew() -> None:
    """Build in a process of its own, since this one has imported the code as it was."""
    build = [sys.executable, '-m', 'slides.build']
    ended = subprocess.run(build, cwd=ROOT, capture_output=True, encoding='utf-8')
    print(ended.stdout, ended.stderr, sep='', end='', flush=True)


def main() -> None:
    """Build, or serve if asked to; exit with 1 and the reason if the deck is wrong."""
    parser = Parser(prog='nox -s slides --', description=__doc__)
    parser.add_argument('--serve', action='store_true', help='serve it, build at every save')
    parser.add_argument(
        '--port', type=port_number, default=8000, help='with --serve (default: 8000)'
    )
    arguments = parser.parse_args()
    handle_sigint()
    try:
        serve(arguments.port) if arguments.serve else print(build())
    except DeckError as error:
        sys.exit(f'deck.md: {error}')
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == '__main__':
    main()

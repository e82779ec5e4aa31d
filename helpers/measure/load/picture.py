"""The picture of a measurement, as SVG for a page and for a slide.

By hand, since what matplotlib writes cannot stand on a slide: it repeats shapes with <use>, and its
style sheet is for all that is around it.
"""

import math
from collections.abc import Iterator
from html import escape
from textwrap import wrap

from helpers.measure.load.measure import Run
from helpers.measure.load.report import Report

WIDTH, HEIGHT = 1184, 560  # of a drawing on a slide
LINE = 30  # from one line of text to the next; letters are 24 high, the least for a slide
LETTERS = 100  # in a line
PLOT = 480  # wide
LEFT = 84, 704  # where the two columns of plots begin
EDGE = 36  # from a plot's edge to its outermost points
INK, QUIET, RULE, PAPER = '#1d2129', '#545b67', '#c9ced6', '#ffffff'
# The colours are Okabe's and Ito's, which everyone can tell apart. A point's shape, around 0, 0.
COLOURS = {'threads': '#d55e00', 'gevent': '#009e73', 'eventlet': '#b0508c', 'asyncio': '#0072b2'}
SHAPES = {
    'threads': 'M-7 0a7 7 0 1 0 14 0a7 7 0 1 0 -14 0z',
    'gevent': 'M-6.5 -6.5h13v13h-13z',
    'eventlet': 'M0 -8.5l8.5 15h-17z',
    'asyncio': 'M0 -9l9 9l-9 9l-9 -9z',
}
ASIDE = dict(zip(SHAPES, (-9, -3, 3, 9), strict=True))  # equal values stand beside each other
PANELS = {
    'rate': 'Requests a second',
    'p99': '99 of 100 answered within, s',
    'memory': 'Peak memory, MB',
    'threads': 'OS threads',
}
WITH_FLOOR = ('rate',)


def picture(report: Report) -> str:
    """Return the picture of a report; what was left out is marked, with the reason in words."""
    medians = report.medians()
    left_out = [missing for missing in report.left_out if not missing.floor]
    servers = [name for name in SHAPES if any(name == key[0] for key in medians)]
    words = [line for missing in left_out for line in wrap(f'× {missing}', LETTERS)]
    words += wrap(_caption(report), LETTERS)
    height = (HEIGHT - LINE * (len(words) + 4) - 68) / 2  # of a plot
    levels = sorted({key[2] for key in medians} | {missing.clients for missing in left_out})
    parts = [*_legend(servers)]
    for place, (name, title) in enumerate(PANELS.items()):
        row, column = divmod(place, 2)
        top = 2 * LINE + 20 + row * (height + LINE + 26)
        plot = Plot(LEFT[column], top, height, levels, _values(report, name))
        parts += plot.frame(title, with_levels=row == 1)
        for server in servers:
            for floor in (True, False) if name in WITH_FLOOR else (False,):
                runs = [medians[key] for n in levels if (key := (server, floor, n)) in medians]
                parts += plot.line(server, floor, name, runs)
        parts += [plot.cross(missing.server, missing.clients) for missing in left_out]
    first = HEIGHT - 10 - LINE * (len(words) - 1)
    parts += [text(0, first + LINE * n, line, QUIET) for n, line in enumerate(words)]
    return '\n'.join([*_head(report, servers), *parts, '</svg>', ''])


class Plot:
    """One plot, logarithmic in both directions; its places are pixels from the left and the top."""

    def __init__(
        self, left: float, top: float, height: float, levels: list[int], values: list[float]
    ) -> None:
        """Make room for values at levels of clients."""
        self.left, self.top, self.bottom, self.levels = left, top, top + height, levels
        self.most = max(values, default=1)
        self.ticks = ticks(min(values, default=1), self.most)

    def x(self, clients: float) -> float:
        """Return where so many clients stand."""
        share = _share(clients, self.levels[0], self.levels[-1])
        return self.left + EDGE + share * (PLOT - 2 * EDGE)

    def y(self, value: float) -> float:
        """Return where a value stands."""
        share = _share(value, self.ticks[0], self.most)
        return self.bottom - max(0, share) * (self.bottom - self.top)

    def frame(self, title: str, with_levels: bool) -> Iterator[str]:
        """Yield the title, the lines behind the plot, and what they stand for."""
        yield text(self.left, self.top - 14, title, INK, 'font-weight="650"')
        right = self.left + PLOT
        for value in self.ticks:
            yield path(f'M{self.left:g} {self.y(value):.1f}H{right:g}', RULE, 1)
            yield text(self.left - 8, self.y(value) + 8, _short(value), QUIET, 'text-anchor="end"')
        for clients in self.levels if with_levels else ():
            x, label = self.x(clients), f'{clients:,}'
            yield text(x, self.bottom + 28, label, QUIET, 'text-anchor="middle"')
        if with_levels:
            yield text(self.left - 8, self.bottom + 28, 'clients', QUIET, 'text-anchor="end"')

    def line(self, server: str, floor: bool, name: str, runs: list[Run]) -> Iterator[str]:
        """Yield what shows a server's values: points and a line, or a thin one for the floor."""
        aside, colour = ASIDE[server], COLOURS[server]
        points = [(self.x(run.clients) + aside, self.y(getattr(run, name) or 1e-9)) for run in runs]
        steps = 'L'.join(f'{x:.1f} {y:.1f}' for x, y in points)
        if floor and points:
            yield path(f'M{steps}', colour, 1.5, 'stroke-dasharray="3 5"')
        elif points:
            yield path(f'M{steps}', colour, 2.5)
            for x, y in points:
                yield point(server, x, y)

    def cross(self, server: str, clients: int) -> str:
        """Return the mark of a server that was left out."""
        where = f'M{self.x(clients) + ASIDE[server]:.1f} {self.bottom - 26:.1f}'
        return path(f'{where}m-8 -8l16 16m0 -16l-16 16', COLOURS[server], 3.5)


def ticks(least: float, most: float) -> list[float]:
    """Return round values from the first that is not above the least, to the most; a few."""
    first, last = math.floor(math.log10(least)), math.ceil(math.log10(most))
    digits = (1,) if last - first > 2 else (1, 2, 5)
    scale = [digit * 10.0**power for power in range(first, last + 1) for digit in digits]
    low = max(value for value in scale if value <= least)
    return [value for value in scale if low <= value <= most]


def text(x: float, y: float, words: str, colour: str, more: str = '') -> str:
    """Return a line of text."""
    return f'  <text x="{x:.1f}" y="{y:.1f}" fill="{colour}" {more}>{escape(words)}</text>'


def path(steps: str, colour: str, width: float, more: str = '') -> str:
    """Return a line."""
    return f'  <path d="{steps}" fill="none" stroke="{colour}" stroke-width="{width}" {more}/>'


def point(server: str, x: float, y: float) -> str:
    """Return a server's mark."""
    place = f'transform="translate({x:.1f} {y:.1f})"'
    look = f'fill="{COLOURS[server]}" stroke="{PAPER}" stroke-width="1.5"'
    return f'  <path {place} d="{SHAPES[server]}" {look}/>'


def _head(report: Report, servers: list[str]) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-size="24"'
        f" font-family=\"'Source Sans 3', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif\">"
    )
    yield '  <title>Four servers under load</title>'
    yield f'  <desc>{escape(_description(report, servers))}</desc>'
    yield f'  <rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>'


def _description(report: Report, servers: list[str]) -> str:
    told = ['Four plots: requests a second, 99th percentile, peak memory and OS threads.']
    for server in servers:
        runs = [run for run in report.medians().values() if (run.server, run.floor) == (server, 0)]
        for run in sorted(runs, key=lambda run: run.clients)[-1:]:
            told.append(
                f'{server} at {run.clients:,} clients: {run.rate:,.0f} requests a second, '
                f'{run.p99:.2f} s, {run.memory:,.0f} MB, {run.threads:,.0f} threads.'
            )
    return ' '.join([*told, *(f'Left out: {missing}.' for missing in report.left_out)])


def _legend(servers: list[str]) -> Iterator[str]:
    x = 0.0
    for server in servers:
        yield path(f'M{x:g} 20h40', COLOURS[server], 2.5)
        yield point(server, x + 20, 20)
        yield text(x + 50, 28, server, INK)
        x += 200
    yield path(f'M{x:g} 20h40', QUIET, 1.5, 'stroke-dasharray="3 5"')
    yield text(x + 50, 28, 'its floor: a bare echo server', INK)


def _caption(report: Report) -> str:
    of = report.machine
    facts = (
        f'{of["processor"]}, {of["cores"]} cores',
        of['system'],
        f'Python {of["python"]}',
        of['date'],
        f'the handler waits {report.wait:g} s',
        f'medians of {report.repeats}',
    )
    return ' · '.join(facts)


def _values(report: Report, name: str) -> list[float]:
    shown = [run for run in report.medians().values() if not run.floor or name in WITH_FLOOR]
    return [value for run in shown if (value := getattr(run, name)) > 0]


def _share(value: float, least: float, most: float) -> float:
    """Return where a value stands between two, on a logarithmic scale, from 0 to 1."""
    return math.log(value / least) / math.log(most / least) if most > least else 0.5


def _short(value: float) -> str:
    return f'{value:,.0f}' if value >= 1 else f'{value:g}'

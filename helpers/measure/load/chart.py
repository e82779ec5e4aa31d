"""The charts of the results, by matplotlib: answers per second alone, and all four quantities."""

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter, NullFormatter

from helpers.measure.load.results import Results

# The colours are Okabe's and Ito's, which everyone can tell apart. The lines drawn first are the
# thickest, so that equal values remain visible below each other.
COLOURS = {'threads': '#d55e00', 'gevent': '#009e73', 'eventlet': '#b0508c', 'asyncio': '#0072b2'}
WIDTHS = {'threads': 11, 'gevent': 8, 'eventlet': 5, 'asyncio': 2.5}
MARKERS = {'threads': 'o', 'gevent': 's', 'eventlet': '^', 'asyncio': 'D'}
PANELS = {
    'rate': 'Answers per second',
    'p99': '99 of 100 answered within (s)',
    'memory': 'Peak memory (MB)',
    'threads': 'OS threads',
}
LABEL_GAP = 24  # points between two labels


def draw_rate(results: Results, file: Path) -> None:
    """Draw the answers per second over the number of clients."""
    plt.rcParams.update({'font.size': 18, 'font.family': 'DejaVu Sans'})
    figure, axes = plt.subplots(figsize=(11.84, 5.6), layout='constrained')
    _draw_panel(axes, results, 'rate')
    axes.set_xlabel('clients')
    _label_lines(axes, results)
    figure.savefig(file, dpi=150, metadata={'Software': None})
    plt.close(figure)


def draw_all(results: Results, file: Path) -> None:
    """Draw all quantities; the baselines, where there are any, as dotted lines."""
    plt.rcParams.update({'font.size': 16, 'font.family': 'DejaVu Sans'})
    figure, grid = plt.subplots(2, 2, figsize=(14, 10), layout='constrained')
    for axes, name in zip(grid.flat, PANELS, strict=True):
        _draw_panel(axes, results, name)
        if name == 'rate':
            _draw_baselines(axes, results)
    for axes in grid[1]:
        axes.set_xlabel('clients')
    handles, names = grid[0][0].get_legend_handles_labels()
    figure.legend(handles, names, loc='outside upper center', ncols=len(names), frameon=False)
    conditions = results.conditions
    text = f'{conditions["processor"]}, {conditions["cores"]} cores · {conditions["system"]}'
    text += f' · Python {conditions["python"]} · {conditions["date"]}'
    text += f' · the handler waits {conditions["wait"]:g} s'
    figure.supxlabel(text, fontsize=13, color='#545b67')
    figure.savefig(file, dpi=120, metadata={'Software': None})
    plt.close(figure)


def _draw_panel(axes: Any, results: Results, name: str) -> None:
    for server in COLOURS:
        points = _points(results, server, False, name)
        if points:
            axes.plot(
                *zip(*points, strict=True),
                color=COLOURS[server],
                linewidth=WIDTHS[server],
                marker=MARKERS[server],
                markersize=WIDTHS[server] + 5,
                label=server,
            )
    axes.set(xscale='log', yscale='log')
    axes.set_title(PANELS[name], loc='left', fontweight='bold')
    axes.grid(visible=True, color='#d5d9df')
    axes.spines[['top', 'right']].set_visible(False)
    for axis in axes.xaxis, axes.yaxis:
        axis.set_major_formatter(FuncFormatter(_plain))
        axis.set_minor_formatter(NullFormatter())


def _draw_baselines(axes: Any, results: Results) -> None:
    for server in COLOURS:
        points = _points(results, server, True, 'rate')
        if points:
            axes.plot(*zip(*points, strict=True), color=COLOURS[server], linestyle=':', linewidth=2)
    axes.plot([], [], color='#545b67', linestyle=':', linewidth=2, label='a bare echo server')


def _points(results: Results, server: str, baseline: bool, name: str) -> list[tuple[int, float]]:
    points = []
    for run in results.runs:
        if run.server == server and run.baseline == baseline and getattr(run, name) > 0:
            points.append((run.clients, getattr(run, name)))
    return sorted(points)


def _label_lines(axes: Any, results: Results) -> None:
    """Write each server's name beside its last point, and keep the names apart."""
    ends = []
    for server in COLOURS:
        points = _points(results, server, False, 'rate')
        if points:
            ends.append((points[-1], server))
    ends.sort(key=lambda end: end[0][1])
    axes.figure.canvas.draw()  # the places of the points are known only then
    points_per_pixel = 72 / axes.figure.dpi
    lowest = float('-inf')
    for (clients, value), server in ends:
        height = axes.transData.transform((clients, value))[1] * points_per_pixel
        place = max(height, lowest)
        lowest = place + LABEL_GAP
        axes.annotate(
            server,
            (clients, value),
            xytext=(18, place - height),
            textcoords='offset points',
            verticalalignment='center',
            color=COLOURS[server],
            fontweight='bold',
            annotation_clip=False,
        )


def _plain(value: float, _: int) -> str:
    return f'{value:,.0f}' if value >= 1 else f'{value:g}'

"""Which claims rest on which: a layer per length of argument, each claim in the colour of its verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from ascentcheck.figures import style
from ascentcheck.theory.claim import Claim, Verdict

LOOKS = {
    Verdict.AS_PRINTED: (style.GREEN, "-"),
    Verdict.REPAIRED: (style.BLUE, "-."),
    Verdict.OPEN: (style.ORANGE, "--"),
    Verdict.FALSE: (style.RED, ":"),
    Verdict.UNDECIDED: (style.GREY, (0, (1, 4))),
}
MOST = 4
"""Claims in a row; more would not be legible at the width of a page."""
BOX = (0.92, 0.4)
SWEEPS = 8


@dataclass(frozen=True)
class Graph:
    """Rows of claims from the first to the last, the edges (from a claim to one that rests on it), the verdicts.

    An edge that follows from two others is left out.
    """

    rows: tuple[tuple[str, ...], ...]
    edges: tuple[tuple[str, str], ...]
    verdicts: Mapping[str, Verdict]


def data(claims: Sequence[Claim], verdicts: Mapping[str, Verdict]) -> Graph:
    """Return the graph of these claims. Raises ValueError where claims rest on each other in a circle."""
    names = [claim.name for claim in claims]
    below = {claim.name: [name for name in claim.rests_on if name in names] for claim in claims}
    depth: dict[str, int] = {}
    while len(depth) < len(names):
        ready = [n for n in names if n not in depth and all(b in depth for b in below[n])]
        if not ready:
            circle = ", ".join(n for n in names if n not in depth)
            raise ValueError(f"claims that rest on each other in a circle: {circle}")
        depth |= {n: max((depth[b] + 1 for b in below[n]), default=0) for n in ready}
    layers = [[n for n in names if depth[n] == d] for d in range(max(depth.values(), default=-1) + 1)]
    above = {n: [m for m in names if n in below[m]] for n in names}
    for sweep in range(SWEEPS):
        near = below if sweep % 2 == 0 else above
        for layer in layers:
            place = {n: (i + 0.5) / len(row) for row in layers for i, n in enumerate(row)}
            layer.sort(key=lambda n: _mean([place[m] for m in near[n]], place[n]))
    rows = tuple(tuple(layer[i : i + MOST]) for layer in layers for i in range(0, len(layer), MOST))
    reached: dict[str, set[str]] = {}
    for n in sorted(names, key=depth.__getitem__):
        reached[n] = set(below[n]).union(*(reached[b] for b in below[n]))
    edges = tuple((b, n) for n in names for b in below[n] if not any(b in reached[m] for m in below[n]))
    return Graph(rows, edges, {n: verdicts[n] for n in names})


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def draw(graph: Graph) -> Figure:
    """Return the figure: an arrow leads from a claim to one that rests on it."""
    figure = Figure(figsize=(style.WIDTH, 0.85 * len(graph.rows) + 0.5))
    at = figure.subplots()
    centre = {
        name: ((k + 0.5) * MOST / len(row), -float(depth))
        for depth, row in enumerate(graph.rows)
        for k, name in enumerate(row)
    }
    width, height = BOX
    for below, above in graph.edges:
        (x0, y0), (x1, y1) = centre[below], centre[above]
        bend = 0.12 if abs(x0 - x1) < 0.2 and y0 - y1 > 1.5 else 0.0
        at.add_patch(
            FancyArrowPatch(
                (x0, y0 - height / 2),
                (x1, y1 + height / 2),
                arrowstyle="-|>",
                mutation_scale=6,
                lw=0.6,
                color=style.GREY,
                connectionstyle=f"arc3,rad={bend}",
                shrinkA=0,
                shrinkB=0,
                zorder=1,
            )
        )
    for name, (x, y) in centre.items():
        at.add_patch(
            FancyBboxPatch(
                (x - width / 2, y - height / 2),
                width,
                height,
                boxstyle="round,pad=0,rounding_size=0.08",
                facecolor="white",
                edgecolor=LOOKS[graph.verdicts[name]][0],
                ls=LOOKS[graph.verdicts[name]][1],
                lw=1.8,
                zorder=2,
            )
        )
        at.text(x, y, name, ha="center", va="center", fontsize=7, zorder=3)
    for verdict in [v for v in Verdict if v in graph.verdicts.values()]:
        colour, dash = LOOKS[verdict]
        at.plot([], [], color=colour, ls=dash, lw=1.8, label=verdict.words)
    at.set(xlim=(0, MOST), ylim=(-len(graph.rows) + 1 - height, height))
    at.set_axis_off()
    figure.legend(loc="outside lower center", ncols=2, fontsize=7)
    return figure

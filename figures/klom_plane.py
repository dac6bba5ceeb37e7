"""The plane in which the paper shows unlearning: the score on the forget set against that on another split.

One point per configuration and snapshot, its colour the cost relative to retraining. The star at the origin is
the oracle; the circle the pretrained models; the diamond a second set of oracles, which is where a perfect method would be.
Axes and lines are those of the estimator. What lies beyond the axes is drawn at their edge, and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PathCollection
from matplotlib.colors import LogNorm

from ascentcheck.empirics.study.table import Row
from ascentcheck.figures.score_axes import LOOKS, Line, ScoreAxes, axes_of, draw_lines
from ascentcheck.figures.style import BLACK, BLUE, COST_MAP, GREEN, GREY, RED

COSTS = LogNorm(1e-3, 1.0)
NAMES = {"ga": "GA", "gda": "GDA", "scrub": "SCRUB"}
"""What the paper calls its methods."""
CONTROLS = ("do-nothing", "held-out")
"""What the table holds beside methods: they have marks of their own in every panel."""


def named(method: str) -> str:
    """Return what a panel calls a method: as the paper does, or by its kind."""
    return NAMES.get(method, method)


def methods(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return every method that has run, the paper's first in its order, then the others in the table's."""
    found = dict.fromkeys(row.method for row in rows if row.method not in CONTROLS)
    return (*(m for m in NAMES if m in found), *(m for m in found if m not in NAMES))


@dataclass(frozen=True)
class Mark:
    """One configuration at one snapshot: (forget, other) scores with their intervals, cost, diverged models."""

    forget: float
    other: float
    forget_interval: tuple[float, float]
    other_interval: tuple[float, float]
    cost: float
    diverged: int
    epoch: int
    learning_rate: float | None
    batch_norm: str | None
    job: str


@dataclass(frozen=True)
class Plane:
    """What one panel shows."""

    title: str
    marks: tuple[Mark, ...]
    pretrained: Mark | None
    held_out: Mark | None
    lines: tuple[Line, ...]
    scale: ScoreAxes

    @property
    def outside(self) -> int:
        """The marks that lie beyond the axes."""
        low, high = self.scale.low, self.scale.high
        return sum(not (low <= min(m.forget, m.other) and max(m.forget, m.other) <= high) for m in self.marks)


def marks(
    rows: Sequence[Row], forget_set: str, method: str, other: str, scale: ScoreAxes
) -> tuple[Mark, ...]:
    """Return the marks of a method on a set, in the order of the table."""
    found: dict[tuple[str, int], dict[str, Row]] = {}
    for row in rows:
        if row.forget_set == forget_set and row.method == method:
            found.setdefault((row.job, row.epoch), {})[row.split] = row
    return tuple(_mark(s["forget"], s[other], scale) for s in found.values() if {"forget", other} <= set(s))


def _mark(forget: Row, other: Row, scale: ScoreAxes) -> Mark:
    return Mark(
        scale.value(forget),
        scale.value(other),
        scale.interval(forget),
        scale.interval(other),
        forget.cost,
        forget.diverged_unlearned,
        forget.epoch,
        forget.learning_rate,
        forget.batch_norm,
        forget.job,
    )


def plane(
    rows: Sequence[Row], forget_set: str, method: str, other: str = "validation", title: str = ""
) -> Plane:
    """Return the panel of a method on a set, from the table."""
    scale = axes_of(rows)
    own = [row for row in rows if row.forget_set == forget_set]
    controls = (marks(own, forget_set, name, other, scale) for name in CONTROLS)
    return Plane(
        title or named(method),
        marks(own, forget_set, method, other, scale),
        *(found[0] if found else None for found in controls),
        scale.lines(own, other),
        scale,
    )


def score_named(rows: Sequence[Row]) -> str:
    """Return what the scores of a table are called: KLoM by any of its estimators, or the energy score, in spreads."""
    return axes_of(rows).score


def beyond(planes: Sequence[Plane]) -> str:
    """Return what captions say of the axes, and of marks that lie beyond them."""
    count = sum(shown.outside for shown in planes)
    edge = f" {count} lie beyond the axes and are drawn at their edge." if count else ""
    return planes[0].scale.described() + edge


def draw(axes: Axes, shown: Plane, ylabel: str, sparse: bool = False) -> PathCollection | None:
    """Draw a panel; return the coloured points for a colour bar, None if there are none. A low one has `sparse` ticks."""
    scale = shown.scale
    scale.set(axes, "x")
    scale.set(axes, "y", sparse)
    axes.set(xlabel=f"{scale.score} forget, {scale.statistic}", ylabel=ylabel, title=shown.title)
    axes.set_box_aspect(1)
    draw_lines(axes, shown.lines)

    def place(mark: Mark) -> tuple[float, float]:
        return tuple(min(max(value, scale.low), scale.high) for value in (mark.forget, mark.other))

    points = None
    for across, along, ends in (
        (axes.hlines, [m.other for m in shown.marks], [m.forget_interval for m in shown.marks]),
        (axes.vlines, [m.forget for m in shown.marks], [m.other_interval for m in shown.marks]),
    ):
        if along:
            across(along, *zip(*ends, strict=True), color=GREY, lw=0.35, alpha=0.6, zorder=1)
    for marker, frozen in (("o", False), ("^", True)):
        kind = [m for m in shown.marks if (m.batch_norm == "frozen") == frozen]
        if kind:
            look = {"norm": COSTS, "cmap": COST_MAP, "s": 14, "lw": 0, "zorder": 2, "clip_on": False}
            x, y = zip(*map(place, kind), strict=True)
            points = axes.scatter(x, y, c=[m.cost for m in kind], marker=marker, **look)
    broken = [place(m) for m in shown.marks if m.diverged]
    if broken:
        axes.scatter(*zip(*broken, strict=True), marker="x", c=RED, s=14, lw=0.7, zorder=3, clip_on=False)
    if shown.pretrained is not None:
        axes.scatter(
            *place(shown.pretrained), marker="o", s=44, facecolor="none", edgecolor=BLACK, lw=1.3, zorder=4
        )
    if shown.held_out is not None:
        axes.scatter(
            *place(shown.held_out), marker="D", s=20, facecolor="none", edgecolor=GREEN, lw=1.2, zorder=4
        )
    axes.scatter(0, 0, marker="*", s=80, color=BLUE, lw=0, zorder=5, clip_on=False)
    return points


def costs() -> ScalarMappable:
    """Return the colour scale of cost."""
    return ScalarMappable(COSTS, COST_MAP)


def legend_handles(axes: Axes, scale: ScoreAxes) -> list[Artist]:
    """Return the handles of a legend, drawn off the page."""
    kinds = (
        ("*", BLUE, BLUE, 60, "oracle"),
        ("o", "none", BLACK, 36, "pretrained (do nothing)"),
        ("D", "none", GREEN, 20, "a second set of oracles"),
        ("x", RED, RED, 16, "some models diverged"),
        ("^", GREY, GREY, 18, "batch-norm statistics frozen"),
    )
    handles: list[Artist] = []
    for marker, face, edge, size, label in kinds:
        colours = {"color": face} if marker == "x" else {"facecolor": face, "edgecolor": edge}
        handles.append(axes.scatter([], [], marker=marker, s=size, lw=1, label=label, **colours))
    for meaning in scale.meanings:
        colour, dashes = LOOKS[meaning]
        handles += axes.plot([], [], ls=dashes, lw=0.8, color=colour, label=meaning)
    return handles

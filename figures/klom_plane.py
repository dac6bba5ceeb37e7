"""The plane in which the paper shows unlearning: KLoM on the forget set against KLoM on another split.

One point per configuration and snapshot, its colour the cost relative to retraining. The star at the origin is
the oracle; the circle the pretrained models; the dashed lines the simulated null floor, below which nothing can be told
from an oracle; the diamond a second set of oracles, which is where a perfect method would be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PathCollection
from matplotlib.colors import LogNorm

from ascentcheck.empirics.klom import WORST
from ascentcheck.empirics.study.table import Row
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
    """One configuration at one snapshot: (forget, other) KLoM with their intervals, cost, diverged models."""

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
    floor: float | None
    score: str = "KLoM"

    @property
    def outside(self) -> int:
        """The marks that lie beyond the axes, whose ends are those of KLoM."""
        return sum(not max(m.forget, m.other) <= WORST + 0.4 for m in self.marks)


def marks(rows: Sequence[Row], forget_set: str, method: str, other: str) -> tuple[Mark, ...]:
    """Return the marks of a method on a set, in the order of the table."""
    found: dict[tuple[str, int], dict[str, Row]] = {}
    for row in rows:
        if row.forget_set == forget_set and row.method == method:
            found.setdefault((row.job, row.epoch), {})[row.split] = row
    return tuple(_mark(s["forget"], s[other]) for s in found.values() if {"forget", other} <= set(s))


def _mark(forget: Row, other: Row) -> Mark:
    return Mark(
        forget.p95,
        other.p95,
        (forget.p95_low, forget.p95_high),
        (other.p95_low, other.p95_high),
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
    controls = {name: marks(rows, forget_set, name, other) for name in CONTROLS}
    simulated = [
        row for row in rows if row.null_of == "simulated"
    ]  # held-out oracles have a mark of their own
    floors = [row.null_p95 for row in simulated if row.forget_set == forget_set]
    return Plane(
        title or named(method),
        marks(rows, forget_set, method, other),
        *(found[0] if found else None for found in controls.values()),
        floors[0] if floors else None,
        score_named(rows),
    )


def score_named(rows: Sequence[Row]) -> str:
    """Return what the scores of a table are called: KLoM by any of its estimators, or the energy score, in spreads."""
    return "energy score" if any(row.estimator == "energy" for row in rows) else "KLoM"


def beyond(planes: Sequence[Plane]) -> str:
    """Return the sentence on marks that are not seen, "" where all are."""
    count = sum(shown.outside for shown in planes)
    return f" {count} lie beyond the axes." if count else ""


def draw(axes: Axes, shown: Plane, ylabel: str) -> PathCollection | None:
    """Draw a panel; return the coloured points for a colour bar, None if there are none."""
    axes.set(xlim=(-0.4, WORST + 0.4), ylim=(-0.4, WORST + 0.4), title=shown.title)
    axes.set(
        xlabel=f"{shown.score} forget, 95th percentile",
        ylabel=ylabel,
        xticks=range(0, 12, 2),
        yticks=range(0, 12, 2),
    )
    axes.set_box_aspect(1)
    if shown.floor is not None:
        axes.axhline(shown.floor, ls=(0, (4, 3)), lw=0.6, color=GREY)
        axes.axvline(shown.floor, ls=(0, (4, 3)), lw=0.6, color=GREY)
    points = None
    if shown.marks:
        x, y = [m.forget for m in shown.marks], [m.other for m in shown.marks]
        for m in shown.marks:
            axes.plot(m.forget_interval, (m.other, m.other), color=GREY, lw=0.35, alpha=0.6, zorder=1)
            axes.plot((m.forget, m.forget), m.other_interval, color=GREY, lw=0.35, alpha=0.6, zorder=1)
        for marker, frozen in (("o", False), ("^", True)):
            kind = [
                (p, q, m.cost)
                for p, q, m in zip(x, y, shown.marks, strict=True)
                if (m.batch_norm == "frozen") == frozen
            ]
            if kind:
                a, b, cost = zip(*kind, strict=True)
                points = axes.scatter(
                    a, b, c=cost, norm=COSTS, cmap=COST_MAP, s=14, lw=0, zorder=2, marker=marker
                )
        broken = [m for m in shown.marks if m.diverged]
        axes.scatter(
            [m.forget for m in broken], [m.other for m in broken], marker="x", c=RED, s=14, lw=0.7, zorder=3
        )
    if shown.pretrained is not None:
        place = (shown.pretrained.forget, shown.pretrained.other)
        axes.scatter(*place, marker="o", s=44, facecolor="none", edgecolor=BLACK, lw=1.3, zorder=4)
    if shown.held_out is not None:
        place = (shown.held_out.forget, shown.held_out.other)
        axes.scatter(*place, marker="D", s=20, facecolor="none", edgecolor=GREEN, lw=1.2, zorder=4)
    axes.scatter(0, 0, marker="*", s=80, color=BLUE, lw=0, zorder=5, clip_on=False)
    return points


def costs() -> ScalarMappable:
    """Return the colour scale of cost."""
    return ScalarMappable(COSTS, COST_MAP)


def legend_handles(axes: Axes) -> list[PathCollection]:
    """Return the handles of a legend, drawn off the page."""
    kinds = (
        ("*", BLUE, BLUE, 60, "oracle"),
        ("o", "none", BLACK, 36, "pretrained (do nothing)"),
        ("D", "none", GREEN, 20, "a second set of oracles"),
        ("x", RED, RED, 16, "some models diverged"),
        ("^", GREY, GREY, 18, "batch-norm statistics frozen"),
    )
    handles = []
    for marker, face, edge, size, label in kinds:
        colours = {"color": face} if marker == "x" else {"facecolor": face, "edgecolor": edge}
        handles.append(axes.scatter([], [], marker=marker, s=size, lw=1, label=label, **colours))
    (line,) = axes.plot([], [], ls=(0, (4, 3)), lw=0.8, color=GREY, label="null floor")
    return [*handles, line]

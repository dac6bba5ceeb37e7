"""`plot_klom`: one's own methods in the plane of two splits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from math import ceil, log10
from typing import TYPE_CHECKING

import numpy as np

from ascentcheck.empirics.klom.comparison import Comparison
from ascentcheck.empirics.klom.scoring import Score
from ascentcheck.theory.console import named_extra

if TYPE_CHECKING:
    from matplotlib.axes import Axes

THRESHOLD = 0.05
"""Energies up to which the axes are linear."""
LABELS = {
    "energy": ("energy on {} points", "spreads of the oracles"),
    "klom": ("KLoM on {} points", "95th percentile, nats"),
}
"""What axes are called, by score."""
MARKERS = "os^vD<>pXP*"


def plot_klom(
    compared: Comparison, x: str = "retain", y: str = "forget", ax: Axes | None = None, score: str = "energy"
) -> Axes:
    """Draw each method's score on split `y` against split `x`, with 95% intervals where there are any.

    By "energy", the score that decides, oracles are at (0, 0), and about 95% of further oracles would lie below the dashed lines.
    By "klom", the 95th percentile by the estimator that was compared with, the dashed lines are the null floor and oracles lie
    where they cross. There is a pair of lines for each number of models. Draws on `ax`, or on a new figure. Needs matplotlib.
    Raises ValueError for a split that was not compared and for an unknown score, and TypeError for what is no comparison.
    """
    if not isinstance(compared, Comparison):
        raise TypeError(f"compared: is {type(compared).__name__}; what `compare` returns is needed")
    if score not in LABELS:
        raise ValueError(f"score {score!r} is unknown; allowed are {', '.join(LABELS)}")
    for split in (x, y):
        if split not in compared.splits:
            raise ValueError(f"split {split!r} was not compared; there are {', '.join(compared.splits)}")
    if ax is None:
        with named_extra("plot"):
            import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=(4.5, 3.5), layout="constrained")
    drawn = []
    for method, marker in zip(compared.methods, cycle(MARKERS), strict=False):
        (across, x_ends), (up, y_ends) = (_value(compared[method, split], score) for split in (x, y))
        drawn.append((across, up))
        ax.errorbar(
            across,
            up,
            xerr=_reach(across, x_ends),
            yerr=_reach(up, y_ends),
            fmt=marker,
            markersize=4,
            linewidth=0.8,
            label=method,
        )
    floors = list(
        dict.fromkeys(
            tuple(_floor(compared[method, split], score) for split in (x, y)) for method in compared.methods
        )
    )
    for k, (right, top) in enumerate(floors):
        ax.axvline(right, color="grey", ls="--", lw=0.8, label="_" if k else "floor")
        ax.axhline(top, color="grey", ls="--", lw=0.8)
    for k, place in enumerate([(0.0, 0.0)] if score == "energy" else floors):
        ax.plot(*place, "D", color="black", markersize=5, label="_" if k else "oracles")
    if score == "energy":
        _logarithmic(ax, drawn)
    named, unit = LABELS[score]
    if score == "klom" and (estimator := compared[compared.methods[0], x].scored.result.estimator) != "paper":
        unit = f"95th percentile, by {estimator}"
    ax.set_xlabel(f"{named.format(x)}, {unit}")
    ax.set_ylabel(named.format(y))
    ax.legend(frameon=False, fontsize="small")
    return ax


def _logarithmic(ax: Axes, places: Sequence[tuple[float, float]]) -> None:
    """Make both axes linear up to THRESHOLD and logarithmic above; below the least score an interval runs off the edge.

    An energy distance is below 0 by chance alone, while the interval of models that diverge may reach far below.
    """
    xs, ys = zip(*places, strict=True)
    for axis, scale, limit, values in (
        (ax.xaxis, ax.set_xscale, ax.set_xlim, xs),
        (ax.yaxis, ax.set_yscale, ax.set_ylim, ys),
    ):
        scale("symlog", linthresh=THRESHOLD)
        limit(1.2 * min(*values, 0.0) - THRESHOLD / 2, None)
        decades = range(-1, ceil(log10(max(*values, 1.0))) + 1)
        axis.set_ticks([0.0, *(10.0**k for k in decades[:: ceil(len(decades) / 5)])])
        axis.set_ticks([], minor=True)
        axis.set_major_formatter(lambda value, _: f"{value:g}")


def _value(one: Score, score: str) -> tuple[float, tuple[float, float]]:
    if score == "energy":
        return one.energy, one.inference.interval
    return one.scored.result.p95, one.scored.result.interval


def _floor(one: Score, score: str) -> float:
    return one.energy_floor if score == "energy" else one.scored.floor.p95


def _reach(value: float, interval: tuple[float, float]) -> np.ndarray | None:
    low, high = interval
    return None if np.isnan(low) else np.maximum([[value - low], [high - value]], 0)

"""What KLoM does at one point: two histograms over the same cells, and what each cell adds to the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from ascentcheck.empirics.klom.histogram import ByCell, by_cell
from ascentcheck.figures import style

MODELS = 100
SHIFT = 1.0
"""Spreads by which the unlearned models on the right are off."""


@dataclass(frozen=True)
class Panel:
    """Oracles and others at one point, by cell."""

    title: str
    cells: ByCell

    @property
    def score(self) -> float:
        """KLoM at the point, in nats."""
        return float(self.cells.terms.sum())


def data() -> tuple[Panel, ...]:
    """Return other oracles against oracles, and models that are off by SHIFT: normal margins, drawn once."""
    draw = np.random.default_rng(0)
    oracle, other = draw.normal(size=(2, MODELS, 1))
    return (
        Panel("other oracles", by_cell(oracle, other)),
        Panel(f"off by {SHIFT:g} spread", by_cell(oracle, other - SHIFT)),
    )


def draw(panels: Sequence[Panel]) -> Figure:
    """Return the figure."""
    figure = Figure(figsize=(style.WIDTH, 3.4))
    axes = figure.subplots(2, len(panels), sharex="col", sharey="row", height_ratios=(2, 1))
    for (above, below), panel in zip(axes.T, panels, strict=True):
        edges, p, q, terms = (
            values[:, 0] for values in (panel.cells.edges, panel.cells.p, panel.cells.q, panel.cells.terms)
        )
        above.stairs(p, edges, fill=True, color=style.BLUE, alpha=0.45, label="oracles, p")
        above.stairs(q, edges, color=style.RED, lw=1.4, label="unlearned, q")
        above.set_title(f"{panel.title}: KLoM = {panel.score:.2f}")
        below.stairs(terms, edges, fill=True, color=style.GREY)
        below.axhline(0, color=style.BLACK, lw=0.6)
        below.set_xlabel("margin, spreads of the oracles")
    axes[0, 0].set_ylabel("share of models")
    axes[1, 0].set_ylabel("adds (nats)")
    axes[0, 0].legend(loc="upper left")
    return figure

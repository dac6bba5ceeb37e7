"""One look for all figures: the paper's width, legible at that size, colours that survive colour blindness."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl
from matplotlib.figure import Figure

WIDTH = 5.5
"""Text width of the paper in inches."""

HEIGHT = 9.0
"""Text height of the paper in inches."""

BLUE, ORANGE, GREEN, RED, GREY, BLACK = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#8C8C8C", "#1A1A1A"
"""Okabe and Ito's palette."""

COST_MAP = "viridis"

SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "lines.linewidth": 1.2,
    "figure.dpi": 100,
    "savefig.dpi": 250,
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "ascentcheck",
    "figure.constrained_layout.use": True,
}


@contextmanager
def paper() -> Iterator[None]:
    """Draw within this block in the project's style, whatever the user's own settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(SETTINGS)
        yield


def note(figure: Figure, text: str) -> Figure:
    """Write in the middle of an empty figure what is missing."""
    figure.text(0.5, 0.5, text, ha="center", va="center", color=GREY, wrap=True)
    return figure

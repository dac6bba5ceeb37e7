"""Figure 7: every forget set and every method of the study, forget against retain."""

from __future__ import annotations

from collections.abc import Sequence

from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import figure6
from ascentcheck.figures.figure6 import CLAIM, caption, draw
from ascentcheck.figures.klom_grid import Grid

TITLE = "All forget sets and methods, on retained points"

PAPER = "Figure 7 of the paper has GA, GDA and SCRUB on nine forget sets of CIFAR-10."

__all__ = ["CLAIM", "PAPER", "TITLE", "caption", "data", "draw"]


def data(rows: Sequence[Row]) -> Grid | None:
    """Return what is drawn, or None for an empty table."""
    return figure6.data(rows, "retain")

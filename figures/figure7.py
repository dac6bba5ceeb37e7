"""Figure 7: every forget set and every method of the paper, forget against retain."""

from __future__ import annotations

from collections.abc import Sequence

from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import figure6
from ascentcheck.figures.figure6 import caption, draw
from ascentcheck.figures.klom_grid import Grid

TITLE = "All forget sets and methods, on retained points"

__all__ = ["TITLE", "caption", "data", "draw"]


def data(rows: Sequence[Row]) -> Grid | None:
    """Return what is drawn, or None for an empty table."""
    return figure6.data(rows, "retain")

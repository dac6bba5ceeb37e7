"""Figure 6: every forget set and every method of the paper, forget against validation."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import klom_grid, style
from ascentcheck.figures.klom_grid import METHODS, Grid

TITLE = "All forget sets and methods"
OTHER = "validation"


def data(rows: Sequence[Row], other: str = OTHER) -> Grid | None:
    """Return what is drawn, or None for an empty table; `other` is the split of the vertical axis."""
    sets = tuple(klom_grid.sizes(rows))
    return klom_grid.grid(rows, sets, tuple(METHODS), other) if sets else None


def draw(shown: Grid | None) -> Figure:
    """Return the figure, with a note where something is missing."""
    if shown is None:
        return style.note(Figure(figsize=(style.WIDTH, 3)), "The study has no finished forget set yet.")
    height = min(0.9 * len(shown.rows) + 1.1, style.HEIGHT)
    return klom_grid.draw(Figure(figsize=(style.WIDTH, height)), shown)


def caption(shown: Grid | None) -> str:
    """Return what the figure shows, in words."""
    if shown is None:
        return "Nothing to show yet."
    run = [name for j, name in enumerate(shown.columns) if any(row[j].marks for row in shown.planes)]
    missing = [name for name in shown.columns if name not in run]
    note = f" Not run: {', '.join(missing)}." if missing else ""
    return (
        f"KLoM on the forget set against KLoM on {shown.other} points for {', '.join(run) or 'no method'} on "
        f"{len(shown.rows)} forget sets: {shown.count} configurations and snapshots, {shown.diverged} with diverged "
        f"models.{note}"
    )

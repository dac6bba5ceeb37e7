"""Figure 6: every forget set and every method of the study, forget against validation."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import klom_grid, klom_plane, style
from ascentcheck.figures.klom_grid import Grid

TITLE = "All forget sets and methods"
CLAIM = "da-fails"
PAPER = "Figure 6 of the paper has GA, GDA and SCRUB on nine forget sets of CIFAR-10."
OTHER = "validation"
LEGEND = 1.7
"""Width of a column of the legend in inches."""


def data(rows: Sequence[Row], other: str = OTHER) -> Grid | None:
    """Return what is drawn, or None where no method has run; `other` is the split of the vertical axis."""
    methods = klom_plane.methods(rows)
    return klom_grid.grid(rows, tuple(klom_grid.sizes(rows)), methods, other) if methods else None


def draw(shown: Grid | None) -> Figure:
    """Return the figure, with a note where something is missing."""
    if shown is None:
        return style.note(
            Figure(figsize=(style.WIDTH, 3)), "No unlearning method of the study has finished yet."
        )
    shown = klom_grid.fitted(shown)
    size = (klom_grid.width(shown), klom_grid.height(shown))
    return klom_grid.draw(Figure(figsize=size), shown, legend_columns=int(size[0] // LEGEND))


def caption(shown: Grid | None) -> str:
    """Return what the figure shows, in words."""
    if shown is None:
        return "Nothing to show yet."
    scale = shown.scale
    sets = "1 forget set" if len(shown.rows) == 1 else f"{len(shown.rows)} forget sets"
    return (
        f"The {scale.score} on the forget set against that on {shown.other} points, {scale.statistics}, for "
        f"{', '.join(shown.columns)} on {sets}: {shown.count} configurations and snapshots, "
        f"{shown.diverged} with diverged models.{klom_plane.beyond(shown.every)} A method has no panel on a set on which it "
        "was not run."
    )

"""Figure 3: three difficulties. Every method on a set of the first PC, a random one and a set of the second PC."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import klom_grid, klom_plane, style
from ascentcheck.figures.klom_grid import Grid

TITLE = "Different unlearning difficulties"
CLAIM = "da-fails"
PAPER = "Figure 3 of the paper has GA and GDA, one set of each kind with 100 points."
KINDS = ("pc1", "random", "pc2")
"""How the names of the sets begin, in the paper's order from left to right."""


def chosen(rows: Sequence[Row]) -> list[str]:
    """Return one set of each kind that the table has: of the sizes that most kinds share, the largest."""
    sizes = klom_grid.sizes(rows)
    kinds = {kind: [name for name in sizes if name.startswith(kind)] for kind in KINDS}
    present = {kind: names for kind, names in kinds.items() if names}
    if not present:
        return []

    def shared(size: int) -> int:
        return sum(any(sizes[name] == size for name in names) for names in present.values())

    common = max(sizes.values(), key=lambda size: (shared(size), size))
    return [min(names, key=lambda name: abs(sizes[name] - common)) for names in present.values()]


def data(rows: Sequence[Row]) -> Grid | None:
    """Return what is drawn, or None where the table has no set of any kind."""
    sets, methods = chosen(rows), klom_plane.methods(rows)
    return klom_grid.grid(rows, sets, methods, "validation", across="sets") if sets and methods else None


def draw(shown: Grid | None) -> Figure:
    """Return the figure, with a note where something is missing."""
    if shown is None:
        return style.note(
            Figure(figsize=(style.WIDTH, 3)),
            "No method has finished on a set of the first PC, random, or of the second PC.",
        )
    return klom_grid.draw(Figure(figsize=(style.WIDTH, klom_grid.height(shown))), shown)


def caption(shown: Grid | None) -> str:
    """Return what the figure shows, in words."""
    if shown is None:
        return "Nothing to show yet."
    sets = "; ".join(name.replace("\n", ", ") for name in shown.columns)
    missing = len(KINDS) - len(shown.columns)
    note = f" {missing} of the three kinds of set are not in this study." if missing else ""
    return (
        f"{', '.join(shown.rows)}, a row each, on forget sets of the same size as far as there are: {sets}. "
        f"{shown.count} configurations and snapshots, {shown.diverged} with diverged models."
        f"{klom_plane.beyond(shown.every)}{note}"
    )

"""Planes side by side, one for each forget set and method, all with the same axes; many columns are laid out in blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import klom_plane, style
from ascentcheck.figures.klom_plane import Plane, named
from ascentcheck.figures.score_axes import ScoreAxes

ACROSS = 3
"""The most columns that are legible beside each other at the paper's width."""
ROW = 0.85
"""Height of a panel in inches."""
MOST, PANEL, LABEL = 10, (0.78, 0.62), 1.5
"""Of a wide grid: the most columns, the size of a panel, and the room at the left, in inches."""


@dataclass(frozen=True)
class Grid:
    """Planes by row and column. `other` is the split of the vertical axis; `rows` and `columns` name the panels.

    A `wide` one is not held to the paper's width, has small panels, and its axes are named once.
    """

    other: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    planes: tuple[tuple[Plane, ...], ...]
    wide: bool = field(default=False, repr=False)

    @property
    def every(self) -> tuple[Plane, ...]:
        """All planes, row by row."""
        return tuple(plane for row in self.planes for plane in row)

    @property
    def scale(self) -> ScoreAxes:
        """The axes of all planes."""
        return self.every[0].scale

    @property
    def count(self) -> int:
        """The number of configurations and snapshots shown."""
        return sum(len(plane.marks) for row in self.planes for plane in row)

    @property
    def diverged(self) -> int:
        """How many of them have diverged models."""
        return sum(mark.diverged > 0 for row in self.planes for plane in row for mark in plane.marks)

    @property
    def blocks(self) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
        """The rows and columns of each block: at most ACROSS columns, MOST of a wide one, and the rows with something in them."""
        most = MOST if self.wide else ACROSS
        width = -(-len(self.columns) // max(1, -(-len(self.columns) // most)))
        chunks = [range(len(self.columns))[k : k + width] for k in range(0, len(self.columns), width)]
        made = (
            (
                tuple(i for i in range(len(self.rows)) if any(self.planes[i][j].marks for j in chunk)),
                tuple(chunk),
            )
            for chunk in chunks
        )
        return tuple((rows, columns) for rows, columns in made if rows)


def sizes(rows: Sequence[Row]) -> dict[str, int]:
    """Return the forget sets of a table in its order, with their sizes."""
    return {row.forget_set: row.forget_size for row in rows}


def grid(
    rows: Sequence[Row], sets: Sequence[str], methods: Sequence[str], other: str, across: str = "methods"
) -> Grid:
    """Return the planes of sets and methods; `across` says which of the two ("sets" or "methods") are columns."""
    of_size = sizes(rows)
    set_names = tuple(f"{name}\n|F| = {of_size[name]}" for name in sets)
    method_names = tuple(named(method) for method in methods)
    if across == "sets":
        planes = tuple(
            tuple(klom_plane.plane(rows, name, method, other) for name in sets) for method in methods
        )
        return Grid(other, method_names, set_names, planes)
    planes = tuple(tuple(klom_plane.plane(rows, name, method, other) for method in methods) for name in sets)
    return Grid(other, set_names, method_names, planes)


def fitted(shown: Grid) -> Grid:
    """Return a grid as it is, or, where it would be higher than a page, turned: wide, with its rows as columns."""
    if height(shown) <= style.HEIGHT or shown.wide:
        return shown
    planes = tuple(zip(*shown.planes, strict=True))
    return replace(shown, rows=shown.columns, columns=shown.rows, planes=planes, wide=True)


def height(shown: Grid) -> float:
    """Return the height of the figure of a grid, in inches."""
    row = PANEL[1] if shown.wide else ROW
    return row * sum(len(rows) for rows, _ in shown.blocks) + 0.35 * len(shown.blocks) + 1.5


def width(shown: Grid) -> float:
    """Return its width in inches: the paper's, or what a wide one takes."""
    return max(style.WIDTH, PANEL[0] * len(shown.blocks[0][1]) + LABEL) if shown.wide else style.WIDTH


def draw(figure: Figure, shown: Grid, legend_columns: int = 3) -> Figure:
    """Draw the planes of a grid into a figure, with one colour bar and one legend; panels without marks are left out."""
    total, across = sum(len(rows) for rows, _ in shown.blocks), len(shown.blocks[0][1])
    axes = figure.subplots(total, across, sharex=True, sharey=True, squeeze=False)
    for at in axes.flat:
        at.set_axis_off()
    first = 0
    for rows, columns in shown.blocks:
        for (k, i), (m, j) in product(enumerate(rows), enumerate(columns)):
            if shown.planes[i][j].marks:
                _panel(axes[first + k, m], shown, i, j)
        for m, j in enumerate(columns):
            own = [k for k, i in enumerate(rows) if shown.planes[i][j].marks]
            if own:
                axes[first, m].set_title(shown.columns[j], fontsize=6.5 if shown.wide else None)
                if not shown.wide:
                    axes[first + own[-1], m].set_xlabel(f"{shown.scale.score} forget")
                axes[first + own[-1], m].tick_params(labelbottom=True)
        first += len(rows)
    if shown.wide:
        axes[-1, (across - 1) // 2].set_xlabel(f"{shown.scale.score} forget ({shown.scale.statistic}s)")
    figure.supylabel(f"{shown.scale.score} {shown.other} ({shown.scale.statistic}s)", fontsize=8)
    figure.colorbar(
        klom_plane.costs(),
        ax=list(np.ravel(axes)),
        label="cost relative to retraining",
        location="top",
        aspect=45,
        shrink=0.8,
        fraction=0.02,
        pad=0.15 / figure.get_figheight(),
    )
    handles = klom_plane.legend_handles(axes[0, 0], shown.scale)
    figure.legend(handles=handles, loc="outside lower center", ncols=legend_columns)
    return figure


def _panel(at: Axes, shown: Grid, i: int, j: int) -> None:
    at.set_axis_on()
    klom_plane.draw(at, shown.planes[i][j], "", sparse=True)
    if shown.wide:
        shown.scale.set(at, "x", sparse=True)
    at.set_box_aspect(None)
    at.set(title="", xlabel="", ylabel="")
    columns = next(columns for rows, columns in shown.blocks if i in rows and j in columns)
    leftmost = next(k for k in columns if shown.planes[i][k].marks)
    if j == leftmost:
        look = {"rotation": 0, "ha": "right", "va": "center"} if shown.wide else {}
        at.set_ylabel(shown.rows[i], fontsize=7, **look)
        at.tick_params(labelleft=True)

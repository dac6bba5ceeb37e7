"""Planes side by side, one for each forget set and method, all with the same axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from matplotlib.figure import Figure

from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import klom_plane, style
from ascentcheck.figures.klom_plane import Plane

METHODS = {"ga": "GA", "gda": "GDA", "scrub": "SCRUB"}
"""The paper's three methods and what the panels call them."""


@dataclass(frozen=True)
class Grid:
    """Planes by row and column. `other` is the split of the vertical axis; `rows` and `columns` name the panels."""

    other: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    planes: tuple[tuple[Plane, ...], ...]

    @property
    def count(self) -> int:
        """The number of configurations and snapshots shown."""
        return sum(len(plane.marks) for row in self.planes for plane in row)

    @property
    def diverged(self) -> int:
        """How many of them have diverged models."""
        return sum(mark.diverged > 0 for row in self.planes for plane in row for mark in plane.marks)


def sizes(rows: Sequence[Row]) -> dict[str, int]:
    """Return the forget sets of a table in its order, with their sizes."""
    return {row.forget_set: row.forget_size for row in rows}


def grid(
    rows: Sequence[Row], sets: Sequence[str], methods: Sequence[str], other: str, across: str = "methods"
) -> Grid:
    """Return the planes of sets and methods; `across` says which of the two ("sets" or "methods") are columns."""
    of_size = sizes(rows)
    set_names = tuple(f"{name}\n|F| = {of_size[name]}" for name in sets)
    method_names = tuple(METHODS[method] for method in methods)
    if across == "sets":
        planes = tuple(
            tuple(klom_plane.plane(rows, name, method, other) for name in sets) for method in methods
        )
        return Grid(other, method_names, set_names, planes)
    planes = tuple(tuple(klom_plane.plane(rows, name, method, other) for method in methods) for name in sets)
    return Grid(other, set_names, method_names, planes)


def draw(figure: Figure, shown: Grid, legend_columns: int = 3) -> Figure:
    """Draw the planes of a grid into a figure, with one colour bar and one legend."""
    axes = figure.subplots(len(shown.rows), len(shown.columns), sharex=True, sharey=True, squeeze=False)
    for i, j in product(range(len(shown.rows)), range(len(shown.columns))):
        klom_plane.draw(axes[i, j], shown.planes[i][j], "")
        axes[i, j].set_box_aspect(None)
        axes[i, j].set(title=shown.columns[j] if i == 0 else "", xlabel="", ylabel="")
        if j == 0:
            axes[i, j].set_ylabel(shown.rows[i])
        if not shown.planes[i][j].marks:
            axes[i, j].text(5.7, 5.7, "not run", ha="center", va="center", color=style.GREY)
    for at in axes[-1]:
        at.set_xlabel("KLoM forget")
    figure.supylabel(f"KLoM {shown.other} (95th percentiles)", fontsize=8)
    figure.colorbar(
        klom_plane.costs(), ax=list(np.ravel(axes)), label="cost relative to retraining", aspect=40, pad=0.02
    )
    handles = klom_plane.legend_handles(axes[0, 0])
    figure.legend(handles=handles, loc="outside lower center", ncols=legend_columns)
    return figure

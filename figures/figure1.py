"""Figure 1: ascent fails to forget. GA and GDA on the set of dependent points, forget against validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import klom_plane, style
from ascentcheck.figures.klom_plane import Plane

TITLE = "Ascent fails to forget"


@dataclass(frozen=True)
class Data:
    """The two panels, and the set that they show."""

    forget_set: str
    panels: tuple[Plane, ...]


def dependent_set(rows: Sequence[Row]) -> str | None:
    """Return the largest set that is not random; None where there is none."""
    sizes = {row.forget_set: row.forget_size for row in rows if not row.forget_set.startswith("random")}
    return max(sizes, key=lambda name: sizes[name]) if sizes else None


def data(rows: Sequence[Row]) -> Data | None:
    """Return what is drawn, or None where the table has no such set."""
    chosen = dependent_set(rows)
    if chosen is None:
        return None
    panels = tuple(
        klom_plane.plane(rows, chosen, method, title=title)
        for method, title in (("ga", "Gradient ascent"), ("gda", "Gradient descent-ascent"))
    )
    return Data(chosen, panels)


def draw(shown: Data | None) -> Figure:
    """Return the figure, with a note where something is missing."""
    figure = Figure(figsize=(style.WIDTH, 3.3))
    if shown is None:
        return style.note(figure, "The study has no finished dependent set yet.")
    axes = figure.subplots(1, 2, sharex=True, sharey=True)
    for panel, at in zip(shown.panels, axes, strict=True):
        klom_plane.draw(at, panel, "KLoM validation, 95th percentile")
        if not panel.marks:
            at.text(5.7, 5.7, "not run yet", ha="center", color=style.GREY)
    axes[1].set_ylabel("")
    figure.colorbar(klom_plane.costs(), ax=axes, label="cost relative to retraining", shrink=0.8, pad=0.02)
    figure.legend(handles=klom_plane.legend_handles(axes[0]), loc="outside lower center", ncols=3)
    return figure


def caption(shown: Data | None) -> str:
    """Return what the figure shows, in words."""
    if shown is None:
        return "Nothing to show yet."
    count = sum(len(panel.marks) for panel in shown.panels)
    return (
        f"KLoM on the forget set {shown.forget_set} against KLoM on validation points for gradient ascent and "
        f"gradient descent-ascent: {count} configurations and snapshots. Thin lines are 95% intervals."
    )

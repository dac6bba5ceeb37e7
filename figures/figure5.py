"""Figure 5: the toy of §5.2, its loss as the pretrained, descent-ascent and retrained problems see it.

The paper's content first, in the literal reading at λ = 0.1: contours of the loss, global minimum (×) and local minimum
(○), and the boundary between the classes in the plane of (x, x²). Ours beside it: the basins of retraining with the
paths, and the map that says in which reading and for which ridge which part of the story fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import style
from ascentcheck.theory.toy import paths, regimes
from ascentcheck.theory.toy.problem import COUNTS, PLACES, SIGNS, Name, Reading, toy
from ascentcheck.theory.toy.stationary import Cover, StationaryPoint, correct, solve

TITLE = "Descent-ascent in two parameters"
NEEDS_STUDY = False
READING = Reading()
RIDGE = fmpq(1, 10)
FORGOTTEN = 2
SPAN_A, SPAN_B = (-1.0, 5.0), (-3.5, 1.5)
RATE = 0.05
TITLES: dict[Name, str] = {
    "pretrained": "pretrained",
    "da": "descent-ascent",
    "retrained": "retrained",
}
FIRST_FAILS = (
    "pretrained: another plane is best",
    "no second minimum to move to",
    "retraining: the other plane is best",
    "descent-ascent does not move",
    "finetuning returns",
    "all of the figure",
)
SHADES = ("#D9D9D9", "#A6A6A6", style.ORANGE, "#CC79A7", "#F0E442", style.BLUE)


@dataclass(frozen=True)
class Landscape:
    """A problem: minima [n, 2], lowest loss first, the planes they stand for, and the loss on the grid."""

    name: Name
    minima: np.ndarray
    signs: tuple[str, ...]
    loss: np.ndarray


@dataclass(frozen=True)
class Data:
    """Landscapes over the grid `a` × `b`, paths [n, 2] by name, the line between the basins, and the regimes."""

    a: np.ndarray
    b: np.ndarray
    landscapes: tuple[Landscape, ...]
    ways: tuple[tuple[str, np.ndarray], ...]
    separatrix: np.ndarray
    crossing: np.ndarray | None
    readings: tuple[str, ...]
    ridges: np.ndarray
    regimes: np.ndarray


def data(rows: Sequence[Row] = ()) -> Data:
    """Return what is drawn; the study's table is not needed."""
    a, b = np.linspace(*SPAN_A, 90), np.linspace(*SPAN_B, 90)
    grid = np.stack(np.meshgrid(a, b), axis=-1)
    covers: dict[Name, Cover] = {
        name: solve(name, READING, RIDGE, 0 if name == "pretrained" else FORGOTTEN) for name in TITLES
    }
    problems = {name: toy(name, READING, RIDGE, FORGOTTEN) for name in TITLES}
    landscapes = tuple(
        Landscape(
            name,
            np.array([_place(m) for m in cover.minima]),
            tuple(m.signs for m in cover.minima),
            paths.loss(problems[name], grid),
        )
        for name, cover in covers.items()
    )
    start = _place(covers["pretrained"].minima[0])
    ascended = paths.flow(problems["da"], start)
    ways = (
        ("retraining", paths.flow(problems["retrained"], start)),
        ("descent-ascent", ascended),
        ("in turns", paths.in_turns(READING, RIDGE, FORGOTTEN, start, RATE, 2000)),
        ("finetuning on R after it", paths.flow(problems["retrained"], ascended[-1])),
    )
    saddle = next(p for p in covers["retrained"].points if p.kind == "saddle")
    ends = np.array([_place(m) for m in covers["retrained"].minima])
    crossed = paths.crossing(problems["retrained"], ends, ascended)
    stored = regimes.stored()
    return Data(
        a,
        b,
        landscapes,
        ways,
        paths.separatrix(problems["retrained"], _place(saddle)),
        None if crossed is None else ascended[crossed],
        tuple(stored),
        np.array([int(r.p) / int(r.q) for r in regimes.RIDGES]),
        np.array(list(stored.values())),
    )


def _place(point: StationaryPoint) -> np.ndarray:
    return np.array([float(point.a.mid()), float(point.b.mid())])


def draw(shown: Data) -> Figure:
    """Return the figure."""
    # Placed by hand: the solver's last digits differ from run to run, and with them the bytes of the PDF.
    figure = Figure(figsize=(style.WIDTH, 6.6))
    figure.set_layout_engine("none")
    place = {"left": 0.08, "right": 0.985, "top": 0.97, "bottom": 0.43, "wspace": 0.24, "hspace": 0.54}
    axes = figure.subplots(2, 3, gridspec_kw=place)
    for at, landscape in zip(axes[0], shown.landscapes, strict=True):
        _landscape(at, shown, landscape)
        at.set_title(TITLES[landscape.name])
        at.set(xlabel="a", xlim=SPAN_A, ylim=SPAN_B)
    axes[0, 0].set_ylabel("b")
    retrained = shown.landscapes[-1]
    for at, name in zip(axes[1], ("descent-ascent", "retraining"), strict=False):
        end = dict(shown.ways)[name][-1]
        signs = retrained.signs[paths.nearest(retrained.minima, end)]
        right, wrong = correct(signs, "retrained", FORGOTTEN)
        _plane(at, end, f"{name}:\n{right} correct, {wrong} incorrect")
    axes[1, 0].set_ylabel("x²")
    _ways(axes[1, 2], shown)
    _map(figure.add_axes((0.26, 0.065, 0.36, 0.29)), shown)
    return figure


def _landscape(at: Axes, shown: Data, landscape: Landscape) -> None:
    low = landscape.loss.min()
    levels = low + (landscape.loss.max() - low) * np.linspace(0.005, 1, 16) ** 2
    at.contour(shown.a, shown.b, landscape.loss, levels=levels, colors=style.GREY, linewidths=0.5)
    for number, minimum in enumerate(landscape.minima):
        _marked(at, minimum, number)


def _marked(at: Axes, minimum: np.ndarray, number: int) -> None:
    if number == 0:
        at.plot(*minimum, marker="X", ms=7, mfc=style.BLACK, mec="white", mew=0.6, ls="", zorder=5)
    else:
        at.plot(*minimum, marker="o", ms=6, mfc="white", mec=style.BLACK, mew=1.2, ls="", zorder=5)


def _plane(at: Axes, theta: np.ndarray, title: str) -> None:
    """The places in the plane of (x, x²) and the boundary 1 + ax + bx² = 0."""
    x = np.array([-2.0, 5.0])
    at.plot(x, -(1 + theta[0] * x) / theta[1], color=style.BLACK, ls="--", lw=1)
    for place, sign, count in zip(PLACES, SIGNS, COUNTS, strict=True):
        size = 5 + count
        where = (place, place**2)
        at.plot(*where, marker="o", ms=size, color=style.BLUE if sign > 0 else style.RED, ls="")
        at.annotate("+" if sign > 0 else "−", where, color="white", ha="center", va="center", weight="bold")
        left = place in (PLACES[0], PLACES[3])
        at.annotate(
            f"{count - FORGOTTEN} + {FORGOTTEN} forgotten" if place == PLACES[3] else f"{count}",
            where,
            xytext=(-(size / 2 + 2) if left else size / 2 + 2, 0),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
            fontsize=6.5,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )
    at.set(xlim=(-2.6, 5), ylim=(-3, 20), xlabel="x")
    at.set_title(title)


LABELLED = {
    "descent-ascent": (style.RED, "-", (5, -10), "left", 0.6),
    "in turns": (style.BLACK, (0, (1, 1)), (-2, -10), "left", 1.0),
}
"""Colour and dashes of a path; offset, side and place (share of the way) of its name."""


def _ways(at: Axes, shown: Data) -> None:
    low, high = (1.3, 4.0), (-2.15, -0.25)
    line = shown.separatrix[shown.separatrix[:, 0].argsort()]
    at.fill_between(line[:, 0], line[:, 1], high[1], color=style.BLUE, alpha=0.12, lw=0)
    at.fill_between(line[:, 0], line[:, 1], high[0], color=style.ORANGE, alpha=0.15, lw=0)
    at.plot(*line.T, color=style.BLACK, lw=1, ls="--")
    ways = dict(shown.ways)
    at.plot(*ways["retraining"].T, color=style.BLUE, lw=1.6)
    at.plot(*ways["finetuning on R after it"].T, color=style.GREEN, lw=2.2)
    for name, (colour, ls, offset, side, share) in LABELLED.items():
        way = ways[name]
        at.plot(*way.T, color=colour, ls=ls, lw=1.4)
        travelled = np.concatenate([[0], np.linalg.norm(np.diff(way, axis=0), axis=1).cumsum()])
        place = way[int(np.searchsorted(travelled, share * travelled[-1]).clip(max=len(way) - 1))]
        at.annotate(
            name.replace("-", "-\n"),
            place,
            xytext=offset,
            textcoords="offset points",
            ha=side,
            va="bottom",
            fontsize=6.5,
            color=colour,
        )
    at.plot(*ways["retraining"][0], marker="*", ms=8, mfc=style.GREEN, mec="white", mew=0.5, ls="", zorder=6)
    for number, minimum in enumerate(shown.landscapes[-1].minima):
        _marked(at, minimum, number)
    at.set(xlabel="a", xlim=low, ylim=high)
    at.set_title("paths over the\nbasins of retraining")


def _map(at: Axes, shown: Data) -> None:
    edges = np.sqrt(shown.ridges[1:] * shown.ridges[:-1])
    x = np.concatenate(
        [[shown.ridges[0] ** 1.5 / edges[0] ** 0.5], edges, [shown.ridges[-1] ** 1.5 / edges[-1] ** 0.5]]
    )
    at.pcolormesh(
        x,
        np.arange(len(shown.readings) + 1) - 0.5,
        shown.regimes,
        cmap=ListedColormap(SHADES),
        vmin=-0.5,
        vmax=len(SHADES) - 0.5,
        edgecolors="white",
        linewidth=0.3,
    )
    at.axvline(0.1, color=style.BLACK, lw=1, ls=":")
    at.set(xscale="log", xlabel="ridge λ (dotted: the paper's)")
    at.set_yticks(range(len(shown.readings)), shown.readings, fontsize=6)
    at.invert_yaxis()
    found = [k for k in range(len(SHADES)) if (shown.regimes == k).any()]
    at.legend(
        handles=[Patch(color=SHADES[k], label=FIRST_FAILS[k]) for k in found],
        loc="upper left",
        bbox_to_anchor=(1.01, 1),
        title="what fails first",
        title_fontsize=7,
    )


def caption(shown: Data) -> str:
    """Return what the figure shows, in words."""
    printed = shown.regimes[:, np.isclose(shown.ridges, 0.1)][:, 0]
    whole = [
        f"{reading} for λ in {shown.ridges[row == regimes.ALL].min():g} to {shown.ridges[row == regimes.ALL].max():g}"
        for reading, row in zip(shown.readings, shown.regimes, strict=True)
        if (row == regimes.ALL).any()
    ]
    crossed = (
        "" if shown.crossing is None else f" at (a, b) = ({shown.crossing[0]:.2f}, {shown.crossing[1]:.2f})"
    )
    return (
        "Top: the loss in the literal reading at λ = 0.1, × the global and ○ the local minimum, all certified. Middle: the "
        "planes at which descent-ascent and retraining, both from the pretrained minimum (star), end; their paths over the "
        f"basins of the retain loss. Descent-ascent crosses the boundary{crossed}, and finetuning on R (green) ends at ×, "
        "the other plane. Bottom: what fails first, for each reading of the text (range of the output, labels, what |D| is, "
        f"half) and ridge. At λ = 0.1 all of the figure is true in {(printed == regimes.ALL).sum()} of {len(printed)} "
        f"readings; among the ridges tried it is true {'in none' if not whole else 'for ' + '; '.join(whole)}."
    )

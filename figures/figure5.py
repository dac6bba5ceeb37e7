"""Figure 5: the toy of §5.2, its loss as the pretrained, descent-ascent and retrained problems see it.

The paper's content first, in the literal reading at λ = 0.1: contours of the loss, global minimum (×) and local minimum
(○), and the boundary between the classes in the plane of (x, x²). Ours beside it: the basins of retraining with the
paths, and the map that says in which reading and for which ridge which part of the story fails. Solved in `theory.toy.story`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import style
from ascentcheck.theory.toy import paths, regimes
from ascentcheck.theory.toy.problem import COUNTS, PLACES, SIGNS, Name, Reading
from ascentcheck.theory.toy.stationary import correct
from ascentcheck.theory.toy.story import FORGOTTEN, SPAN_A, SPAN_B, Landscape, Story, solved

TITLE = "Descent-ascent in two parameters"
NEEDS_STUDY = False
CLAIM = "toy-minima"
PAPER = "Figure 5 of the paper has the three landscapes and the two planes."
TITLES: dict[Name, str] = {
    "pretrained": "pretrained",
    "da": "descent-ascent",
    "retrained": "retrained",
}
FIRST_FAILS = (
    "pretraining: another\nplane is best",
    "no second minimum\nto move to",
    "retraining: the other\nplane is best",
    "descent-ascent\ndoes not move",
    "finetuning returns",
    "nothing: all of the\nfigure is true",
)
SHADES = ("#D9D9D9", "#A6A6A6", "#CC79A7", "#56B4E9", "#F0E442", style.BLACK)
"""Of the map alone: no other colour of the figure is among them."""
PARTS_OF_A_READING = (
    ("exponent", -1.3),
    ("output in", -0.98),
    ("labels", -0.75),
    ("mean over", -0.37),
    ("error", -0.04),
)
"""What the text leaves open, and where its column ends, left of the map."""


def data(rows: Sequence[Row] = ()) -> Story:
    """Return what is drawn; the study's table is not needed."""
    return solved()


def words(reading: Reading) -> tuple[str, str, str, str, str]:
    """Return a reading in words: σ's exponent, the output's range, the labels, what the loss is a mean over, and the error."""
    return (
        "(1+z)/2" if reading.exponent == "halved" else "1+z",
        "(0, 1)" if reading.output == "unit" else "(−1, 1)",
        "−1, 1" if reading.labels == "signed" else "0, 1",
        "4 places" if reading.normaliser == "points" else "weights",
        "½(h − y)²" if reading.half else "(h − y)²",
    )


def draw(shown: Story) -> Figure:
    """Return the figure."""
    # Placed by hand: the solver's last digits differ from run to run, and with them the bytes of the PDF.
    figure = Figure(figsize=(style.WIDTH, 9.2))
    figure.set_layout_engine("none")
    place = {"left": 0.08, "right": 0.985, "top": 0.976, "bottom": 0.589, "wspace": 0.24, "hspace": 0.54}
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
    _map(figure.add_axes((0.465, 0.047, 0.28, 0.465)), shown)
    return figure


def _landscape(at: Axes, shown: Story, landscape: Landscape) -> None:
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


def _ways(at: Axes, shown: Story) -> None:
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


def _map(at: Axes, shown: Story) -> None:
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
    at.set_yticks([])
    at.invert_yaxis()
    for column, (title, place) in enumerate(PARTS_OF_A_READING):
        at.text(
            place,
            -0.9,
            title,
            transform=at.get_yaxis_transform(),
            ha="right",
            va="bottom",
            fontsize=6.5,
            weight="bold",
        )
        for row, reading in enumerate(shown.readings):
            text = words(reading)[column]
            at.text(
                place, row, text, transform=at.get_yaxis_transform(), ha="right", va="center", fontsize=6.5
            )
    found = [k for k in range(len(SHADES)) if (shown.regimes == k).any()]
    at.legend(
        handles=[Patch(color=SHADES[k], label=FIRST_FAILS[k]) for k in found],
        loc="upper left",
        bbox_to_anchor=(1.01, 1),
        title="what fails first",
        title_fontsize=7,
        handlelength=1.2,
    )


def table(shown: Story) -> tuple[tuple[str, ...], ...]:
    """Return the readings in which all of the figure is true for some ridge, with the ridges; the first row is the head."""
    head = (*(title for title, _ in PARTS_OF_A_READING), "all of the figure is true for λ")
    return (
        head,
        *(
            (
                *words(reading),
                f"{shown.ridges[row == regimes.ALL].min():g} to {shown.ridges[row == regimes.ALL].max():g}",
            )
            for reading, row in zip(shown.readings, shown.regimes, strict=True)
            if (row == regimes.ALL).any()
        ),
    )


def caption(shown: Story) -> str:
    """Return what the figure shows, in words."""
    printed = shown.regimes[:, np.isclose(shown.ridges, 0.1)][:, 0]
    true = len(table(shown)) - 1
    crossed = (
        "" if shown.crossing is None else f" at (a, b) = ({shown.crossing[0]:.2f}, {shown.crossing[1]:.2f})"
    )
    return (
        "Top: level lines of the loss in the literal reading at λ = 0.1, × the global and ○ the local minimum, all certified. "
        "Middle: the planes at which descent-ascent and retraining, both from the pretrained minimum (star), end; their paths "
        "over the basins of the retain loss: retraining (blue, short) goes to ○ beside the star, descent and ascent in turns "
        f"(dotted) and descent-ascent (red) leave its basin, the latter{crossed}, and finetuning on R from its end goes to ×, "
        "the other plane. Bottom: which part of the figure fails first, a row for each way to read the text and a column for "
        f"each ridge. At λ = 0.1, the paper's, all of the figure is true in {(printed == regimes.ALL).sum()} of "
        f"{len(printed)} readings, for some ridge in {true}."
    )

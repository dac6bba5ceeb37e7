"""Figure 10: dependence. What near-copies of forgotten points do when they are kept, and what predicts and explains failure.

Drawn from the tables of `python -m empirics dependence`, in docs/results/dependence; no study needs to be there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ascentcheck.empirics.dependence.doses import NONE
from ascentcheck.empirics.dependence.effects import dose_of
from ascentcheck.empirics.dependence.evidence import (
    CKA,
    Arm,
    Tables,
    linear_arms,
    load,
    network_arm,
    network_shares,
)
from ascentcheck.empirics.dependence.on_copies import PERCEPTRONS
from ascentcheck.empirics.dependence.ranks import Correlation, partial_spearman
from ascentcheck.empirics.dependence.shares import Share
from ascentcheck.empirics.dependence.tables import Row
from ascentcheck.empirics.study.table import Row as StudyRow
from ascentcheck.figures import style

TITLE = "Dependence: dose and response"
NEEDS_STUDY = False
TABLES = Path("docs/results/dependence")
COPIES = 4.0
"""The doses that are drawn have so many near-copies of each point."""
LINES = (("nearest", style.BLUE, "o"), ("end", style.RED, "s"))


@dataclass(frozen=True)
class Line:
    """A response against ε: ratios with their intervals, and the predicted ones where there are any."""

    label: str
    place: str
    epsilon: tuple[float, ...]
    ratio: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    predicted: tuple[float, ...] | None


@dataclass(frozen=True)
class Cloud:
    """Sets: their gradient CKA, their nearest ratio, and the rank correlation of the two, partial for |F| and doing nothing."""

    label: str
    cka: tuple[float, ...]
    ratio: tuple[float, ...]
    correlation: Correlation


@dataclass(frozen=True)
class Data:
    """The responses of linear models and of perceptrons, the sets of both, and the shares in the networks' variance.

    `n_sets` are the random sets of the perceptrons at each ε.
    """

    linear: tuple[Line, ...]
    networks: tuple[Line, ...]
    sets: tuple[Cloud, ...]
    shares: tuple[Share, ...]
    n_models: int
    n_sets: dict[float, int]
    n_random: int


def data(rows: Sequence[StudyRow] = (), folder: Path = TABLES) -> Data | None:
    """Return what is drawn, or None where there are no tables. Raises UserError for a table that cannot be read."""
    return drawn(load(folder))


def drawn(tables: Tables) -> Data | None:
    """Return what is drawn of these tables."""
    networks, arms = network_arm(tables), list(linear_arms(tables))
    if not (tables.linear_doses and arms):
        return None
    dosed = tables.doses.get(PERCEPTRONS, [])
    first = arms[0].name
    lines = [
        _line(
            [r for r in tables.linear_doses if r["setting"] == first and r["beta"] == "samples"], place, place
        )
        for place, *_ in LINES
    ]
    of_networks = [
        _line([r for r in dosed if r["method"] == method and r["place"] == "nearest"], "nearest", method)
        for method in dict.fromkeys(r["method"] for r in dosed)
    ]
    clouds = [_cloud(arms[0], "samples nearest")]
    if networks is not None:
        clouds.append(_cloud(networks, "descent-ascent frozen nearest"))
    return Data(
        tuple(lines),
        tuple(of_networks),
        tuple(clouds),
        () if networks is None else network_shares(networks, tables.courses).shares,
        int(dosed[0]["n_models"]) if dosed else 0,
        {r["correlation"]: int(r["n_sets"]) for r in dosed if r["per_point"] == COPIES or dose_of(r) == NONE},
        int(tables.linear_doses[0]["n"]),
    )


def _line(rows: Sequence[Row], place: str, label: str) -> Line:
    mine = sorted(
        (r for r in rows if r["place"] == place and (r["per_point"] == COPIES or dose_of(r) == NONE)),
        key=lambda r: r["correlation"],
    )
    columns = {
        name: tuple(float(np.exp(r[name])) for r in mine) for name in ("ratio", "ratio_low", "ratio_high")
    }
    foreseen = None
    if mine and all(r.get("predicted") is not None for r in mine):
        foreseen = tuple(float(np.exp(mine[0]["ratio"] + r["predicted"])) for r in mine)
    return Line(label, place, tuple(r["correlation"] for r in mine), *columns.values(), foreseen)


def _cloud(arm: Arm, outcome: str) -> Cloud:
    cka, ratio = arm.predictors[CKA], arm.outcomes[outcome]
    controls = [arm.column("size"), arm.column("nothing")]
    return Cloud(arm.name, tuple(cka), tuple(np.exp(ratio).tolist()), partial_spearman(cka, ratio, controls))


def draw(shown: Data | None) -> Figure:
    """Return the figure, with a note where something is missing."""
    if shown is None:
        return style.note(
            Figure(figsize=(style.WIDTH, 3)), f"No tables in {TABLES}: `python -m empirics dependence`."
        )
    figure = Figure(figsize=(style.WIDTH, 4.9))
    axes = figure.subplots(2, 2)
    colours = {place: colour for place, colour, _ in LINES}
    _responses(axes[0, 0], shown.linear, [colours[line.place] for line in shown.linear])
    axes[0, 0].set(title="linear model, β = |F|/|R|", ylabel="distance from the oracle\n(doing nothing = 1)")
    _responses(axes[0, 1], shown.networks, [style.GREEN, style.ORANGE])
    axes[0, 1].set(title="perceptrons, nearest")
    for at in axes[0]:
        at.axhline(1, color=style.GREY, lw=0.8, ls=":")
        at.set(xlabel="ε of the near-copies", yscale="log")
        at.set_ylim(top=2.5 * at.get_ylim()[1])
        low, high = at.get_ylim()
        at.set_yticks([tick for tick in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50) if low <= tick <= high])
        at.yaxis.set_major_formatter("{x:g}")
        at.yaxis.set_minor_formatter("")
        at.legend(loc="upper right")
    for cloud, colour, marker in zip(shown.sets, (style.BLUE, style.ORANGE), ("o", "^"), strict=False):
        axes[1, 0].plot(cloud.cka, cloud.ratio, marker, color=colour, ms=2.5, label=cloud.label)
    axes[1, 0].set(xlabel="gradient CKA of F and R", ylabel="nearest (doing nothing = 1)")
    axes[1, 0].legend(loc="lower left", bbox_to_anchor=(0, 1))
    _bars(axes[1, 1], shown.shares)
    return figure


def _responses(at: Axes, lines: Sequence[Line], colours: Sequence[str]) -> None:
    for line, colour in zip(lines, colours, strict=False):
        reach = [np.subtract(line.ratio, line.low), np.subtract(line.high, line.ratio)]
        label = line.label if line.predicted is None else f"{line.label} (dashed: predicted)"
        at.errorbar(line.epsilon, line.ratio, reach, color=colour, marker="o", ms=3, capsize=2, label=label)
        if line.predicted is not None:
            at.plot(line.epsilon, line.predicted, color=colour, ls="--", lw=0.9)


def _bars(at: Axes, shares: Sequence[Share]) -> None:
    order = sorted(shares, key=lambda s: s.value)
    values = [s.value for s in order]
    reach = [[s.value - s.low for s in order], [s.high - s.value for s in order]]
    at.barh(
        [s.group for s in order], values, xerr=np.maximum(reach, 0), color=style.BLUE, height=0.6, capsize=2
    )
    at.set(title="perceptrons", xlabel="share in the variance")


def _sets(by_epsilon: dict[float, int]) -> str:
    """Say how many random sets there are, by ε where they are not as many."""
    if len(set(by_epsilon.values())) == 1:
        return f"{next(iter(by_epsilon.values()))} random sets"
    return "random sets: " + ", ".join(f"{n} at ε = {epsilon:g}" for epsilon, n in sorted(by_epsilon.items()))


def caption(shown: Data | None) -> str:
    """Return what the figure shows, in words."""
    if shown is None:
        return "Nothing to show yet."
    said = "; ".join(
        f"{c.label}: {c.correlation.rho:+.2f} ({c.correlation.low:+.2f} to {c.correlation.high:+.2f}, n = {c.correlation.n})"
        for c in shown.sets
    )
    return (
        "Top: distance from the oracle over that of doing nothing, against the correlation ε of four near-copies of each "
        "forgotten point that are kept; at ε = 0 the data are the original ones. "
        f"Left: {shown.n_random} random sets, means with 95% t intervals, and what the correlated pair of the same α and ε "
        "predicts from the first point on (dashed). Right: the least over all settings of a method, "
        f"{shown.n_models} models of each kind, {_sets(shown.n_sets)}; intervals over models. "
        "Bottom left: sets by gradient CKA; rank correlation partial for |F| and "
        f"the distance of doing nothing: {said}. Bottom right: Shapley shares of R² on the half of the sets that was not fitted, "
        "95% intervals over these sets."
    )

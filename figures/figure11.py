"""Figure 11: descent and ascent in turns. Where the iteration comes to rest, and how far from simultaneous descent-ascent.

Left, where orbits of the exact map go, against α|R|/|F|: to a point, to a cycle, or nowhere in particular. Right, how far
the fixed point is from that of simultaneous descent-ascent with 2λ, against the learning rate; crosses are with momentum,
bars with random batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import fmpq
from matplotlib.figure import Figure

from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import style
from ascentcheck.theory.iteration import fixed_points, orbit, with_batches, with_momentum
from ascentcheck.theory.lambert import lambert_w0

TITLE = "Descent and ascent in turns"
NEEDS_STUDY = False
CLAIM = "iterative-da"
PULL, RIDGE = 0.5, 0.01
"""|R_j|/|R| and λ."""
RATIOS = (0.25, 0.5, 0.9)
RATES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
LEFT_RATES = (0.1, 1.0)
MOMENTUM, BATCH, RUNS = 0.9, 64, 20
DOUBLING = float(np.exp(np.sqrt(2)))
"""α|R|/|F| at which the fixed point doubles its period as λ → 0."""
COLOURS = (style.BLUE, style.ORANGE, style.RED)


@dataclass(frozen=True)
class Offset:
    """Relative distance to simultaneous descent-ascent at each of RATES, for one α|R|/|F|.

    `batches` holds (mean, half width of a 95% interval over RUNS runs) for the rates at which it was tried.
    """

    ratio: float
    exact: tuple[float, ...]
    momentum: tuple[float, ...]
    batches: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Data:
    """Orbit tails [kept, ratios] for each of LEFT_RATES over `ratios`, and the offsets."""

    ratios: np.ndarray
    tails: tuple[np.ndarray, ...]
    offsets: tuple[Offset, ...]


def offset(ratio: float) -> Offset:
    """Return the distances for one α|R|/|F|, from certified fixed points and from simulations."""
    pull_forget = ratio * PULL
    target = float(lambert_w0(np.array((PULL - pull_forget) / (2 * RIDGE))))

    def away(w: float) -> float:
        return abs(w - target) / target

    exact, heavy, noisy = [], [], []
    for rate in RATES:
        (point,) = fixed_points(*(_exact(v) for v in (rate, RIDGE, PULL, pull_forget)))
        exact.append(away(float(point.w.mid())))
        rounds = int(60 / (rate * RIDGE))
        heavy.append(
            away(
                float(
                    with_momentum(
                        np.array(target), min(rounds, 60_000), MOMENTUM, rate, RIDGE, PULL, pull_forget
                    )
                )
            )
        )
        if rate in (0.1, 1.0):
            runs = with_batches(target, 20_000, BATCH, RUNS, rate, RIDGE, PULL, pull_forget)
            error = 2.09 * float(runs.std(ddof=1)) / np.sqrt(RUNS) / target
            noisy.append((rate, away(float(runs.mean())), float(error)))
    return Offset(ratio, tuple(exact), tuple(heavy), tuple(noisy))


def _exact(value: float) -> fmpq:
    whole = Fraction(str(value))
    return fmpq(whole.numerator, whole.denominator)


def data(rows: Sequence[Row] = ()) -> Data:
    """Return what is drawn; the study's table is not needed."""
    ratios = np.linspace(0.5, 8, 541)
    tails = tuple(
        orbit(np.array(1.0), 6000, 60, np.array(rate), np.array(RIDGE), np.array(PULL), PULL * ratios)
        for rate in LEFT_RATES
    )
    return Data(ratios, tails, tuple(offset(ratio) for ratio in RATIOS))


def draw(shown: Data) -> Figure:
    """Return the figure."""
    figure = Figure(figsize=(style.WIDTH, 2.9))
    left, right = figure.subplots(1, 2)
    for tail, rate, colour in zip(shown.tails, LEFT_RATES, (style.BLUE, style.ORANGE), strict=True):
        left.plot(shown.ratios, tail.T, ls="", marker=",", color=colour, rasterized=True)
        left.plot([], [], ls="", marker="o", ms=3, color=colour, label=f"η = {rate:g}")
    left.axvline(DOUBLING, color=style.GREY, lw=0.8, ls="--", label="α|R|/|F| = e$^{√2}$")
    left.set(xlabel="α|R|/|F|", ylabel="w where orbits go", title="to a point, to a cycle, or neither")
    left.legend(loc="upper left", frameon=True, framealpha=1, edgecolor="none")
    for found, colour in zip(shown.offsets, COLOURS, strict=True):
        right.loglog(RATES, found.exact, color=colour, label=f"α|R|/|F| = {found.ratio:g}")
        right.loglog(RATES, found.momentum, color=colour, ls="", marker="x", ms=4)
        for rate, away, error in found.batches:
            right.errorbar(rate * 1.15, away, error, color=colour, marker="s", ms=2.5, capsize=2, lw=0.8)
    right.axhline(0.01, color=style.GREY, lw=0.8, ls=":")
    right.set(xlabel="learning rate η", ylabel="relative distance to\nsimultaneous descent-ascent")
    right.set_title("identical up to 2λ?")
    right.legend(loc="lower right")
    return figure


def caption(shown: Data) -> str:
    """Return what the figure shows, in words."""
    within = "; ".join(
        f"{max((r for r, away in zip(RATES, found.exact, strict=True) if away <= 0.01), default=0):g} for {found.ratio:g}"
        for found in shown.offsets
    )
    return (
        f"The exact two-step map on one coordinate, |R_j|/|R| = {PULL:g}, λ = {RIDGE:g}. Left: the last 60 of 6,000 rounds; "
        f"the dashed line is where the fixed point doubles its period for λ → 0, α = {DOUBLING:.3f}·|F|/|R|, whatever η is. "
        "Right: distance of the certified fixed point from simultaneous descent-ascent with 2λ (lines), with momentum "
        f"{MOMENTUM:g} (crosses) and with batches of {BATCH} (squares, 95% intervals over {RUNS} runs). Within 1% (dotted) up "
        f"to η = {within} of the rates tried."
    )

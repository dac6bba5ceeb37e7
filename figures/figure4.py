"""Figure 4: for which α descent-ascent is certainly harmful, against the correlation ε.

Dashed, the smallest α of lemma 9, from which on x^D ≥ x^DA and y^D ≥ y^DA; solid, the largest α of lemma 10, up to
which x^R ≥ x^D and y^R ≥ y^D. Between them, and up to α = 1 where the bounds of lemma 7 hold, all of (R) ≥ (D) ≥ (DA)
is guaranteed. The paper does not say which ridge its figure is for, so the panels show three. Below, the truth for one
forget fraction, from the solved equations: where that order really holds, and where descent-ascent ends farther from the
oracle than doing nothing. By the theorem pair-harm that is certain from the first number of lemma 9 on, with no upper end but
that of the minimum: this one curve stands there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import style
from ascentcheck.theory.claims.pair import alpha_max_x, alpha_max_y, alpha_min_x, alpha_min_y
from ascentcheck.theory.expression import W0
from ascentcheck.theory.lambert import lambert_w0
from ascentcheck.theory.solvers.pair_floats import stationary
from ascentcheck.theory.vocabulary import epsilon, n_forget, n_group, n_retain, ridge

TITLE = "Windows of certain harm"
NEEDS_STUDY = False
CLAIM = "figure-4"
PAPER = "Figure 4 of the paper has the upper row, for one ridge that is not given."
FRACTIONS = (0.05, 0.1, 0.2, 0.4)
RIDGES = (0.01, 1.0, 100.0)
"""Values of λ|R|/|R_ij|, which together with ε, α and the fraction is all that the solutions depend on."""
FRACTION = 0.1
ALPHAS = (1e-3, 10.0)
"""The fraction and the range of α of the lower row."""
COLOURS = ("#BCBDDC", "#9E9AC8", "#756BB1", "#54278F")
"""Of the fractions, darker for a larger one; no other thing has one of these colours."""
PROMISED, ORDERED, NONE, FARTHER = style.BLUE, "#BBD9EE", "#DDDDDD", style.RED
"""Of the lower row."""


@dataclass(frozen=True)
class Window:
    """The two bounds of α over ε, for one forget fraction |F|/|D|. Arrays of the length of `epsilon`."""

    fraction: float
    epsilon: np.ndarray
    alpha_min: np.ndarray
    alpha_max: np.ndarray

    @property
    def share_open(self) -> float:
        """The share of ε in (0, 1) at which some α ≤ 1 is in the window."""
        return float((self.alpha_min <= np.minimum(self.alpha_max, 1.0)).mean())


@dataclass(frozen=True)
class Truth:
    """What the solved equations say on a grid [alpha, epsilon], for one fraction and ridge.

    `ordered`: (x^R, y^R) ≥ (x^D, y^D) ≥ (x^DA, y^DA). `farther`: ‖w^DA − w^R‖ > ‖w^D − w^R‖. `exists`: there is a DA
    minimum. `promised`: α is in the window of lemmas 9 and 10, and at most 1. `certain` [epsilon]: the α from which on
    the theorem pair-harm has `farther`, or equally far, wherever there is a minimum.
    """

    epsilon: np.ndarray
    alpha: np.ndarray
    ordered: np.ndarray
    farther: np.ndarray
    exists: np.ndarray
    promised: np.ndarray
    certain: np.ndarray

    @property
    def covered(self) -> float:
        """The part of `ordered`, by area of the panel below, that the window covers."""
        return float(self.promised.sum() / self.ordered.sum()) if self.ordered.any() else float("nan")


@dataclass(frozen=True)
class Data:
    """The windows of each panel, by the ridge λ|R|/|R_ij|, and the truth for FRACTION."""

    panels: tuple[tuple[float, tuple[Window, ...]], ...]
    truths: tuple[Truth, ...]


_SYMBOLS = (epsilon, n_retain, n_forget, n_group, ridge)
_BOUNDS = [
    sp.lambdify(_SYMBOLS, bound, modules=[{W0.__name__: lambert_w0}, "numpy"])
    for bound in (alpha_min_x, alpha_min_y, alpha_max_x, alpha_max_y)
]


def window(fraction: float, relative_ridge: float, count: int = 400) -> Window:
    """Return the window for |F|/|D| = `fraction` and λ|R|/|R_ij| = `relative_ridge`, with |R| = |R_ij| = 1."""
    eps = (np.arange(count) + 0.5) / count
    forget = np.full(count, fraction / (1 - fraction))
    one = np.ones(count)
    with np.errstate(over="ignore"):
        min_x, min_y, max_x, max_y = (f(eps, one, forget, one, relative_ridge * one) for f in _BOUNDS)
    return Window(fraction, eps, np.maximum(min_x, min_y), np.minimum(max_x, max_y))


def truth(fraction: float, relative_ridge: float, size: int = 240) -> Truth:
    """Solve the three problems on a grid of `size` × `size` values of α (ALPHAS, logarithmic) and ε in (0, 1)."""
    eps = (np.arange(size) + 0.5) / size
    alpha = np.geomspace(*ALPHAS, size)[:, None]
    forget, nothing = fraction / (1 - fraction), np.zeros_like(alpha)
    sizes = (1.0, forget, relative_ridge, 1.0)
    solved = {
        "D": stationary(*sizes, alpha, eps),
        "R": stationary(*sizes, nothing, eps, da=True),
        "DA": stationary(*sizes, alpha, eps, da=True),
    }
    weights = {
        name: _weights(x, y, eps, alpha * (name != "R"), forget, relative_ridge, name == "D")
        for name, (x, y) in solved.items()
    }
    distance = {
        name: np.hypot(*(at - oracle for at, oracle in zip(weights[name], weights["R"], strict=True)))
        for name in ("D", "DA")
    }
    (x_d, y_d), (x_r, y_r), (x_da, y_da) = (solved[name] for name in ("D", "R", "DA"))
    ordered = (x_r >= x_d) & (y_r >= y_d) & (x_d >= x_da) & (y_d >= y_da)
    bounds = window(fraction, relative_ridge, size)
    promised = (alpha >= bounds.alpha_min) & (alpha <= np.minimum(bounds.alpha_max, 1.0))
    certain = _BOUNDS[0](eps, 1.0, forget, 1.0, relative_ridge)
    farther = distance["DA"] > distance["D"]
    return Truth(eps, alpha[:, 0], ordered, farther, np.isfinite(x_da), promised, certain)


def _weights(
    x: np.ndarray, y: np.ndarray, eps: np.ndarray, alpha: np.ndarray, forget: float, ridge_: float, both: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return (w_i, w_j) from the pulls: w = r·(1, ε) + φ·(ε, 1), which stays right as ε → 1 and x → y."""
    retain = np.exp(-x) / ridge_ / ((1 + forget) if both else 1)
    forgotten = alpha * np.exp(-y) / ridge_ / ((1 + forget) if both else -forget)
    return retain + eps * forgotten, eps * retain + forgotten


def data(rows: Sequence[Row] = ()) -> Data:
    """Return what is drawn; the study's table is not needed."""
    return Data(
        tuple((r, tuple(window(f, r) for f in FRACTIONS)) for r in RIDGES),
        tuple(truth(FRACTION, r) for r in RIDGES),
    )


def draw(shown: Data) -> Figure:
    """Return the figure."""
    figure = Figure(figsize=(style.WIDTH, 4.9))
    axes, below = figure.subplots(2, len(shown.panels), sharex=True, sharey="row")
    for at, (relative_ridge, windows) in zip(axes, shown.panels, strict=True):
        for found, colour in zip(windows, COLOURS, strict=True):
            high = np.minimum(found.alpha_max, 1.0)
            at.fill_between(
                found.epsilon,
                found.alpha_min,
                high,
                where=high >= found.alpha_min,
                color=colour,
                alpha=0.12,
                lw=0,
            )
            at.plot(found.epsilon, found.alpha_min, color=colour, ls="--", lw=1)
            at.plot(found.epsilon, found.alpha_max, color=colour, label=f"{found.fraction:g}")
        at.axhline(1, color=style.GREY, lw=0.6, ls=":")
        at.set(yscale="log", xlim=(0, 1), ylim=(1e-3, 1e2), xticks=(0, 0.5, 1))
        at.set_title(f"λ|R|/|R$_{{ij}}$| = {relative_ridge:g}")
    axes[0].set_ylabel("α, by the lemmas")
    for at, found in zip(below, shown.truths, strict=True):
        at.contourf(found.epsilon, found.alpha, found.exists, levels=(-0.5, 0.5), colors=[NONE])
        at.contourf(found.epsilon, found.alpha, found.ordered, levels=(0.5, 1.5), colors=[ORDERED])
        at.contourf(found.epsilon, found.alpha, found.promised, levels=(0.5, 1.5), colors=[PROMISED])
        at.contour(
            found.epsilon,
            found.alpha,
            found.farther & found.exists,
            levels=(0.5,),
            colors=[FARTHER],
            linewidths=1,
        )
        at.plot(found.epsilon, found.certain, color=FARTHER, ls="--", lw=1)
        at.set(yscale="log", xlabel="correlation ε", ylim=ALPHAS)
    below[0].set_ylabel(f"α, in truth, |F|/|D| = {FRACTION:g}")
    handles, labels = axes[0].get_legend_handles_labels()
    for ls, text in (("--", "smallest α (lemma 9)"), ("-", "largest α (lemma 10)")):
        (line,) = axes[0].plot([], [], color=style.BLACK, ls=ls, lw=1)
        handles.append(line)
        labels.append(text)
    labels[: len(FRACTIONS)] = [f"|F|/|D| = {text}" for text in labels[: len(FRACTIONS)]]
    patches = (
        (PROMISED, "promised by the lemmas"),
        (ORDERED, "the order holds"),
        (NONE, "no descent-ascent minimum"),
    )
    for colour, text in patches:
        handles.append(Patch(facecolor=colour))
        labels.append(text)
    for ls, text in (("-", "inside: farther than doing nothing"), ("--", "from here on certain (pair-harm)")):
        (line,) = below[0].plot([], [], color=FARTHER, ls=ls, lw=1)
        handles.append(line)
        labels.append(text)
    figure.legend(
        handles,
        labels,
        loc="outside lower center",
        ncols=3,
        columnspacing=1.2,
    )
    return figure


def table(shown: Data) -> tuple[tuple[str, ...], ...]:
    """Return the shares by ridge: of ε with a window, for each fraction, and of the true area that is promised."""
    windows = shown.panels[0][1]
    head = (
        "λ|R|/|R_ij|",
        *(f"ε with a window, |F|/|D| = {found.fraction:g}" for found in windows),
        f"of the true area promised, |F|/|D| = {FRACTION:g}",
    )
    rows = (
        (f"{ridge_value:g}", *(f"{found.share_open:.0%}" for found in own), f"{of.covered:.0%}")
        for (ridge_value, own), of in zip(shown.panels, shown.truths, strict=True)
    )
    return (head, *rows)


def caption(shown: Data) -> str:
    """Return what the figure shows, in words; the shares are in the table."""
    return (
        "Sufficient windows of α against the correlation ε, from the dashed curve up to the solid one of the same colour, "
        "shaded up to α = 1 (dotted), above which the bounds they rest on "
        f"fail; three ridges, as the paper gives none. Below, the truth for |F|/|D| = {FRACTION:g}: light blue, where "
        "(x^R, y^R) ≥ (x^D, y^D) ≥ (x^DA, y^DA) really holds, dark blue the part of it that the lemmas promise; inside the "
        "red line descent-ascent ends farther from the oracle than doing nothing; from the dashed one on, as far as there is a "
        "minimum, that is proved (pair-harm)."
    )

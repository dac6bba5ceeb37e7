"""Solvers on actual data sets, against the closed forms that a claim hands over. They can object; they prove nothing.

The data sets stand here and not with the claims: a closed form is to be right on any of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
import sympy as sp
from flint import arb, fmpq
from jaxtyping import Float

from ascentcheck.theory import iteration
from ascentcheck.theory.claim import Simulation
from ascentcheck.theory.expression import ball
from ascentcheck.theory.problem import Problem, correlated_pair, minimise, orthogonal_groups

Array = Float[np.ndarray, "*shape"]
ClosedForm = Callable[..., Array]
"""Takes |R|, |F|, the ridge, |R_j| and α as arrays (on the pair |R|, |F|, the ridge, |R_ij|, ε and α)."""


@dataclass(frozen=True)
class Groups:
    """Orthogonal groups: how many retain and forget samples each has."""

    retain: tuple[int, ...]
    forget: tuple[int, ...]
    ridge: Fraction

    @property
    def problem(self) -> Problem:
        """The data set of eq. (1)."""
        return orthogonal_groups(self.retain, self.forget, float(self.ridge))

    @property
    def inputs(self) -> tuple[Array, ...]:
        """|R|, |F|, the ridge, |R_j| and α, group by group."""
        retain, forget = np.array(self.retain, dtype=float), np.array(self.forget, dtype=float)
        one = np.ones(len(retain))
        return retain.sum() * one, forget.sum() * one, float(self.ridge) * one, retain, forget / retain

    @property
    def words(self) -> str:
        """The data set, in words."""
        size = sum(self.retain) + sum(self.forget)
        return f"{size} samples in {len(self.retain)} orthogonal groups, ridge {float(self.ridge):g}"


@dataclass(frozen=True)
class Pair:
    """A correlated pair, and retain samples on further coordinates."""

    retain: int
    forget: int
    epsilon: float
    ridge: float
    others: tuple[int, ...]


THREE_CASES = Groups((90, 60, 50), (5, 10, 25), Fraction(6, 5))
"""One group has α > |F|/|R|."""
THREE_PATHS = Groups((200, 200, 100), (1, 20, 79), Fraction(1, 20))
"""One group for each kind of path from the pretrained model."""
PAIRS = {
    "lemma-6": Pair(12, 4, 0.4, 4.0, (20, 30)),
    "lemma-7": Pair(24, 20, 0.7, 6.0, (40, 12)),
    "lemma-8": Pair(20, 12, 0.3, 5.0, (30, 20)),  # the DA minimum has y < 0
    "lemma-9": Pair(20, 30, 0.6, 8.0, (50, 12)),  # α = 3/2 > 1
    "lemma-10": Pair(16, 8, 0.5, 7.0, (34, 30)),
    "lemma-12": Pair(16, 4, 0.8, 5.0, (30, 23)),
    "parallel-limit": Pair(1, 1, 0.95, 8.0, (4, 3)),
}


def minimised(closed: Mapping[str, ClosedForm], data: Groups = THREE_CASES) -> Simulation:
    """Minimise the objectives named by `closed`, 'da' from the pretrained minimum, and compare with the closed forms."""
    problem = data.problem
    found = {name: minimise(problem, name) for name in ("pretrained", "retrained")}
    found["da"] = minimise(problem, "da", start=found["pretrained"])
    errors = [np.abs(found[name] - form(*data.inputs)).max() for name, form in closed.items()]
    return Simulation.of(data.words, errors, 1e-9, len(problem.signed))


def descended(closed: Mapping[str, ClosedForm], data: Groups = THREE_PATHS) -> Simulation:
    """Descend L_DA from w^D, and compare the closest approach to the oracle with what is proved of the three paths.

    In the first group that is where descent-ascent ends, in the second where it starts, in the third the oracle.
    """
    problem, rate, steps = data.problem, 1e-3, 20_000
    oracle, start, last = (closed[name](*data.inputs) for name in ("retrained", "pretrained", "da"))
    at, closest = start.copy(), np.abs(start - oracle)
    for _ in range(steps):
        at = at - rate * problem.gradient("da", at)
        closest = np.minimum(closest, np.abs(at - oracle))
    expected = np.array([abs(last[0] - oracle[0]), abs(start[1] - oracle[1]), 0.0])
    errors = np.abs(closest - expected)
    return Simulation.of(f"{data.words}, {steps:,} steps of rate {rate:g}", errors, 1e-2, len(problem.signed))


def iterated(data: Groups = THREE_CASES) -> Simulation:
    """Iterate a descent step on R and an ascent step on F until they rest; compare with the enclosed fixed points."""
    problem, rate, rounds = data.problem, Fraction(1, 10), 400
    rows, is_forget = np.asarray(problem.signed), np.asarray(problem.forget)
    w_ = np.zeros(rows.shape[1])
    for _ in range(rounds):
        for chosen, sign in ((rows[~is_forget], 1), (rows[is_forget], -1)):
            ascent = (np.exp(-chosen @ w_)[:, None] * chosen).mean(axis=0)
            w_ = w_ + float(rate) * (sign * ascent - float(data.ridge) * w_)
    step, ridge = (fmpq(part.numerator, part.denominator) for part in (rate, data.ridge))
    found = [
        iteration.fixed_points(step, ridge, fmpq(r, sum(data.retain)), fmpq(f, sum(data.forget)))
        for r, f in zip(data.retain, data.forget, strict=True)
    ]
    errors = (abs(float(points[0].w.mid()) - value) for points, value in zip(found, w_, strict=True))
    return Simulation.of(f"{data.words}, learning rate {float(rate):g}", errors, 1e-12, len(rows))


def paired(margins: Mapping[str, Callable[..., Sequence[Array]]], name: str) -> Simulation:
    """Minimise the three objectives on a pair and compare x = w_i + εw_j and y = εw_i + w_j with `margins`."""
    data = PAIRS[name]
    problem = correlated_pair(data.retain, data.forget, data.epsilon, data.ridge, data.others)
    retain, one = data.retain + sum(data.others), np.ones(1)
    sizes = (retain, data.forget, data.ridge, data.retain, data.epsilon, data.forget / data.retain)
    inputs = tuple(value * one for value in sizes)
    errors: list[float] = []
    for objective, form in margins.items():
        w = minimise(problem, objective, start=np.zeros(2 + len(data.others)))
        seen = (w[0] + data.epsilon * w[1], data.epsilon * w[0] + w[1])
        errors += [abs(float(f[0]) - s) for f, s in zip(form(*inputs), seen, strict=True)]
    others = f"{sum(data.others)} on {len(data.others)} other coordinates"
    words = f"{data.retain} + {data.forget} samples of a correlated pair, {others}"
    return Simulation.of(words, errors, 1e-9, len(problem.signed))


def summed(bound: Callable[[sp.Expr, sp.Expr, sp.Expr], sp.Expr], largest: int = 6) -> Simulation:
    """Compare `bound` of n, t and Σ(b_i − a_i)² with exact sums of up to `largest` two-point variables of unequal ranges."""
    from ascentcheck.theory.solvers.tails import sum_distribution  # here: the claims import this module

    excesses: list[float] = []
    shares = (fmpq(1, 2), fmpq(1, 5))
    for size in range(1, largest + 1):
        for share, widths in product(
            shares, ((1,) * size, tuple(range(1, size + 1)), (5,) + (1,) * (size - 1))
        ):
            total = sum(width * width for width in widths)
            sums = sum_distribution([{fmpq(0): 1 - share, fmpq(width): share} for width in widths])
            mean = sum((value * chance for value, chance in sums.items()), fmpq(0))
            if sum(sums.values(), fmpq(0)) != 1 or mean != share * sum(widths):
                return Simulation(
                    "sums whose chances are not those of their parts", math.inf, 0.0, len(excesses)
                )
            centred: dict[fmpq, fmpq] = {}
            for value, chance in sums.items():
                distance = abs(value - share * sum(widths))
                centred[distance] = centred.get(distance, fmpq(0)) + chance
            for far in centred:
                tail = sum((c for distance, c in centred.items() if distance >= far), fmpq(0))
                gap = sp.Rational(int(far.p), int(far.q)) / size
                excess = arb(tail) - ball(bound(sp.Integer(size), gap, sp.Integer(total)), {})
                excesses.append(float(excess.upper()))
    words = f"exact sums of up to {largest} two-point variables"
    return Simulation.of(words, [0.0, *excesses], 0.0, len(excesses))


def times_far(trials: int, seed: int = 0) -> dict[str, int]:
    """Return how often |Acc_T − Acc_F| ≥ 1/10 for an oracle and for a memorising model, |F| = 200.

    The population is the 1,797 bundled digits seen through two principal components; R and F are drawn from it
    with replacement, the model is the nearest neighbour in R (oracle) or in R ∪ F (it memorises).
    """
    from scipy.spatial import cKDTree
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    centred = images - images.mean(axis=0)
    seen = centred @ np.linalg.svd(centred, full_matrices=False)[2][:2].T
    draw, size = np.random.default_rng(seed), len(labels)
    far = {"oracle": 0, "memorising": 0}
    for _ in range(trials):
        forget, retain = draw.integers(0, size, 200), draw.integers(0, size, 400)
        for name, train in (("oracle", retain), ("memorising", np.concatenate([retain, forget]))):
            correct = labels[train][cKDTree(seen[train]).query(seen)[1]] == labels
            apart = abs(int(correct[forget].sum()) * size - int(correct.sum()) * 200)
            far[name] += apart * 10 >= 200 * size
    return far


def wrong_side(bound: Callable[[Array, Array], Array], far: Mapping[str, int], trials: int) -> float:
    """Return how far 99% Clopper–Pearson intervals lie on the wrong side of `bound` at |F| = 200, ε = 1/10."""
    from ascentcheck.theory.intervals import clopper_pearson  # here: the claims import this module

    limit = float(bound(np.array(200.0), np.array(0.1)))
    least = {name: float(arb(clopper_pearson(count, trials)[0])) for name, count in far.items()}
    return max(least["oracle"] - limit, limit - least["memorising"], 0.0)


def on_digits(bound: Callable[[Array, Array], Array], trials: int = 60) -> Simulation:
    """Check on digits that an oracle keeps `bound` of |F| and ε, and that a memorising model breaks it."""
    data = "digits, nearest neighbour: an oracle keeps the bound, a memorising model breaks it"
    return Simulation(data, wrong_side(bound, times_far(trials), trials), 0.0, trials)

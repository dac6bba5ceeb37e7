"""Solvers on actual data sets, against what the theorems say and the closed forms that they hand over. They can object.

As with the claims' (`ascentcheck.theory.simulated`), the data sets stand here and not with the theorems: what is said is to be
right on any of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory import lambert
from ascentcheck.theory.claim import Simulation
from ascentcheck.theory.expression import enclose
from ascentcheck.theory.vocabulary import alpha, epsilon, n_forget, n_group, n_retain, ridge

if TYPE_CHECKING:
    from ascentcheck.theory.linear.problem import LinearProblem

# What needs scipy or scikit-learn is imported where it is used: claims start without them.


def _floats(expressions: Sequence[sp.Expr], point: Mapping[sp.Symbol, fmpq]) -> list[float]:
    return [float(enclose(expression, point).mid()) for expression in expressions]


@lru_cache(maxsize=1)
def first_steps() -> Simulation:
    """Compare the first step with what the theorem says, on two real data sets, both losses and three weights.

    So too for a network with weight decay, trained until it rests: how far it is from rest counts, and its gradient is compared
    with the statement everywhere, which holds to rounding.
    """
    from ascentcheck.theory.linear.first_step import first_step
    from ascentcheck.theory.linear.losses import LOSSES
    from ascentcheck.theory.linear.minimum import minimum
    from ascentcheck.theory.linear.network import Network
    from ascentcheck.theory.linear.problem import LinearProblem
    from ascentcheck.theory.real_data import SETS, real_problem, real_samples

    errors: list[float] = []
    n = 0
    for name in SETS:
        data = real_problem(name, ridge=1e-2)
        n += len(data.signed)
        for loss in LOSSES.values():
            problem = LinearProblem(data.signed, np.ones(len(data.signed)), data.forget, loss, data.ridge)
            start, oracle = minimum(problem.pretrained()).w, minimum(problem.retrained()).w
            for weight in (1.0, problem.n_forget / problem.n_retain, 10.0):
                errors.append(first_step(problem, weight, start, oracle).residual)
        network = Network(*real_samples(name), ridge=data.ridge, hidden=3)
        at = network.trained(np.random.default_rng(0).normal(size=network.size) / 2)
        kept, gone = network.gradient(at, ~data.forget)[1], network.gradient(at, data.forget)[1]
        tuning = -(kept + data.ridge * at)
        rest = (data.n_retain * kept + data.n_forget * gone) / len(data.forget) + data.ridge * at
        errors.append(float(np.linalg.norm(rest)))
        for weight in (1.0, data.n_forget / data.n_retain, 10.0):
            lead = 1 + weight * data.n_retain / data.n_forget
            ascended = weight * len(data.forget) / data.n_forget * rest
            said = lead * tuning + ascended - weight * data.ridge * at
            seen = -(kept - weight * gone + data.ridge * at)
            errors.append(float(np.linalg.norm(seen - said)))
    words = "breast-cancer and digits, logistic and exponential loss and a network at rest, three weights"
    return Simulation.of(words, errors, 1e-9, n)


@lru_cache(maxsize=1)
def best_stops() -> Simulation:
    """Hold the path of the flow and the end of L_R − βL_F to what the theorem allows, five forget samples of real data.

    The error is the largest of these, each in units of its bound: how far from that of the first step's line the path's best
    stop is, and how far the end is from its reflection.
    """
    from ascentcheck.theory.linear.first_step import nearest_on_line
    from ascentcheck.theory.linear.flow import follow
    from ascentcheck.theory.linear.losses import LOSSES
    from ascentcheck.theory.linear.minimum import minimum
    from ascentcheck.theory.linear.problem import LinearProblem
    from ascentcheck.theory.real_data import SETS, real_problem

    used, left, n = [], [], 0
    for name in SETS:
        data = real_problem(name, n_forget=5, ridge=1e-2)
        n += len(data.signed)
        for loss in LOSSES.values():
            problem = LinearProblem(data.signed, np.ones(len(data.signed)), data.forget, loss, data.ridge)
            begin, aim = minimum(problem.pretrained()).w, minimum(problem.retrained()).w
            down = problem.descent_ascent()
            path = follow(down, begin, aim, 1e-7)
            said = nearest_on_line(problem, 1.0, begin, aim)
            until = path.weights[path.times <= said.time]
            steepest = max(np.abs(np.linalg.eigvalsh(down.hessian(w))).max() for w in until)
            along = said.time * float(np.linalg.norm(down.gradient(begin)))
            turned = steepest * said.time
            used.append(abs(path.nearest.distance - said.distance) / (turned * np.exp(turned) / 2 * along))
            left.append(path.nearest.distance / float(np.linalg.norm(begin - aim)))
            used.append(_reflected(problem, data.n_forget / data.n_retain, begin, aim))
    words = (
        f"breast-cancer and digits, 5 samples to forget (the best stop leaves {min(left):.0%} to {max(left):.0%} of the way): "
        "best stop and end, in units of what is allowed"
    )
    return Simulation.of(words, used, 1.0, n)


def _reflected(problem: LinearProblem, beta: float, begin: np.ndarray, aim: np.ndarray) -> float:
    """Return how far L_R − βL_F ends from its place to first order, in units of the bound, norms taken at places of the curve."""
    from ascentcheck.theory.linear.minimum import minimum
    from ascentcheck.theory.linear.problem import LinearProblem, Objective

    ratio, at, bends = problem.n_forget / problem.n_retain, begin, []
    lengths = np.linalg.norm(problem.features, axis=1)
    for weight in np.linspace(ratio, -beta, 17):
        lam = problem.ridge * (1 + weight)
        scaled = LinearProblem(problem.features, problem.signs, problem.forget, problem.loss, lam)
        found = minimum(Objective(scaled, 1.0, weight), at)
        at, margins = found.w, problem.margins(found.w)
        forget = Objective(problem, 0.0, 1.0)
        slope, mixed = np.linalg.norm(forget.gradient(at)), np.linalg.norm(forget.hessian(at), 2)
        weights = np.abs(Objective(problem, 1.0, weight).coefficients())
        # The third derivative is at most the second, in size, for both losses.
        third = float(weights @ (problem.loss.curvature(margins) * lengths**3))
        bends.append(2 * mixed * slope / found.curvature**2 + third * slope**2 / found.curvature**3)
    off = float(np.linalg.norm(at - aim + beta / ratio * (begin - aim)))
    allowed = float(np.max(bends)) / 2 * (beta**2 + beta * ratio)
    return float(off / allowed)


def logistic_groups(solutions: Sequence[sp.Expr]) -> Simulation:
    """Solve the logistic problem on three orthogonal groups, one far beyond the exponential loss's last α, with the flow.

    `solutions` are w^D, w^R and w^DA on one coordinate.
    """
    from ascentcheck.theory.linear.flow import follow
    from ascentcheck.theory.linear.losses import LOGISTIC
    from ascentcheck.theory.linear.minimum import Minimum, minimum
    from ascentcheck.theory.linear.problem import LinearProblem
    from ascentcheck.theory.problem import orthogonal_groups

    retain, forget, lam = (90, 60, 5), (5, 10, 25), Fraction(1, 50)
    rows = orthogonal_groups(retain, forget, float(lam))
    problem = LinearProblem(rows.signed, np.ones(len(rows.signed)), rows.forget, LOGISTIC, rows.ridge)
    begin, aim = minimum(problem.pretrained()).w, minimum(problem.retrained()).w
    end = follow(problem.descent_ascent(), begin, aim).end
    seen = (begin, aim, end.w if isinstance(end, Minimum) else np.full(len(retain), np.nan))
    sizes = {n_retain: fmpq(sum(retain)), n_forget: fmpq(sum(forget)), ridge: fmpq(1, 50)}
    errors = []
    for j, (kept, gone) in enumerate(zip(retain, forget, strict=True)):
        said = _floats(solutions, sizes | {n_group: fmpq(kept), alpha: fmpq(gone, kept)})
        errors += [abs(value - at[j]) for value, at in zip(said, seen, strict=True)]
    words = "195 samples in 3 orthogonal groups, logistic loss, by gradient flow"
    return Simulation.of(words, errors, 1e-9, len(rows.signed))


def three_groups(solutions: Sequence[sp.Expr], forget_group: sp.Symbol) -> Simulation:
    """Solve eq. (1) on the 174 samples of three groups, ridge 407.8, where descent-ascent ends closer than doing nothing.

    `solutions` are w^D, w^R and w^DA on one coordinate, with |F_j| = `forget_group`.
    """
    from ascentcheck.theory.linear.flow import follow
    from ascentcheck.theory.linear.losses import EXPONENTIAL
    from ascentcheck.theory.linear.minimum import Minimum, minimum
    from ascentcheck.theory.linear.problem import LinearProblem, distances
    from ascentcheck.theory.problem import orthogonal_groups

    retain, forget, lam = (1, 42, 3), (54, 18, 56), Fraction(4078, 10)
    rows = orthogonal_groups(retain, forget, float(lam))
    problem = LinearProblem(rows.signed, np.ones(len(rows.signed)), rows.forget, EXPONENTIAL, float(lam))
    start, aim = minimum(problem.pretrained()).w, minimum(problem.retrained()).w
    end = follow(problem.descent_ascent(), start, aim).end
    seen = np.nan
    if isinstance(end, Minimum):
        seen = distances(problem, end.w, aim)[0] / distances(problem, start, aim)[0]
    sizes = {n_retain: fmpq(sum(retain)), n_forget: fmpq(sum(forget)), ridge: fmpq(4078, 10)}
    parts = np.array(
        [
            _floats(solutions, sizes | {n_group: fmpq(kept), forget_group: fmpq(gone)})
            for kept, gone in zip(retain, forget, strict=True)
        ]
    )
    said = np.linalg.norm(parts[:, 2] - parts[:, 1]) / np.linalg.norm(parts[:, 0] - parts[:, 1])
    words = f"174 samples in 3 groups, where descent-ascent ends closer (ratio {said:.3f})"
    return Simulation(words, float(abs(said - seen)), 1e-6, len(rows.signed))


def orbits(start: sp.Expr, oracle: sp.Expr, curvature: sp.Expr) -> Simulation:
    """Iterate 2,000 steps at 40 rates below the limit, 2 over `curvature`, in each of 30 problems, and count the steps that help.

    Start and oracle are solved for by SciPy's W, and how far the closed forms `start` and `oracle` are off counts as well.
    """
    from scipy.special import lambertw

    lowest, highest = Fraction(40**2, 200 * (40 + 240)), Fraction(40, 200)
    errors: list[float] = []
    n = 0
    for lam, part, group in product((fmpq(1, 100), fmpq(1)), range(5), (5, 20, 100)):
        share = lowest + (highest - lowest) * Fraction(part, 4)
        point = {
            n_retain: fmpq(200),
            n_forget: fmpq(40),
            ridge: lam,
            n_group: fmpq(group),
            alpha: fmpq(share.numerator, share.denominator),
        }
        *closed, steepest = _floats((start, oracle, curvature), point)
        force, weight = group / 200 * (1 - float(share) * 200 / 40), float(arb(lam))
        begin = float(lambertw((1 + float(share)) * group / (weight * 240)).real)
        aim = float(lambertw(group / (weight * 200)).real)
        errors += [abs(closed[0] - begin), abs(closed[1] - aim)]
        rate = np.linspace(0.05, 1.0, 40) * 2 / steepest
        at = np.full(rate.shape, begin)
        for _ in range(2000):
            at = at - rate * (weight * at - force * np.exp(-at))
            errors.append(float(np.max(abs(begin - aim) - np.abs(at - aim))))
        n += rate.size
    words = f"{n} orbits of 2,000 steps at rates up to the limit: how far the best step helps"
    return Simulation.of(words, errors, 1e-9, n)


def npo_descended() -> Simulation:
    """Descend NPO with retain descent on 600 samples in three orthogonal groups, and follow the distance of each coordinate.

    The error is that of the closest approach to the oracle against what is proved for the three ranges of α.
    """
    from ascentcheck.theory.problem import minimise, orthogonal_groups

    rows = orthogonal_groups([200, 200, 100], [1, 20, 79], 0.05)
    start, aim = minimise(rows, "pretrained"), minimise(rows, "retrained")
    kept, gone, rate = rows.signed[~rows.forget], rows.signed[rows.forget], 2e-3
    likely_then = np.exp(-np.exp(-gone @ start))
    at, closest = start.copy(), np.abs(start - aim)
    for _ in range(40_000):
        losses = np.exp(-gone @ at)
        likely = np.exp(-losses)
        weight = 2 * likely / (likely + likely_then)
        pull = np.exp(-kept @ at) @ kept / len(kept) - (weight * losses) @ gone / len(gone)
        at = at + rate * (pull - rows.ridge * at)
        closest = np.minimum(closest, np.abs(at - aim))
    errors = (
        at[0] - aim[0],
        abs(closest[1] - abs(start[1] - aim[1])),
        closest[2],
        0.0 if np.isfinite(at).all() else np.inf,
    )
    words = "600 samples in 3 orthogonal groups, NPO with b = 1, 40,000 steps"
    return Simulation.of(words, errors, 1e-3, 600)


def pair_distances(nothing: sp.Expr, away: sp.Expr) -> Simulation:
    """Minimise eq. (1) on rows of the pair for 18 sizes, and compare both distances from the oracle with the formulas."""
    from ascentcheck.theory.problem import correlated_pair, minimise

    errors = []
    for tenths, forget, lam in product((2, 5, 8), (5, 20, 60), (8, 80)):
        problem = correlated_pair(20, forget, tenths / 10, float(lam), (30,))
        point = {
            n_retain: fmpq(50),
            n_forget: fmpq(forget),
            ridge: fmpq(lam),
            n_group: fmpq(20),
            epsilon: fmpq(tenths, 10),
            alpha: fmpq(forget, 20),
        }
        start, aim = minimise(problem, "pretrained"), minimise(problem, "retrained")
        ends = (start, minimise(problem, "da", start))
        said = _floats((nothing, away), point)
        errors += [float(abs(s - np.linalg.norm(w[:2] - aim[:2]))) for s, w in zip(said, ends, strict=True)]
    words = f"rows of the pair and 30 more, {len(errors)} distances"
    return Simulation.of(words, errors, 1e-9, len(errors))


@dataclass(frozen=True)
class SampledVectors:
    """Random data sets in 2 to 8 groups: how many have all minima, in how many of these descent-ascent ends closer than
    doing nothing, and in how many of those κ ≤ 1/√M."""

    tried: int
    closer: int
    below_threshold: int


SAMPLED = SampledVectors(tried=304_864, closer=51_884, below_threshold=0)
"""What `sample_vectors` found with its defaults."""


def sample_vectors(count: int = 100_000, seed: int = 0) -> SampledVectors:
    """Compare both distances at `count` random data sets for each of M = 2, 3, 4, 5 and 8, ridges from 0.01 to 1000.

    A third of them are next to the extreme ones: R in one group, F spread over the others.
    """
    draw = np.random.default_rng(seed)
    tried = closer = below = 0
    for m in (2, 3, 4, 5, 8):
        concentration = 10 ** draw.uniform(-2, 1, (2, count, m))
        kept, gone = (
            g / g.sum(axis=1, keepdims=True)
            for g in draw.gamma(concentration[:, :, :1], size=(2, count, m)) + 1e-12
        )
        extreme = draw.random(count) < 1 / 3
        kept[extreme], gone[extreme] = np.eye(m)[0], 1 / (m - 1)
        gone[extreme, 0] = 10 ** draw.uniform(-4, 0, int(extreme.sum()))
        gone /= gone.sum(axis=1, keepdims=True)
        fraction, lam = draw.uniform(0.02, 0.98, (count, 1)), 10 ** draw.uniform(-2, 3, (count, 1))
        z = [((1 - fraction) * kept + fraction * gone) / lam, kept / lam, (kept - gone) / lam]
        there = z[2].min(axis=1) > -np.exp(-1)
        w_d, w_r, w_da = (lambert.lambert_w0(part[there]) for part in z)
        nothing, away = np.linalg.norm(w_d - w_r, axis=1), np.linalg.norm(w_da - w_r, axis=1)
        better = away < nothing * (1 - 1e-9)
        tried, closer = tried + int(there.sum()), closer + int(better.sum())
        below += int((better & (fraction[there, 0] <= 1 / np.sqrt(m))).sum())
    return SampledVectors(tried, closer, below)

"""How often the intervals of the energy score hold the truth, by simulation with margins that move together.

Oracles, pretrained models and unlearned models that start from them are normal with known covariance, so that the true scores
have closed forms. Points share modes of falling size (as the margins of 100 networks on digits do: 45 effective modes of at most
99 over all points, 9 on the points of one neighbourhood, where the largest carries 29%), and a `common` share of variance moves
all points at once. Unlearned models keep 70% of the correlation of the pretrained member that they start from, and 70% of its
shift.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ascentcheck.empirics.scores.whole_models import distances, paired_interval

N_MODELS = (20, 50, 100)
STUDIES = 2000
SEED = 1126
KEPT = 0.7


@dataclass(frozen=True)
class Scenario:
    """How pretrained and unlearned models differ from oracles: by a `shift` in standard deviations, the same at all points or
    normal from point to point, and the unlearned ones by a `scale`.
    """

    points: int
    common: float
    shift: float
    same: bool
    scale: float


SCENARIOS = tuple(
    Scenario(points, common, *change)
    for points in (10, 300)
    for common in (0.0, 0.3)
    for change in ((0.0, True, 1.0), (0.1, True, 1.0), (0.3, False, 1.0), (1.0, False, 1.0), (3.0, True, 0.7))
)


@dataclass(frozen=True)
class Coverage:
    """Shares of simulated studies in which the interval held the true score of doing nothing, and the true difference between
    unlearning and doing nothing, from all distances and from each member's shares alone, as in tables of studies. `width` is
    the mean width of the first, in spreads.
    """

    n_models: int
    scenario: Scenario
    studies: int
    truth: float
    score: float
    difference: float
    from_shares: float
    width: float


def coverage(
    n_models: Sequence[int] = N_MODELS,
    studies: int = STUDIES,
    scenarios: Sequence[Scenario] = SCENARIOS,
) -> Iterator[Coverage]:
    """Yield the coverage at each N in each scenario."""
    for n in n_models:
        for scenario in scenarios:
            yield _coverage(n, scenario, studies)


def _coverage(n: int, scenario: Scenario, studies: int) -> Coverage:
    draw = np.random.default_rng([SEED, n, SCENARIOS.index(scenario) if scenario in SCENARIOS else 0])
    points = scenario.points
    sigma = np.exp(0.25 * draw.standard_normal(points))
    shift = scenario.shift * sigma * (1.0 if scenario.same else draw.standard_normal(points))
    sizes = np.arange(1, min(points, 100) + 1) ** -0.3
    modes = draw.standard_normal((points, len(sizes))) * sizes
    modes *= np.sqrt((1 - scenario.common) / (modes**2).sum(axis=1, keepdims=True))
    modes = sigma[:, None] * np.column_stack([modes, np.full(points, math.sqrt(scenario.common))])
    before, after = (
        true_score(sigma, shift, 1.0),
        true_score(sigma, KEPT * shift, scenario.scale),
    )
    held, held_difference, held_shares, width = 0, 0, 0, 0.0
    for _ in range(studies):
        factors = draw.standard_normal((3, n, modes.shape[1]))
        factors[2] = KEPT * factors[1] + math.sqrt(1 - KEPT**2) * factors[2]
        oracle, pretrained, unlearned = factors @ modes.T
        nothing = distances(oracle, pretrained + shift).estimate
        method = distances(oracle, scenario.scale * unlearned + KEPT * shift).estimate
        low, high = nothing.interval
        held, width = held + (low <= before <= high), width + (high - low) / studies
        difference = method.minus(nothing)
        low, high = difference.interval
        held_difference += low <= after - before <= high
        low, high = paired_interval(difference.value, difference.shares.tolist())
        held_shares += low <= after - before <= high
    shares = (count / studies for count in (held, held_difference, held_shares))
    return Coverage(n, scenario, studies, before, *shares, width)


def true_score(sigma: np.ndarray, shift: np.ndarray, scale: float) -> float:
    """Return the mean energy score of normal margins with a shift and a scale at each point, in spreads."""
    spread = folded(np.zeros_like(shift), math.sqrt(2) * sigma)
    across = folded(shift, math.sqrt(1 + scale**2) * sigma)
    return float((2 * across - (1 + scale) * spread).mean() / spread.mean())


def folded(mean: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """Return E|N(mean, sigma²)|."""
    from scipy.special import erf

    z = mean / sigma
    return np.asarray(sigma * math.sqrt(2 / math.pi) * np.exp(-z * z / 2) + mean * erf(z / math.sqrt(2)))


def as_table(found: Sequence[Coverage]) -> str:
    """Return a Markdown table: a row for each scenario and N."""
    lines = [
        "| points | common | shift | scale | N | true score | mean width | score | difference | from shares |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for one in found:
        s = one.scenario
        how = "" if not s.shift else " at all" if s.same else " at random"
        lines.append(
            f"| {s.points} | {s.common:.0%} | {s.shift:g}{how} | {s.scale:g} | {one.n_models} | {one.truth:.4f} | "
            f"{one.width:.4f} | {one.score:.1%} | {one.difference:.1%} | {one.from_shares:.1%} |"
        )
    reach = 1.96 * math.sqrt(0.05 * 0.95 / found[0].studies)
    inside = sum(0.93 <= one.score <= 0.97 for one in found)
    return "\n".join(lines) + (
        f"\n\nShares of {found[0].studies:,} simulated studies each, give or take {reach:.1%} at 95%; of the score "
        f"{inside} of {len(found)} lie in 93% to 97%, the least is {min(one.score for one in found):.1%}; of differences "
        f"the least are {min(one.difference for one in found):.1%} and {min(one.from_shares for one in found):.1%}.\n"
    )

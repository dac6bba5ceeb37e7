"""What becomes of p-value, intervals and floors where what they assume is not so, by simulation with margins that move together.

`python -m ascentcheck.empirics.scores.assumptions` prints all tables. Sizes are in standard deviations of the oracles. Models
that share a start or a seed are each of the oracles' law, with the correlation that is told between two of one start or seed:
where there is no change, nothing differs but that they are not independent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ascentcheck.empirics.klom.estimators import scores
from ascentcheck.empirics.klom.power import wilson
from ascentcheck.empirics.klom.summary import klom
from ascentcheck.empirics.scores.energy import energy_scores
from ascentcheck.empirics.scores.inference import LEVEL, floor
from ascentcheck.empirics.scores.whole_models import distances

STUDIES = 1000
EXCHANGES = 499
POINTS = 50
MODES = 25
COMMON = 0.1
SEED = 20_261_127


@dataclass(frozen=True)
class Case:
    """n oracles and m unlearned models, of one of `starts` in turn or each with the seed of an oracle; shifted and scaled."""

    n: int
    m: int
    starts: int = 0
    seeds: bool = False
    correlation: float = 0.0
    shift: float = 0.0
    scale: float = 1.0

    @property
    def told(self) -> str:
        """The first two cells of a row: what is shared, and what is changed."""
        shared = "nothing"
        if self.starts:
            shared = "one start" if self.starts == 1 else f"{self.starts} starts"
        if self.seeds:
            shared = "seeds of oracles"
        shared += f", {self.correlation:g}" if self.correlation else ""
        change = "none"
        if self.shift:
            change = f"shift {self.shift:g}"
        if self.scale != 1:
            change = f"spread × {self.scale:g}"
        return f"{shared} | {change}"

    def samples(self, draw: np.random.Generator, points: Modes) -> tuple[np.ndarray, np.ndarray]:
        """Return margins of oracles and of unlearned models."""
        oracle, own = points.models(draw, self.n), points.models(draw, self.m)
        shared = np.zeros_like(own)
        if self.starts:
            shared = points.models(draw, self.starts)[np.arange(self.m) % self.starts]
            shared *= math.sqrt(self.correlation)
            own *= math.sqrt(1 - self.correlation)
        if self.seeds:
            shared = self.correlation * oracle
            own *= math.sqrt(1 - self.correlation**2)
        return oracle, self.scale * (shared + own) - self.shift


SIZES = ((20, 4), (10, 10), (20, 100), (100, 100))
CASES = (
    *(Case(n, m) for n, m in (*SIZES, (20, 20))),
    *(Case(n, m, starts=1, correlation=by) for by in (0.1, 0.5) for n, m in SIZES),
    Case(20, 100, starts=10, correlation=0.5),
    Case(20, 10, starts=10, correlation=0.5),
    *(
        Case(20, 20, seeds=by > 0, correlation=by, shift=shift)
        for shift in (0.0, 0.3, 0.5)
        for by in (0.0, 0.3, 0.7)
        if shift or by
    ),
    *(Case(n, m, scale=by) for by in (0.7, 0.5) for n, m in SIZES[:3]),
)


@dataclass(frozen=True)
class Modes:
    """What the points of a study have in common: margins are normal with variance 1 at each."""

    matrix: np.ndarray

    def models(self, draw: np.random.Generator, n: int) -> np.ndarray:
        """Return margins [n, points] of independent models."""
        return np.asarray(draw.standard_normal((n, self.matrix.shape[1])) @ self.matrix.T)


def modes(draw: np.random.Generator, points: int = POINTS, common: float = COMMON) -> Modes:
    """Return shared modes of falling size, with a `common` share of variance that moves all points at once."""
    sizes = draw.standard_normal((points, MODES)) * np.arange(1, MODES + 1) ** -0.3
    sizes *= np.sqrt((1 - common) / (sizes**2).sum(axis=1, keepdims=True))
    return Modes(np.column_stack([sizes, np.full(points, math.sqrt(common))]))


@dataclass(frozen=True)
class Told:
    """How many of `studies` have a p-value below 5%, an interval without 0, and one of the two alone."""

    case: Case
    studies: int
    differ: int
    without_0: int
    at_odds: int


def told(case: Case, studies: int = STUDIES) -> Told:
    """Return what is told of simulated studies of one case."""
    draw = np.random.default_rng([SEED, *f"{case.told} {case.n} {case.m}".encode()])
    found = np.zeros((studies, 2), dtype=bool)
    for row in found:
        apart = distances(*case.samples(draw, modes(draw)))
        low, high = apart.estimate.interval
        row[:] = apart.p_value(EXCHANGES) < LEVEL, not low <= 0 <= high
    counts = (found[:, 0], found[:, 1], found[:, 0] != found[:, 1])
    return Told(case, studies, *(int(count.sum()) for count in counts))


def table_of_cases(found: Sequence[Told]) -> str:
    """Return a Markdown table, a row for each case."""
    lines = [
        "| models share | change | oracles | unlearned | differ | 95% interval | interval without 0 | one of the two alone |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in found:
        low, high = wilson(one.differ, one.studies)
        shares = " | ".join(f"{count / one.studies:.1%}" for count in (one.without_0, one.at_odds))
        lines.append(
            f"| {one.case.told} | {one.case.n} | {one.case.m} | {one.differ / one.studies:.1%} | "
            f"{low:.1%} to {high:.1%} | {shares} |"
        )
    return "\n".join(lines) + f"\n\nShares of {found[0].studies:,} simulated studies each.\n"


def table_of_floors(studies: int = 2 * STUDIES) -> str:
    """Return a Markdown table of how often further oracles score below the energy floor, by the numbers of both."""
    lines = ["| oracles | further oracles | below the energy floor | 95% interval |", "|---|---|---|---|"]
    for n in (5, 6, 8, 10, 20):
        for m in dict.fromkeys((n, 20)):
            draw = np.random.default_rng([SEED, n, m])
            below = 0
            for _ in range(studies):
                points = modes(draw)
                oracle = points.models(draw, n)
                below += int(energy_scores(oracle, points.models(draw, m)).mean() < floor(oracle, m))
            low, high = wilson(below, studies)
            lines.append(f"| {n} | {m} | {below / studies:.1%} | {low:.1%} to {high:.1%} |")
    return "\n".join(lines) + f"\n\nShares of {studies:,} simulated studies each.\n"


def table_of_points(studies: int = STUDIES, n: int = 100) -> str:
    """Return a Markdown table of the mean p95 of oracles against oracles by the number of points, by the paper's estimator."""
    lines = ["| points | mean p95 | 95% interval |", "|---|---|---|"]
    for points in (1, 5, 10, 50, 1000):
        draw = np.random.default_rng([SEED, n, points])
        found = [
            np.percentile(scores(*draw.standard_normal((2, n, points)), "paper", misses=True), 95)
            for _ in range(studies if points < 1000 else max(studies // 10, 2))
        ]
        reach = 1.96 * float(np.std(found, ddof=1)) / math.sqrt(len(found))
        middle = float(np.mean(found))
        lines.append(f"| {points:,} | {middle:.3f} | {middle - reach:.3f} to {middle + reach:.3f} |")
    return "\n".join(lines) + f"\n\nOf {n} models against {n}, independent normal margins.\n"


def table_of_p95(studies: int = 2 * STUDIES // 5, n: int = 100) -> str:
    """Return a Markdown table of how often the interval of KLoM's p95 holds the mean p95 of such studies, and a new one's."""
    lines = [
        "| points | common | shift | the mean of such studies | other unlearned models | other models of both kinds |",
        "|---|---|---|---|---|---|",
    ]
    for points in (10, 300):
        for common in (0.0, 0.8):
            for shift in (0.0, 1.0, 2.0):
                draw = np.random.default_rng([SEED, points, int(10 * common), int(shift)])
                shared = modes(draw, points, common)
                found, others = [], []
                for _ in range(studies):
                    samples = [shared.models(draw, n) for _ in range(4)]
                    oracle, unlearned, other, second = (sample.astype(np.float32) for sample in samples)
                    found.append(klom(oracle, unlearned - shift))
                    others.append([_p95(oracle, other - shift), _p95(second, other - shift)])
                ends = np.array([one.interval for one in found])
                truth = np.column_stack([np.full(studies, np.mean([one.p95 for one in found])), others])
                held = ((ends[:, :1] <= truth) & (truth <= ends[:, 1:])).mean(axis=0)
                cells = " | ".join(f"{share:.1%}" for share in held)
                lines.append(f"| {points} | {common:.0%} | {shift:g} | {cells} |")
    reach = 1.96 * math.sqrt(0.05 * 0.95 / studies)
    return (
        "\n".join(lines)
        + f"\n\nShares of {studies:,} simulated studies of {n} models against {n}, give or take {reach:.1%} at 95%.\n"
    )


def _p95(oracle: np.ndarray, unlearned: np.ndarray) -> float:
    return float(np.percentile(scores(oracle, unlearned, "paper", misses=True), 95))


def paired(n: int, shift: float, studies: int = STUDIES) -> np.ndarray:
    """Return energy scores [studies] of models after a shift against the same models before it."""
    draw = np.random.default_rng([SEED, n])
    found = np.empty(studies)
    for study in range(studies):
        before = modes(draw).models(draw, n)
        found[study] = energy_scores(before, before - shift).mean()
    return found


def table_of_pairs(studies: int = STUDIES) -> str:
    """Return a Markdown table of what models after a shift score against themselves before it."""
    lines = [
        "| models | shift | mean | of them at most 0 | mean + 2/N | 95% of them |",
        "|---|---|---|---|---|---|",
    ]
    for n in (5, 10, 20, 100):
        for shift in (0.0, 0.1, 0.2, 0.5, 1.0, 2.0):
            found = paired(n, shift, studies).round(12)
            low, high = np.quantile((found + 2 / n).round(12), [0.025, 0.975])
            lines.append(
                f"| {n} | {shift:g} | {found.mean():.3f} | {(found <= 0).mean():.0%} | {(found + 2 / n).round(12).mean():.3f} | "
                f"{low:.3f} to {high:.3f} |"
            )
    return "\n".join(lines) + f"\n\nOf {studies:,} simulated studies each.\n"


def tables(studies: int = STUDIES) -> Iterator[str]:
    """Yield all tables."""
    yield table_of_cases([told(case, studies) for case in CASES])
    yield table_of_floors(2 * studies)
    yield table_of_points(studies)
    yield table_of_p95(2 * studies // 5)
    yield table_of_pairs(studies)


if __name__ == "__main__":
    for one in tables():
        print(one)

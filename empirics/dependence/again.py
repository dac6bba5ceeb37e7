"""What stood out over the first 40 sets of perceptrons, tried again on the sets that came later, by the rules of that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ascentcheck.empirics.dependence.evidence import Arm
from ascentcheck.empirics.dependence.ranks import Correlation, partial_spearman
from ascentcheck.empirics.scores.whole_models import holm

LEVEL = 0.05
MEAN = "mean of settings"
RUNNING = "descent-ascent running nearest"
PAIRS = (
    ("class_concentration", RUNNING, 0.66),
    ("class_concentration", MEAN, 0.83),
    ("entanglement", RUNNING, -0.58),
    ("entanglement", MEAN, -0.71),
    ("gradient_cosine", MEAN, -0.63),
)
"""A predictor, an outcome, and their rank correlation over the first sets."""
FIRST = frozenset(
    [f"random-{size}-{seed + i}" for size, seed in ((20, 100), (100, 150)) for i in range(4)]
    + [f"class-{size}-{label}" for size in (20, 100) for label in (0, 1, 4, 8)]
    + [f"near-{size}-{point + more}" for size, more in ((20, 0), (100, 10)) for point in (200, 700, 1200)]
    + ["near-20-10", "near-100-20"]
    + [f"near-class-{size}-{p + more}" for size, more in ((20, 0), (100, 10)) for p in (50, 400, 900)]
    + [f"outliers-{size}-from-{size * i}" for size in (20, 100) for i in range(2)]
    + [f"boundary-{size}-from-{size * i}" for size in (20, 100) for i in range(3)]
)
"""The sets whose results were known."""


@dataclass(frozen=True)
class Again:
    """A pair over the first sets, `before`, and over the later ones; `p_holm` is corrected over all pairs."""

    predictor: str
    outcome: str
    before: float
    now: Correlation
    p_holm: float

    @property
    def found(self) -> bool:
        """Whether the sign is the same and p below LEVEL."""
        return self.now.rho * self.before > 0 and self.p_holm < LEVEL


def with_mean(arm: Arm) -> Arm:
    """Return the arm with the mean over all settings fixed in advance as an outcome more."""
    return replace(arm, outcomes=arm.outcomes | {MEAN: np.mean([arm.outcomes[s] for s in arm.fixed], axis=0)})


def again(arm: Arm, pairs: Sequence[tuple[str, str, float]] = PAIRS) -> list[Again]:
    """Return each pair over the sets that are not FIRST; none where there are no such sets."""
    later = np.array([row["name"] not in FIRST for row in arm.sets])
    if not later.any():
        return []
    known, whole = arm.predictors, with_mean(arm)
    controls = [arm.column("size")[later], arm.column("nothing")[later]]
    found = [
        partial_spearman(known[predictor][later], whole.outcomes[outcome][later], controls)
        for predictor, outcome, _ in pairs
    ]
    corrected = holm(np.array([one.p for one in found]))
    return [
        Again(predictor, outcome, before, now, float(p))
        for (predictor, outcome, before), now, p in zip(pairs, found, corrected, strict=True)
    ]

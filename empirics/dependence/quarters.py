"""Whether the quarter of sets with most of a measure fails more often than that with least, and what that hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float

from ascentcheck.empirics.dependence.evidence import CKA, DEPENDENCE, Arm
from ascentcheck.empirics.dependence.ranks import Correlation, partial_spearman
from ascentcheck.empirics.dependence.ratio import LEAST
from ascentcheck.empirics.findings.answer import Answer, above, agreed

APART, ALIKE = 0.25, 0.10
"""Differences of the shares of failing courses that confirm and refute."""
RESAMPLES = 4000
SEED = 20_261_126


@dataclass(frozen=True)
class Quarters:
    """Shares of failing courses on the quarters of sets with most and least of a measure, and their difference's interval."""

    most: float
    least: float
    low: float
    high: float

    @property
    def answer(self) -> Answer:
        """Whether the one with most fails more often; no where that is clearly by less than ALIKE."""
        return above((self.low, self.high), (ALIKE, APART))


def fails(arm: Arm) -> Float[np.ndarray, " sets"]:
    """Return the share of each set's courses, at settings fixed in advance, that come no nearer than doing nothing."""
    return np.asarray(np.mean([arm.outcomes[name] >= 0 for name in arm.fixed], axis=0))


def most(arm: Arm, measure: str) -> Bool[np.ndarray, " sets"]:
    """Return which sets are in the quarter with the largest values of a measure."""
    found = np.zeros(len(arm.sets), dtype=bool)
    found[_order(arm, measure)[-(len(arm.sets) // 4) :]] = True
    return found


def _order(arm: Arm, measure: str) -> np.ndarray:
    return np.argsort(arm.predictors[measure], kind="stable")


def quarters(arm: Arm, measure: str = CKA) -> Quarters:
    """Return the quarters by a measure, with the interval of their difference, resampled over the sets of each."""
    share, order = fails(arm), _order(arm, measure)
    quarter = len(order) // 4
    least, most = share[order[:quarter]], share[order[-quarter:]]
    draw = np.random.default_rng(SEED)
    means = [one[draw.integers(quarter, size=(RESAMPLES, quarter))].mean(axis=1) for one in (most, least)]
    low, high = np.quantile(means[0] - means[1], [0.025, 0.975])
    return Quarters(float(most.mean()), float(least.mean()), float(low), float(high))


def only(arm: Arm, keep: Bool[np.ndarray, " sets"]) -> Arm:
    """Return the arm with some of its sets."""
    sets = [row for row, kept in zip(arm.sets, keep, strict=True) if kept]
    return replace(arm, sets=sets, outcomes={name: values[keep] for name, values in arm.outcomes.items()})


def to_forget(networks: Arm) -> Arm:
    """Return the networks' sets whose distance of doing nothing is above its floor: at the floor every course fails."""
    return only(networks, networks.column("nothing") > LEAST * (1 + 1e-4))


def kinds(arm: Arm) -> list[str]:
    """Return the kinds of sets, in order."""
    return list(dict.fromkeys(str(row["kind"]) for row in arm.sets))


def without(arm: Arm, kind: str) -> Arm:
    """Return the arm without the sets of a kind."""
    return only(arm, np.array([row["kind"] != kind for row in arm.sets]))


def measures(arm: Arm) -> list[str]:
    """Return the measures of dependence that all sets have."""
    return [name for name in DEPENDENCE if name in arm.predictors]


def stands(arm: Arm, measure: str) -> Answer:
    """Return the answer by a measure, open unless it is the same without each kind of set."""
    some = (arm, *(without(arm, kind) for kind in kinds(arm)))
    return agreed(quarters(one, measure).answer for one in some)


def with_failing(
    arm: Arm, measure: Sequence[float] | np.ndarray, of: Sequence[str] = ("size", "nothing")
) -> Correlation:
    """Return the rank correlation of a measure with the share of failing courses, partial for columns of the sets."""
    return partial_spearman(np.asarray(measure), fails(arm), [arm.column(name) for name in of])

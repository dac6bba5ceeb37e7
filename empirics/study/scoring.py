"""The scores of one snapshot on one split: KLoM by the study's estimator, and the energy score by which findings decide.

The energy score comes with its interval, with what paired differences need, and with its values on one half of the members and
on the other, so that what is chosen on the even ones can be judged on the odd ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ascentcheck.empirics.klom import klom
from ascentcheck.empirics.scores.diverged import CLIP, diverged
from ascentcheck.empirics.scores.energy import energy_scores
from ascentcheck.empirics.scores.inference import grouped_interval
from ascentcheck.empirics.scores.whole_models import Distances, distances

Record = dict[str, float | int | list[float]]


@dataclass(frozen=True)
class Split:
    """Margins [models, points] of the oracles and of a snapshot's models on one split."""

    oracle: np.ndarray
    unlearned: np.ndarray


def klom_record(split: Split, estimator: str) -> Record:
    """Return KLoM, its interval and what has diverged, by the columns of the table."""
    score = klom(split.oracle, split.unlearned, estimator)
    right = (split.unlearned > 0).mean(axis=1)
    return {
        "n_oracle": score.n_oracle,
        "n_unlearned": score.n_unlearned,
        "points": score.points,
        "p95": score.p95,
        "p95_low": score.interval[0],
        "p95_high": score.interval[1],
        "mean": score.mean,
        "diverged_oracle": score.diverged_oracle,
        "diverged_unlearned": score.diverged_unlearned,
        "accuracy": float(right.mean()),
        "accuracy_error": float(right.std(ddof=1)) / math.sqrt(len(right)),
    }


def energy_record(split: Split) -> Record:
    """Return the energy score by the columns of the table. Where margins are missing, there are no `shares`."""
    oracle, unlearned = split.oracle, split.unlearned
    halves = [
        [np.arange(start, len(sample), 2) for sample in (oracle, unlearned)] for start in (0, 1)
    ]  # the even members and the odd ones
    missing = bool((~(np.abs(unlearned) < CLIP)).any() or diverged(oracle).any())
    if missing or min(len(oracle), len(unlearned)) < 4:
        return _by_points(split, halves)
    whole = distances(oracle, unlearned)
    estimate, (even, odd) = whole.estimate, (_half(whole, half) for half in halves)
    paired = len(oracle) == len(unlearned)
    return {
        "energy": estimate.value,
        "energy_low": estimate.interval[0],
        "energy_high": estimate.interval[1],
        "energy_even": even[0],
        "energy_odd": odd[0],
        "energy_odd_low": odd[1],
        "energy_odd_high": odd[2],
        "shares": estimate.shares.tolist() if paired else [],
    }


def _half(whole: Distances, half: list[np.ndarray]) -> tuple[float, float, float]:
    if min(map(len, half)) < 2:
        return math.nan, math.nan, math.nan
    estimate = whole.of(*half).estimate
    return estimate.value, *estimate.interval


def _by_points(split: Split, halves: list[list[np.ndarray]]) -> Record:
    parts = [
        [s[chosen] for s, chosen in zip((split.oracle, split.unlearned), half, strict=True)]
        for half in halves
    ]
    even, odd = (
        float(energy_scores(*part).mean()) if min(map(len, part)) > 1 else math.nan for part in parts
    )
    low, high = grouped_interval(split.oracle, split.unlearned)
    odd_low, odd_high = grouped_interval(*parts[1])
    return {
        "energy": float(energy_scores(split.oracle, split.unlearned).mean()),
        "energy_low": low,
        "energy_high": high,
        "energy_even": even,
        "energy_odd": odd,
        "energy_odd_low": odd_low,
        "energy_odd_high": odd_high,
        "shares": [],
    }

"""What is scored and said to be doubtful: models that are there twice, and values that are losses or log-probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ascentcheck.empirics.scores.diverged import diverged

FEWEST = 3
"""Points at which two models that are not copies do not agree by chance; bfloat16 has some thousand values."""


class Caution(UserWarning):
    """Some models are copies of others, or the values may be no margins."""


def doubtful(oracle: np.ndarray, others: Mapping[str, np.ndarray]) -> list[str]:
    """Return the lines on samples of margins [models, points], of oracles and of others by their role."""
    return [*repeated(oracle, others), *no_margins([oracle, *others.values()])]


def no_margins(samples: Sequence[np.ndarray]) -> list[str]:
    """Return a line where all samples together look like losses or like log-probabilities, which are scored all the same.

    Losses of trained models are not negative, and half of them are below half of their mean. Log-probabilities are not positive;
    margins are so only where every model is wrong at every point. Models that have diverged are left out.
    """
    values = np.concatenate([sample[~diverged(sample)].ravel() for sample in samples])
    if len(values) < FEWEST:
        return []
    if values.max() <= 0:
        return [
            "no value is above 0, as of log-probabilities, or of margins where every model is wrong everywhere; "
            "of a log-probability l the margin is l - log(1 - exp(l))"
        ]
    if values.min() >= 0 and 2 * np.median(values) < values.mean():
        return [
            "no value is below 0 and half are below half of the mean, as of losses; of a cross-entropy L the margin is "
            "-log(exp(L) - 1)"
        ]
    return []


def repeated(oracle: np.ndarray, others: Mapping[str, np.ndarray]) -> list[str]:
    """Return a line for each sample of margins [models, points] that has copies in it, or copies of oracles.

    Models that have diverged are left out, since they may all be alike, and so are fewer than FEWEST points.
    """
    if oracle.shape[1] < FEWEST:
        return []
    oracles, lines = _rows(oracle), []
    for name, rows in {"oracle": oracles, **{name: _rows(sample) for name, sample in others.items()}}.items():
        if copies := len(rows) - len(set(rows)):
            lines.append(
                f"{name}: {copies} of {len(rows)} models are copies of others; p-values and intervals take each for a model "
                "of its own"
            )
        if rows is not oracles and (same := sum(row in set(oracles) for row in rows)):
            lines.append(
                f"{name}: {same} of {len(rows)} models are among the oracles, equal at every point; what is compared with "
                "itself looks perfect"
            )
    return lines


def _rows(margins: np.ndarray) -> list[bytes]:
    healthy = margins[~diverged(margins)].astype(np.float64) + 0.0  # no -0
    return [row.tobytes() for row in healthy]

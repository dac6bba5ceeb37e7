"""Models that are there twice: a copy is no model of its own, and an oracle among the unlearned models is no unlearned one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ascentcheck.empirics.scores.diverged import diverged

FEWEST = 3
"""Points at which two models that are not copies do not agree by chance; bfloat16 has some thousand values."""


class RepeatedModels(UserWarning):
    """Some models are copies of others."""


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

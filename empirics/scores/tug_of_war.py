"""Tug of war: one number for how near the accuracies of unlearned models are to those of retrained ones.

Zhao, Kurmanji, Barbulescu, Triantafillou and Triantafillou, arXiv 2406.01257: the product over forget, retain and test points
of 1 − |accuracy of the unlearned − accuracy of the retrained|. 1 is equal, 0 the worst. Accuracies are means over models, so it
says nothing of how they vary.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float


def accuracy(margins: Float[np.ndarray, "models points"]) -> float:
    """Return the mean share of points with a positive margin: where the right class outweighs all others together.

    That is a lower bound of the usual accuracy, which asks for the largest logit. nan counts as wrong.
    """
    return float((margins > 0).mean())


def tug_of_war(unlearned: Mapping[str, float], retrained: Mapping[str, float]) -> float:
    """Return the product over the splits, which must be the same. Raises ValueError where they are not."""
    if unlearned.keys() != retrained.keys():
        raise ValueError(f"splits {sorted(unlearned)} and {sorted(retrained)} are not the same")
    return prod(1 - abs(unlearned[split] - retrained[split]) for split in unlearned)

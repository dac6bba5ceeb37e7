"""What jobs of an influence matrix compute: the matrix of all datamodels, or TRAK's of the pretrained ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ascentcheck.empirics import influence
from ascentcheck.empirics.study.job import DatamodelsMatrix, TrakMatrix
from ascentcheck.empirics.study.packing import unpack
from ascentcheck.empirics.study.pieces import Arrays, Notes
from ascentcheck.empirics.study.workshop import Workshop, needed


def of_datamodels(
    shop: Workshop, job: DatamodelsMatrix, told: Callable[[float], None]
) -> tuple[Arrays, Notes]:
    """Return the arrays of the matrix of all datamodels, and what is noted of it."""
    trained = []
    for batch in job.trained:
        result = needed(shop.store, batch.digest)
        mask, margin = (
            np.array(result.array(name)) for name in ("mask", "margin")
        )  # a map holds a descriptor
        trained.append((batch.part, mask, margin))
    return influence.estimate(job.config, trained, told)


def of_trak(shop: Workshop, job: TrakMatrix, told: Callable[[float], None]) -> tuple[Arrays, Notes]:
    """Return the same of TRAK's matrix."""
    pretrained = unpack(needed(shop.store, job.pretrained))
    return influence.estimate_trak(job.config, shop.model, shop.dataset, pretrained, shop.study.seed, told)

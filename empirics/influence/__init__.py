"""Influence: how each training point acts on the margin of each other, from which forget sets are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

import numpy as np
from pydantic import Field

from ascentcheck.empirics.influence.components import (
    READINGS,
    Again,
    Reading,
    Stability,
    extreme,
    shared,
    stability,
)
from ascentcheck.empirics.influence.datamodels import DatamodelsConfig, Part, estimate, parts, train_part
from ascentcheck.empirics.influence.trak import TrakConfig, estimate_trak
from ascentcheck.empirics.store import Result

InfluenceConfig = Annotated[DatamodelsConfig | TrakConfig, Field(discriminator="kind")]
Projections: TypeAlias = Mapping[Reading, np.ndarray]
"""The projections of all training points on the components [components, n], in each reading."""


def projections(matrix: Result) -> Projections:
    """Return those that were stored with an influence matrix."""
    return {reading: matrix.array(f"projection_{reading}") for reading in READINGS}


__all__ = [
    "READINGS",
    "Again",
    "DatamodelsConfig",
    "InfluenceConfig",
    "Part",
    "Projections",
    "Reading",
    "Stability",
    "TrakConfig",
    "estimate",
    "estimate_trak",
    "extreme",
    "parts",
    "projections",
    "shared",
    "stability",
    "train_part",
]

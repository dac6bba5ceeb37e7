"""Forget sets: which training points are to be unlearned.

`random` draws as the paper's published sets 1 to 3 were drawn, with numpy's legacy generator: 10, 100 and 1000
of 50,000 points with seeds 0, 1 and 2 are those sets. `neighbours` is a group of points that depend on each
other: one point and those nearest to it in what a pretrained network makes of them. `component` takes the points with the
highest and lowest projections on a principal component of the study's influence matrix, as the paper's sets 4 to 9.
`file` reads a set in the published format.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import torch
from jaxtyping import Int64
from pydantic import Field, model_validator

from ascentcheck.empirics.config import Config, Count
from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.influence import Projections, Reading, extreme
from ascentcheck.empirics.models import Model, State
from ascentcheck.empirics.npy import read_indices
from ascentcheck.theory.console import UserError

Name = Annotated[str, Field(min_length=1)]
Index = Annotated[int, Field(ge=0)]
ForgetSet = Int64[np.ndarray, " n"]


class RandomConfig(Config):
    """`size` points drawn uniformly without replacement."""

    kind: Literal["random"]
    name: Name
    size: Count
    seed: Annotated[int, Field(ge=0, lt=2**32)]


class NeighboursConfig(Config):
    """The training point `point` and the `size` - 1 nearest to it."""

    kind: Literal["neighbours"]
    name: Name
    size: Count
    point: Index


class ComponentConfig(Config):
    """The `highest` and `lowest` projections on principal component number `component`, counted from 1.

    `reading` says what is projected: what influences a point's margin, `target`, or what the point influences,
    `source`; see `ascentcheck.empirics.influence.components`, also for the sign of a component.
    """

    kind: Literal["component"]
    name: Name
    component: Count
    highest: Annotated[int, Field(ge=0)] = 0
    lowest: Annotated[int, Field(ge=0)] = 0
    reading: Reading = "target"

    @property
    def size(self) -> int:
        """The number of points."""
        return self.highest + self.lowest

    @model_validator(mode="after")
    def _some(self) -> ComponentConfig:
        if self.size == 0:
            raise ValueError("highest and lowest are both 0: a set has at least one point")
        return self


class FileConfig(Config):
    """The indices in the file `path`, `.npy`, `.npz` or `.pt`: integers, one-dimensional, each in range and there once."""

    kind: Literal["file"]
    name: Name
    path: str


ForgetSetConfig = Annotated[
    RandomConfig | NeighboursConfig | ComponentConfig | FileConfig, Field(discriminator="kind")
]


def make(
    config: ForgetSetConfig,
    dataset: Dataset,
    model: Model | None = None,
    pretrained: State | None = None,
    projections: Projections | None = None,
) -> ForgetSet:
    """Return the indices into the training set, sorted, each once; at least one point is left to retain.

    `model` and `pretrained` are needed for neighbours alone, `projections` of the points for a component alone.
    Raises `UserError` where the set cannot be made on this data.
    """
    n = len(dataset.train_x)
    if isinstance(config, FileConfig):
        return _read(config, n)
    if config.size >= n:
        raise UserError(
            _wrong(config, f"size {config.size}", f"the training set has {n} points: 1 to {n - 1}")
        )
    if isinstance(config, RandomConfig):
        legacy = np.random.RandomState(config.seed)  # the published sets were drawn with it
        return np.sort(legacy.choice(n, config.size, replace=False)).astype(np.int64)
    if isinstance(config, ComponentConfig):
        if projections is None or config.component > len(projections[config.reading]):
            raise UserError(_wrong(config, f"component {config.component}", "has not been computed"))
        return extreme(projections[config.reading][config.component - 1], config.highest, config.lowest)
    if config.point >= n:
        raise UserError(_wrong(config, f"point {config.point}", f"the training points are 0 to {n - 1}"))
    if model is None or pretrained is None:
        raise ValueError("neighbours are found by a pretrained network")
    return _neighbours(config, dataset, model, pretrained)


@torch.no_grad()
def _neighbours(config: NeighboursConfig, dataset: Dataset, model: Model, pretrained: State) -> ForgetSet:
    """Nearest by Euclidean distance between the features of pretrained member 0; ties to the lower index."""
    first = pretrained.members(slice(0, 1)).to(dataset.device)
    features = torch.cat([model.features(first, dataset.ready(x))[0] for x in dataset.train_x.split(256)])
    features = features.double().cpu().numpy()
    distance = np.linalg.norm(features - features[config.point], axis=1)
    distance[config.point] = -1.0  # a twin of the point with a lower index must not displace it
    return np.sort(np.argsort(distance, kind="stable")[: config.size])


def _read(config: FileConfig, n: int) -> ForgetSet:
    try:
        return read_indices(Path(config.path), n)
    except UserError as error:
        raise UserError(f"forget set {config.name}: {error}") from None


def _wrong(config: ForgetSetConfig, what: str, why: str) -> str:
    return f"forget set {config.name}: {what}: {why}"

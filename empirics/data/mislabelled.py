"""Wrong labels: some training points have, for every model, the label of another class."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Annotated

import numpy as np
from pydantic import Field

from ascentcheck.empirics.config import Config, Count
from ascentcheck.empirics.data.dataset import Dataset
from ascentcheck.empirics.later import torch
from ascentcheck.theory.console import UserError


class MislabelledConfig(Config):
    """`points` random training points have a random label of another class; `draw` is the seed of both choices."""

    points: Count
    draw: Annotated[int, Field(ge=0)] = 0


def mislabelled(whole: Dataset, config: MislabelledConfig) -> Dataset:
    """Return a data set with the wrong labels that `config` asks for; its digest is that of the whole and of `config`.

    Raises UserError for as many points as there are, or more.
    """
    labels = whole.labels.copy()
    if config.points >= len(labels):
        raise UserError(f"mislabelled: points {config.points}: there are {len(labels)}")
    draw = np.random.default_rng([config.draw, config.points])
    chosen = np.sort(draw.choice(len(labels), config.points, replace=False))
    labels[chosen] = (labels[chosen] + draw.integers(1, whole.n_classes, len(chosen))) % whole.n_classes
    identity = hashlib.sha256(f"{whole.digest}/mislabelled/{config.model_dump_json()}".encode())
    return replace(
        whole,
        train_y=torch.from_numpy(labels),
        mislabelled=torch.from_numpy(chosen),
        content_digest=identity.hexdigest(),
    )

"""A data set of the right sizes and without content, so that a study can be planned where its data are absent."""

from __future__ import annotations

from pathlib import Path

import torch

from empirics.config import Config
from empirics.data.dataset import Dataset

SIZES = {"cifar10": (50_000, 10_000, (3, 32, 32), 10)}
"""Training points, validation points, shape and classes of the data sets that are always the same."""


def stand_in(config: Config) -> Dataset | None:
    """Return a data set of the sizes of the one that `config` describes, if its files are absent and its sizes known.

    Its points are all 0 and take no memory. Its digest is that of no data, so that no stored result is taken for one
    of it.
    """
    kind, path = getattr(config, "kind", ""), getattr(config, "path", None)
    if kind not in SIZES or path is None or Path(path).exists():
        return None
    n_train, n_validation, shape, n_classes = SIZES[kind]
    pixel, label = torch.zeros(1, dtype=torch.uint8), torch.zeros(1, dtype=torch.int64)
    return Dataset(
        kind,
        pixel.expand(n_train, *shape),
        label.expand(n_train),
        pixel.expand(n_validation, *shape),
        label.expand(n_validation),
        n_classes=n_classes,
        content_digest=f"no {kind}",
    )

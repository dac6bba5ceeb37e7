"""A data set of the right sizes and without content, so that a study can be planned where its data are absent."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ascentcheck.empirics.config import Config
from ascentcheck.empirics.data.cifar10 import Cifar10Config
from ascentcheck.empirics.data.dataset import Dataset
from ascentcheck.empirics.data.image_manifest import read_manifest
from ascentcheck.empirics.data.living17 import LIVING17_SIZES, N_CLASSES, PARTS, Living17Config
from ascentcheck.empirics.data.mnist_form import (
    FASHION_CLASSES,
    FASHION_SHAPE,
    FASHION_SIZES,
    FashionMnistConfig,
)
from ascentcheck.empirics.data.subset import SubsetConfig

CIFAR10_SIZES = (50_000, 10_000)


def stand_in(config: Config) -> Dataset | None:
    """Return a data set of the sizes of the one that `config` describes, where that is absent and its sizes are known.

    None where the files are there, and for data that are made or bundled. Living-17 counts as absent until its images are
    decoded; its sizes are the most that there can be. The points are all 0 and take no memory. The digest is that of no
    data, so that no stored result is taken for one of it.
    """
    if isinstance(config, Cifar10Config) and not Path(config.path).exists():
        return _empty("cifar10", *_part(config, CIFAR10_SIZES), (3, 32, 32), 10)
    if isinstance(config, FashionMnistConfig) and not Path(config.path).exists():
        return _empty("fashion-mnist", *_part(config, FASHION_SIZES), (1, *FASHION_SHAPE), FASHION_CLASSES)
    if isinstance(config, Living17Config):
        parts = [f"{config.domains}-{part}" for part in PARTS]
        if any(read_manifest(Path(config.cache), part) is None for part in parts):
            share = 1 if config.domains == "all" else 2
            n_train, n_validation = (n // share for n in LIVING17_SIZES)
            shape = (3, config.size, config.size)
            return _empty("living17", n_train, n_validation, shape, N_CLASSES, config.train_size)
    return None


def _part(config: SubsetConfig, sizes: tuple[int, int]) -> tuple[int, int]:
    n_train, n_validation = sizes
    return min(config.n_train or n_train, n_train), min(config.n_validation or n_validation, n_validation)


def _empty(
    name: str,
    n_train: int,
    n_validation: int,
    shape: tuple[int, ...],
    n_classes: int,
    train_size: int | None = None,
) -> Dataset:
    return Dataset(
        name,
        _zeros(np.uint8, n_train, *shape),
        _zeros(np.int64, n_train),
        _zeros(np.uint8, n_validation, *shape),
        _zeros(np.int64, n_validation),
        n_classes=n_classes,
        train_size=train_size,
        content_digest=f"no {name}",
    )


def _zeros(kind: type[np.integer], *shape: int) -> np.ndarray:
    """Return zeros that are one in memory; writable, as torch wants it."""
    return np.lib.stride_tricks.as_strided(np.zeros(1, dtype=kind), shape, (0,) * len(shape))

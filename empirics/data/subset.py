"""A part of a data set, drawn by number and seed.

A smaller part is within a larger one of the same seed. Points keep the order and the numbers that they have in the whole
set, so that a file of a forget set means the same points in both.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from ascentcheck.empirics.config import Config, Count
from ascentcheck.empirics.data.dataset import Dataset
from ascentcheck.empirics.later import torch
from ascentcheck.empirics.npy import read_indices
from ascentcheck.empirics.randomness import streams
from ascentcheck.theory.console import UserError

if TYPE_CHECKING:
    from jaxtyping import Int64


class SubsetConfig(Config):
    """`n_train` training and `n_validation` validation points, drawn at random by `subset_seed`; all where none is given.

    `keep` are files of indices into the whole training set, as forget sets are published, that are among the `n_train`.
    """

    n_train: Count | None = None
    n_validation: Count | None = None
    subset_seed: Annotated[int, Field(ge=0)] = 0
    keep: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(strict=False)] = ()


def taken(whole: Dataset, config: SubsetConfig) -> Dataset:
    """Return the part of a data set that `config` asks for, the whole where it asks for none.

    Its digest is that of the whole and of the points chosen. Raises UserError for more points than there are, and for a
    file of indices that cannot be used.
    """
    if config.keep and config.n_train is None:
        raise UserError(f"{whole.name}: keep says what an n_train takes in, and no n_train is given")
    if config.n_train is None and config.n_validation is None:
        return whole
    kept = [read_indices(Path(name), len(whole.train_y)) for name in config.keep]
    train = _chosen(whole.name, "n_train", len(whole.train_y), config.n_train, config.subset_seed, kept)
    held = _chosen(whole.name, "n_validation", len(whole.val_y), config.n_validation, config.subset_seed, [])
    identity = hashlib.sha256(f"{whole.digest}/subset".encode())
    for index in (train, held):
        identity.update(f"/{len(index)}/".encode() + index.astype("<i8").tobytes())
    inner, outer = torch.from_numpy(train), torch.from_numpy(held)
    return replace(
        whole,
        train_x=whole.train_x[inner],
        train_y=whole.train_y[inner],
        val_x=whole.val_x[outer],
        val_y=whole.val_y[outer],
        content_digest=identity.hexdigest(),
        numbers=inner,
    )


def _chosen(
    name: str, key: str, n: int, wanted: int | None, seed: int, kept: list[np.ndarray]
) -> Int64[np.ndarray, " k"]:
    """Return which of `n` points are taken, sorted: those that are kept, then others in the order of a permutation."""
    if wanted is None:
        return np.arange(n)
    if wanted > n:
        raise UserError(f"{name}: {key} {wanted:,}: there are {n:,} points")
    first = np.unique(np.concatenate([np.empty(0, np.int64), *kept])).astype(np.int64)
    if len(first) > wanted:
        raise UserError(f"{name}: {key} {wanted:,}: keep names {len(first):,} points")
    (draw,) = streams([seed], f"subset {key}")
    order = draw.permutation(n)
    others = order[~np.isin(order, first)][: wanted - len(first)]
    return np.sort(np.concatenate([first, others]))

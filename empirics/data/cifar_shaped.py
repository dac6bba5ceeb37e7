"""A generated data set of CIFAR-10's shape, so that everything that runs on CIFAR-10 runs where it is absent.

A class is three motifs of 9 × 9 colours. An image is a smooth random background, three motifs of its own class and
two of other classes at random places, each with a random strength, and noise. As motifs have no fixed place, no
single pixel says much: a linear classifier stays near chance on new images and a convolutional network does not. Some
images show more of another class than of their own, and those can only be memorised, which is what a study of
forgetting needs.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from ascentcheck.empirics.config import Config, Count
from ascentcheck.empirics.data.cifar10 import N_CLASSES, SCALING, SHAPE
from ascentcheck.empirics.data.dataset import Dataset
from ascentcheck.empirics.later import torch
from ascentcheck.empirics.progress import Show, shown
from ascentcheck.empirics.randomness import streams

CHUNK = 500
MOTIFS, MOTIF, OWN, OTHERS = 3, 9, 3, 2
GRID = 4
STRENGTH = 45.0
"""Standard deviation of a motif's pixels, in grey levels of 0..255, before its random factor in [0.5, 1.5]."""


class CifarShapedConfig(Config):
    """`noise` is the standard deviation of each pixel's noise, in grey levels of 0..255.

    Everything follows from `seed`. The training points of a smaller set are the first ones of a larger one.
    """

    kind: Literal["cifar-shaped"] = "cifar-shaped"
    n_train: Count = 50_000
    n_validation: Count = 10_000
    seed: Annotated[int, Field(ge=0)] = 0
    noise: Annotated[float, Field(ge=0, le=255)] = 20.0


def load_cifar_shaped(config: CifarShapedConfig) -> Dataset:
    """Return `n_train` + `n_validation` generated images [3, 32, 32], standardised as CIFAR-10 is."""
    (generator,) = streams([config.seed], "cifar-shaped motifs")
    motifs = generator.standard_normal((N_CLASSES, MOTIFS, SHAPE[0], MOTIF, MOTIF), np.float32) * STRENGTH
    with shown("cifar-shaped") as show:
        total = config.n_train + config.n_validation
        train_x, train_y = _points(motifs, config, "training", config.n_train, 0, total, show)
        val_x, val_y = _points(motifs, config, "validation", config.n_validation, config.n_train, total, show)
    tensors = (torch.from_numpy(array) for array in (train_x, train_y, val_x, val_y))
    return Dataset("cifar-shaped", *tensors, n_classes=N_CLASSES, scaling=SCALING)


def _points(
    motifs: np.ndarray, config: CifarShapedConfig, part: str, n: int, done: int, total: int, show: Show
) -> tuple[np.ndarray, np.ndarray]:
    """Return `n` images as uint8 [n, 3, 32, 32] and labels [n], in chunks with a stream of random numbers each."""
    x, y = np.empty((n, *SHAPE), np.uint8), np.empty(n, np.int64)
    for start in range(0, n, CHUNK):
        (generator,) = streams([config.seed], f"cifar-shaped {part} {start // CHUNK}")
        images, labels = _chunk(motifs, generator, config.noise)
        x[start : start + CHUNK], y[start : start + CHUNK] = images[: n - start], labels[: n - start]
        show(f"{part} images", (done + min(start + CHUNK, n)) / total)
    return x, y


def _chunk(motifs: np.ndarray, generator: np.random.Generator, noise: float) -> tuple[np.ndarray, np.ndarray]:
    labels = generator.integers(N_CLASSES, size=CHUNK)
    x = 128 + _background(generator)
    everyone, channels = np.arange(CHUNK)[:, None, None, None], np.arange(SHAPE[0])[:, None, None]
    for place in range(OWN + OTHERS):
        other = (labels + generator.integers(1, N_CLASSES, size=CHUNK)) % N_CLASSES
        chosen = motifs[labels if place < OWN else other, generator.integers(MOTIFS, size=CHUNK)]
        strength = generator.uniform(0.5, 1.5, (CHUNK, 1, 1, 1)).astype(np.float32)
        top, left = generator.integers(SHAPE[1] - MOTIF + 1, size=(2, CHUNK, 1, 1, 1))
        rows, columns = top + np.arange(MOTIF)[:, None], left + np.arange(MOTIF)
        x[everyone, channels, rows, columns] += strength * chosen
    x += noise * generator.standard_normal(x.shape, np.float32)
    return np.clip(np.rint(x), 0, 255).astype(np.uint8), labels


def _background(generator: np.random.Generator) -> np.ndarray:
    """Return [CHUNK, 3, 32, 32] smooth fields: random values on a coarse grid, interpolated linearly."""
    coarse = 40 * generator.standard_normal((CHUNK, SHAPE[0], GRID, GRID), np.float32)
    at = np.linspace(0, GRID - 1, SHAPE[1], dtype=np.float32)
    low = np.minimum(at.astype(np.int64), GRID - 2)
    share = at - low.astype(np.float32)
    rows = coarse[:, :, low] * (1 - share)[:, None] + coarse[:, :, low + 1] * share[:, None]
    return rows[..., low] * (1 - share) + rows[..., low + 1] * share

"""Counting the values of many columns in the cells of as many histograms, whole arrays at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

BLOCK = 1024


def blocks(points: int) -> Iterator[slice]:
    """Yield slices of points that are worked on at a time, small enough for the cache."""
    return (slice(start, start + BLOCK) for start in range(0, points, BLOCK))


def reaching(sample: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return how many values of each column are ≥ each edge of that column, as [edges, points]; nan reaches none."""
    reached = np.zeros(edges.shape, dtype=np.int64)
    for total, edge in zip(reached, edges, strict=True):
        for few in range(0, len(sample), 255):  # as many as a byte can count
            total += np.add.reduce((sample[few : few + 255] >= edge).view(np.uint8), axis=0, dtype=np.uint8)
    return reached

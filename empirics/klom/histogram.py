"""The paper's estimator itself: KL divergence between two histograms over 20 cells of the pooled range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ascentcheck.empirics.klom.cells import blocks, reaching
from ascentcheck.empirics.scores.diverged import CLIP

if TYPE_CHECKING:
    from jaxtyping import Float

CELLS = 20
FLOOR = 1e-5
WORST = math.log((1 + CELLS * FLOOR) / FLOOR)
"""No score is larger, by any estimator: p in one cell, where q has the floor. In nats."""


def histogram_scores(
    oracle: Float[np.ndarray, "n_oracle points"],
    unlearned: Float[np.ndarray, "n_unlearned points"],
    estimator: str = "paper",
) -> Float[np.ndarray, " points"]:
    """Return the paper's estimator itself at each point; the margins must be finite or ±inf, not nan.

    Both samples are clipped to ±CLIP; 20 half-open cells span the pooled range, so the pooled maximum falls in
    none; relative counts p and q are of the values that fell in cells; q is raised to FLOOR where p > 0 and both
    are normalised. Where a sample has no value in any cell there is no score: nan.
    """
    p, q = (oracle, unlearned) if estimator == "paper" else (unlearned, oracle)
    return np.concatenate([_block_scores(p[:, block], q[:, block]) for block in blocks(p.shape[1])])


@dataclass(frozen=True)
class ByCell:
    """What makes up the score: `edges` of the cells [21, points] and, by cell [20, points], the shares p and q as they
    enter (q raised to FLOOR where p > 0, and normalised) and the terms, whose sum is the score.
    """

    edges: Float[np.ndarray, "edges points"]
    p: Float[np.ndarray, "cells points"]
    q: Float[np.ndarray, "cells points"]
    terms: Float[np.ndarray, "cells points"]


def by_cell(p_sample: Float[np.ndarray, "n_p points"], q_sample: Float[np.ndarray, "n_q points"]) -> ByCell:
    """Return what each cell adds to KL(p, q) at each point; of a sample without a value in any cell the shares are nan."""
    kind = np.result_type(p_sample, q_sample, np.float32)
    samples = [np.clip(s.astype(kind, order="C"), -CLIP, CLIP) for s in (p_sample, q_sample)]
    low = np.minimum(*(s.min(axis=0) for s in samples)).astype(np.float64)
    high = np.maximum(*(s.max(axis=0) for s in samples)).astype(np.float64)
    high = np.where(high == low, low + 1, high)
    edges = low + np.arange(CELLS + 1)[:, None] * ((high - low) / CELLS)
    edges[-1] = high
    p, q = (_relative_counts(s, _rounded_up(edges, kind)) for s in samples)
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.where(p > 0, np.maximum(q, FLOOR), q)
        q /= q.sum(axis=0)
        p /= p.sum(axis=0)
        return ByCell(edges, p, q, np.where(p > 0, p * np.log(p / q), 0.0))


def _block_scores(p_sample: np.ndarray, q_sample: np.ndarray) -> np.ndarray:
    found = by_cell(p_sample, q_sample)
    return np.where(np.isnan(found.p[0]) | np.isnan(found.q[0]), np.nan, found.terms.sum(axis=0))


def _relative_counts(sample: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the share of each column's values in each half-open cell [e_i, e_{i+1}): those ≥ e_i less those ≥ e_{i+1}."""
    reached = reaching(sample, edges)
    counts = reached[:-1] - reached[1:]
    with np.errstate(invalid="ignore"):
        return np.asarray(counts / counts.sum(axis=0))


def _rounded_up(edges: np.ndarray, kind: np.dtype) -> np.ndarray:
    """Return the edges in the samples' own type: a value is ≥ an edge exactly if it is ≥ the edge rounded up."""
    near = edges.astype(kind)
    return np.where(near < edges, np.nextafter(near, kind.type(np.inf)), near)

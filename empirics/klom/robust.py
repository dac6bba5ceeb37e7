r"""The robust estimator of KLoM: cells from the oracles' quantiles, which no unlearned model can move.

The cells at a point end at order statistics of the oracles' margins: their quantiles, the least and the greatest. The
outer two are unbounded, so that a few models far out show, and stretch nothing. A further oracle falls in cell k with
probability π_k = g_k/(n_oracle + 1) exactly, g_k the difference of ranks, whatever the continuous distribution of the
margins is. Both samples' counts are smoothed by the same weights PRIOR·π_k, and the score is the mean of the two KL
divergences, less its expectation when both samples are of one distribution. So its mean at the null is 0 for any
numbers of models, up to rounding, and single scores may be negative.
It is cut at `worst`, which the divergence itself passes only with more than about a hundred thousand models.

An unlearned margin that is missing (of a diverged model, not finite, or at or beyond ±CLIP) is a total miss, in two
ways: it is counted in whichever cell makes the score largest, and the share f of the misses moves the score toward
`worst`, by (1 − f)·score + f·worst. Since the divergence is convex in the counts, all misses in one cell is the worst
place for them, and it is at least as bad as where they were before they went missing. So no miss can lower a score.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ascentcheck.empirics.klom.cells import blocks, reaching
from ascentcheck.empirics.scores.diverged import CLIP

CELLS = 8
"""Cells of equal probability; beyond the least and the greatest oracle there is one more on either side."""
PRIOR = 4.0
"""Half a count in each of the cells of equal probability."""


def robust_scores(
    oracle: np.ndarray,
    unlearned: np.ndarray,
    missing: np.ndarray,
    worst: float,
) -> np.ndarray:
    """Return the score at each point, in nats.

    `oracle` [n_oracle, points] must be finite, `missing` [n_unlearned] tells which rows of `unlearned`
    [n_unlearned, points] are of diverged models.
    """
    parts = [
        _block_scores(oracle[:, block], unlearned[:, block], missing, worst)
        for block in blocks(oracle.shape[1])
    ]
    return np.concatenate(parts)


def _block_scores(oracle: np.ndarray, unlearned: np.ndarray, missing: np.ndarray, worst: float) -> np.ndarray:
    kind = np.result_type(oracle, unlearned, np.float32)
    kept = np.clip(oracle.astype(kind, order="C"), -CLIP, CLIP)
    ordered = np.array(kept.T, order="C")
    ordered.sort(axis=1)  # in rows, because columns take twice as long
    sample = unlearned.astype(kind, order="C")
    lost = ~(np.abs(sample) < CLIP) | missing[:, None]
    misses = lost.sum(axis=0)
    sample[lost] = np.nan
    ranks = cell_ranks(len(oracle))
    edges = np.ascontiguousarray(ordered[:, ranks - 1].T)
    expected = np.diff(ranks, prepend=0, append=len(oracle) + 1)[:, None] / (len(oracle) + 1)
    own = _counts(kept, edges, np.int64(len(oracle)))
    p = (own + PRIOR * expected) / (len(oracle) + PRIOR)
    size = len(unlearned) + PRIOR
    found = _counts(sample, edges, len(unlearned) - misses) + PRIOR * expected
    terms = divergence(p, found / size)
    value = terms.sum(axis=0)
    if misses.any():
        some = misses > 0
        placed = divergence(p[:, some], (found[:, some] + misses[some]) / size)
        value[some] += (placed - terms[:, some]).max(axis=0)
    value = np.minimum(value - null_mean(len(oracle), len(unlearned)), worst)
    share = misses / len(unlearned)
    return np.asarray(value + share * (worst - value))


def divergence(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Return the terms of ½·KL(p‖q) + ½·KL(q‖p), which is ½ Σ (p − q)·ln(p/q)."""
    return np.asarray((p - q) * np.log(p / q) / 2)


def cell_ranks(n_oracle: int) -> np.ndarray:
    """Return the ranks, from 1, of the order statistics at which cells end: the quantiles, the first and the last."""
    inner = np.rint(np.arange(1, CELLS) * (n_oracle + 1) / CELLS).astype(np.int64)
    return np.unique(np.clip(np.concatenate([[1], inner, [n_oracle]]), 1, n_oracle))


def _counts(sample: np.ndarray, edges: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Return the counts in the cells; a value on an edge is half in the cell below it and half in the one above."""
    above = np.nextafter(edges, edges.dtype.type(np.inf))
    reached = (reaching(sample, edges) + reaching(sample, above)) / 2
    first = np.broadcast_to(present, reached.shape[1:])[None]
    return -np.diff(reached, axis=0, prepend=first, append=0)


@lru_cache(maxsize=256)
def null_mean(n_oracle: int, n_unlearned: int) -> float:
    """Return the expected divergence of two samples of one continuous distribution, in nats, by summing its law.

    The unlearned count in a cell of rank difference g is beta-binomial: n_unlearned draws, with g against
    n_oracle + 1 − g.
    """
    from scipy.special import betaln, gammaln

    ranks = cell_ranks(n_oracle)
    gaps = np.diff(ranks, prepend=0, append=n_oracle + 1)
    own = np.diff(ranks - 0.5, prepend=0, append=n_oracle)  # an oracle on its edge is half on either side
    count = np.arange(n_unlearned + 1)
    choose = gammaln(n_unlearned + 1) - gammaln(count + 1) - gammaln(n_unlearned - count + 1)
    total = 0.0
    for gap, inside in zip(gaps, own, strict=True):
        rest = n_oracle + 1 - gap
        law = np.exp(choose + betaln(count + gap, n_unlearned - count + rest) - betaln(gap, rest))
        weight = PRIOR * gap / (n_oracle + 1)
        p, q = (inside + weight) / (n_oracle + PRIOR), (count + weight) / (n_unlearned + PRIOR)
        total += float(law @ divergence(np.asarray(p), q))
    return total

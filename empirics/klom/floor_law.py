r"""Why the null floor of the paper's estimator falls as it does: the law of its score for independent cells.

Take the 20 cells as fixed, over the expected range of 2N standard normal margins, and the counts i, j of a cell as
independent Poisson numbers of mean Nπ, for the oracles and the unlearned models. With p = i/N and q = j/N, raised to
FLOOR where p > 0, the score is the sum over cells of p·ln(p/q) − p + q, whose last two terms cancel in the sum. There
are two kinds of terms.

Filled cells (j > 0) give about (p − q)²/(2q) each, so together χ²/N, with about one degree of freedom for each filled
cell: this part falls as 1/N. Empty cells (j = 0 < i) give i/N·ln(i/(N·FLOOR)) each; for i = 1 that is
ln(10⁵/N)/N, 0.43 at N = 20 and 0.07 at N = 100, against 1/(2N) for a filled cell. Empty cells are the thin ones, of
Nπ about 1, and their number falls slowly. Up to about N = 100 they are most of the mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ascentcheck.empirics.klom.histogram import CELLS, FLOOR

STEP = 2e-4
"""Nats from one point of the grid to the next, on which the law of the sum is computed."""
LENGTH = 2**18
"""Points of the grid: the sum for two models of each kind, the longest, ends before."""
POISSON_TAIL = 60


@dataclass(frozen=True)
class FloorLaw:
    """Mean and 95th percentile of the score at the null, in nats, and how much of the mean is of empty cells."""

    p95: float
    mean: float
    of_empty_cells: float
    without_empty_cells_p95: float
    """The 95th percentile if empty cells gave nothing: χ²-like, about proportional to 1/N."""


@lru_cache(maxsize=32)
def floor_law(n_models: int) -> FloorLaw:
    """Return the law for N models of each kind, by convolving the laws of the cells."""
    from scipy.special import gammaln, ndtr

    edges = np.linspace(-1, 1, CELLS + 1) * _expected_maximum(2 * n_models)
    inside = np.diff(ndtr(edges))
    largest = int(n_models * inside.max() * 2) + POISSON_TAIL
    i, j = np.arange(largest)[:, None], np.arange(largest)[None]
    p, q = i / n_models, np.where((j == 0) & (i > 0), FLOOR, j / n_models)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(i > 0, p * np.log(p / q), 0.0) - p + q
    empty = (j == 0) & (i > 0)
    at = np.minimum(np.rint(score / STEP).astype(int), LENGTH - 1)
    laws, means = np.ones(LENGTH // 2 + 1, dtype=complex), [0.0, 0.0]
    filled = laws.copy()
    for share in inside:
        single = np.exp(
            np.arange(largest) * np.log(n_models * share) - n_models * share - gammaln(np.arange(largest) + 1)
        )
        joint = single[:, None] * single[None]
        laws *= np.fft.rfft(np.bincount(at.ravel(), joint.ravel(), LENGTH))
        filled *= np.fft.rfft(np.bincount(np.where(empty, 0, at).ravel(), joint.ravel(), LENGTH))
        means = [means[0] + float((joint * score).sum()), means[1] + float((joint * score)[empty].sum())]
    return FloorLaw(_percentile(laws), means[0], means[1] / means[0], _percentile(filled))


def _percentile(transform: np.ndarray) -> float:
    law = np.cumsum(np.fft.irfft(transform, LENGTH))
    return float(np.searchsorted(law, 0.95) * STEP)


def _expected_maximum(count: int) -> float:
    """Return the expected maximum of standard normal numbers, by integrating over its law."""
    from scipy.special import ndtr

    grid = np.linspace(-8, 8, 16_001)
    law = ndtr(grid) ** count
    middle = (grid[1:] + grid[:-1]) / 2
    return float((middle * np.diff(law)).sum())

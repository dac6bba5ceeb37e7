"""Principal components of an influence matrix, what a point's projection on them is, and whether they are noise.

The matrix has a row for each target, how all training points influence its margin, and a column for each source,
how it influences all margins; targets and sources are both the training points. Appendix K of the paper projects
samples on the PCs of the matrix of 'train × train' datamodels. A sample's datamodel is its row (reading `target`);
its column is the other reading (`source`).

Rows, or columns, are centred by their mean. A component's sign is free: it is turned so that the projections have a
positive third central moment, the longer tail being the side called highest.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float, Float32, Float64, Int64

Reading = Literal["target", "source"]
READINGS: tuple[Reading, ...] = get_args(Reading)
SelfInfluence = Literal["keep", "drop"]


@dataclass(frozen=True, eq=False)
class Components:
    """Projections of all points on the first components [components, n], and their singular values, decreasing."""

    projections: Float32[np.ndarray, "components n"]
    singular_values: Float[np.ndarray, " components"]


def components(matrix: Float[np.ndarray, "targets sources"], count: int, reading: Reading) -> Components:
    """Return the first `count` components of the rows (`target`) or columns (`source`) of an influence matrix.

    `count` must be less than both sizes of the matrix.
    """
    from scipy.sparse.linalg import svds  # a third of a second to import, and only needed here

    rows = np.asarray(matrix if reading == "target" else matrix.T, dtype=np.float64)
    rows = rows - rows.mean(0)
    start = np.random.default_rng(0).standard_normal(min(rows.shape))  # fixed, so that results are
    left, values, _ = svds(rows, k=count, v0=start)
    order = np.argsort(-values)
    projections = (left[:, order] * values[order]).T
    return Components(turned(projections).astype(np.float32), values[order])


def of_matrix(
    matrix: Float[np.ndarray, "n n"], count: int, self_influence: SelfInfluence
) -> dict[Reading, Components]:
    """Return the components of an influence matrix in each reading, of its diagonal too or not."""
    if self_influence == "drop":
        matrix = matrix.copy()
        np.fill_diagonal(matrix, 0.0)
    return {reading: components(matrix, count, reading) for reading in READINGS}


def turned(projections: Float[np.ndarray, "components n"]) -> Float[np.ndarray, "components n"]:
    """Return the projections with signs such that the third central moment of each component is positive.

    Where it is 0 within rounding, the projection farthest from the mean (the first such) is above it.
    """
    centred = projections - projections.mean(1, keepdims=True)
    scale = np.abs(centred).max(1, keepdims=True)
    centred = centred / np.where(scale > 0, scale, 1.0)
    moment = (centred**3).mean(1)
    farthest = np.argmax(np.abs(centred).round(9), axis=1)
    fallback = centred[np.arange(len(centred)), farthest]
    sign = np.where(np.abs(moment) > 1e-9, moment, fallback)
    return projections * np.where(sign < 0, -1, 1)[:, None]


def extreme(projection: Float[np.ndarray, " n"], highest: int, lowest: int) -> Int64[np.ndarray, " size"]:
    """Return the indices of the highest and lowest projections, sorted; of equal ones the lower index is taken."""
    top = np.argsort(-projection, kind="stable")[:highest]
    rest = np.setdiff1d(np.arange(len(projection)), top)
    bottom = rest[np.argsort(projection[rest], kind="stable")[:lowest]]
    return np.sort(np.concatenate([top, bottom])).astype(np.int64)


@dataclass(frozen=True)
class Again:
    """How much of a set comes again from the other half of the models, over many ways to halve them.

    `overlap` is the mean share of points in common and `correlation` that of all points' projections; the
    intervals are the 2.5 and 97.5 percentiles over the ways. The ways share models, so an interval is the spread
    of the answer and no confidence interval of its mean.
    """

    overlap: float
    overlap_interval: tuple[float, float]
    correlation: float
    correlation_interval: tuple[float, float]
    ways: int


@dataclass(frozen=True)
class Stability:
    """A set's stability beside what noise alone gives, for which its component and its points must be larger.

    Noise is what the datamodels do not explain, with masks shuffled. Overlap alone proves nothing for targets:
    margins that vary together from model to model, whatever the subset, make a component whose targets come again
    and again (`noise`). Its singular value must therefore exceed `noise_high`, the 97.5% bound for one
    more singular value of noise. Both are None where noise is not known, as for TRAK. `chance` is the mean overlap
    of random sets, and `chance_high` what they exceed once in 40.
    """

    found: Again
    noise: Again | None
    chance: float
    chance_high: float
    singular_value: float
    noise_high: float | None

    @property
    def warning(self) -> str:
        """Why the set means little, or an empty text."""
        if self.noise_high is not None and self.singular_value <= self.noise_high:
            return "NOISE: no larger than what shuffled subsets give"
        if self.found.overlap_interval[0] <= self.chance_high:
            return "UNSTABLE: other models make another set"
        return ""


def stability(
    halves: Float[np.ndarray, "ways 2 n"],
    highest: int,
    lowest: int,
    singular_value: float,
    noise: Float[np.ndarray, "ways 2 n"] | None = None,
    noise_singular_values: Float[np.ndarray, " ways"] | None = None,
) -> Stability:
    """Return the stability of the set of the `highest` and `lowest` projections.

    `halves` are projections from pairs of halves of the models, `noise` those of noise; `noise_singular_values`
    are the first ones of noise as large as all models.
    """
    from scipy.stats import hypergeom  # half a second to import, and only needed here

    size, n = highest + lowest, halves.shape[2]
    return Stability(
        again(halves, highest, lowest),
        None if noise is None else again(noise, highest, lowest),
        size / n,
        float(hypergeom(n, size, size).ppf(0.975)) / size,
        float(singular_value),
        None if noise_singular_values is None else one_more(noise_singular_values),
    )


def one_more(values: Float[np.ndarray, " k"]) -> float:
    """Return what one more value exceeds once in 40, if all are normal with one mean and deviation."""
    from scipy.special import stdtrit

    k = len(values)
    return float(values.mean() + stdtrit(k - 1, 0.975) * values.std(ddof=1) * math.sqrt(1 + 1 / k))


def again(halves: Float[np.ndarray, "ways 2 n"], highest: int, lowest: int) -> Again:
    """Return how much of the set comes again between the two of each pair of projections."""
    overlaps, correlations = [], []
    for one, other in halves:
        both = np.intersect1d(extreme(one, highest, lowest), extreme(other, highest, lowest))
        overlaps.append(len(both) / (highest + lowest))
        correlations.append(float(np.corrcoef(one, other)[0, 1]))
    mean_overlap, mean_correlation = float(np.mean(overlaps)), float(np.mean(correlations))
    return Again(mean_overlap, _spread(overlaps), mean_correlation, _spread(correlations), len(halves))


def shared(halves: Float[np.ndarray, "ways 2 components n"]) -> Float64[np.ndarray, " components"]:
    """Return for each component the share of its variance that lies in the first components of the other half.

    Mean over both halves of all ways. Components with nearly equal singular values turn in their plane from half to
    half, so that no set of theirs comes again though the plane does. As sources, noise shares nothing.
    """
    found = []
    for pair in halves.astype(np.float64):
        one, other = pair - pair.mean(2, keepdims=True)
        for mine, theirs in ((one, other), (other, one)):
            basis = np.linalg.qr(theirs.T)[0]
            found.append(((mine @ basis) ** 2).sum(1) / (mine**2).sum(1))
    return np.mean(found, axis=0)


def halvings(models: int, count: int) -> Iterator[tuple[Int64[np.ndarray, " h"], Int64[np.ndarray, " h"]]]:
    """Yield `count` random ways to halve so many models; of an odd number one model is left out."""
    draw = np.random.default_rng(1)
    for _ in range(count):
        order = draw.permutation(models)
        yield np.sort(order[: models // 2]), np.sort(order[models // 2 : models // 2 * 2])


def _spread(values: Sequence[float]) -> tuple[float, float]:
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)

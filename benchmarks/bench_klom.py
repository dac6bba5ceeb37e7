"""KLoM of 100 × 60,000 margins against 100 × 60,000, each estimator beside a plain loop over points. One run, ratios."""

import time
import tracemalloc
from bisect import bisect_left, bisect_right
from collections.abc import Callable

import numpy as np

from ascentcheck.empirics.klom import scores
from ascentcheck.empirics.klom.robust import CELLS, PRIOR, null_mean

POINTS, SAMPLE, REPEATS = 60_000, 300, 3


def one_point(p: np.ndarray, q: np.ndarray) -> float:
    """The estimator as one would write it for one point, with numpy's own histogram of half-open cells."""
    p, q = np.clip(p.astype(float), -100, 100), np.clip(q.astype(float), -100, 100)
    low, high = min(p.min(), q.min()), max(p.max(), q.max())
    edges = np.linspace(low, high if high > low else low + 1, 21)
    p, q = (np.histogram(s[s < edges[-1]], edges)[0] for s in (p, q))
    p, q = p / p.sum(), q / q.sum()
    q = np.where(p > 0, np.maximum(q, 1e-5), q)
    q /= q.sum()
    kept = p > 0
    return float((p[kept] * np.log(p[kept] / q[kept])).sum())


def one_point_robust(oracle: np.ndarray, sample: np.ndarray) -> float:
    """The robust estimator as one would write it for one point of finite margins."""
    n = len(oracle)
    ordered = np.sort(oracle)
    ranks = np.unique([1, *(round(k * (n + 1) / CELLS) for k in range(1, CELLS)), n])
    expected = np.diff([0, *ranks, n + 1]) / (n + 1)
    shares = []
    for values in (ordered, np.sort(sample)):
        below = [(bisect_left(values, e) + bisect_right(values, e)) / 2 for e in ordered[ranks - 1]]
        shares.append((np.diff([0, *below, len(values)]) + PRIOR * expected) / (len(values) + PRIOR))
    p, q = shares
    return float(((p - q) * np.log(p / q)).sum() / 2) - null_mean(n, len(sample))


def compare(
    estimator: str,
    plain: Callable[[np.ndarray, np.ndarray], float],
    oracle: np.ndarray,
    unlearned: np.ndarray,
) -> None:
    """Time one estimator on whole arrays and point by point, in turns, and print the ratio."""
    whole, loop = [], []
    for _ in range(REPEATS):
        start = time.perf_counter()
        found = scores(oracle, unlearned, estimator)
        whole.append(time.perf_counter() - start)
        start = time.perf_counter()
        expected = [plain(oracle[:, k], unlearned[:, k]) for k in range(SAMPLE)]
        loop.append((time.perf_counter() - start) * POINTS / SAMPLE)
    assert np.allclose(found[:SAMPLE], expected, rtol=1e-9, atol=1e-12)
    tracemalloc.start()  # apart from the timing, which it would slow
    scores(oracle, unlearned, estimator)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    ratio = np.median(np.array(loop) / np.array(whole))
    print(
        f"KLoM ({estimator}), 100 x {POINTS:,} against 100 x {POINTS:,}: {np.median(whole):.2f} s, {ratio:.0f} times a "
        f"loop over points (timed on {SAMPLE}, scaled); {peak / 2**20:.0f} MiB at most above its input"
    )


def main() -> None:
    """Compare both."""
    draw = np.random.default_rng(0)
    oracle, unlearned = (draw.standard_normal((100, POINTS), dtype=np.float32) for _ in range(2))
    compare("robust", one_point_robust, oracle, unlearned)
    compare("paper", one_point, oracle, unlearned)


if __name__ == "__main__":
    main()

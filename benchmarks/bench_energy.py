"""The energy score of 100 × 60,000 margins against 100 × 60,000, beside a plain loop over points. One run, ratios."""

import time
import tracemalloc

import numpy as np

from ascentcheck.empirics.scores.energy import energy_scores

POINTS, SAMPLE, REPEATS = 60_000, 600, 5


def one_point(x: np.ndarray, y: np.ndarray) -> float:
    """The energy distance as one would write it for one point, from the matrices of differences."""
    x, y = x.astype(float), y.astype(float)
    n, m = len(x), len(y)
    between = np.abs(x[:, None] - y).mean()
    return float(
        2 * between
        - np.abs(x[:, None] - x).sum() / (n * (n - 1))
        - np.abs(y[:, None] - y).sum() / (m * (m - 1))
    )


def main() -> None:
    """Time both in turns and print the ratio."""
    draw = np.random.default_rng(0)
    oracle, unlearned = (draw.standard_normal((100, POINTS), dtype=np.float32) for _ in range(2))
    whole, loop = [], []
    for _ in range(REPEATS):
        start = time.perf_counter()
        found = energy_scores(oracle, unlearned)
        whole.append(time.perf_counter() - start)
        start = time.perf_counter()
        expected = np.array([one_point(oracle[:, k], unlearned[:, k]) for k in range(SAMPLE)])
        loop.append((time.perf_counter() - start) * POINTS / SAMPLE)
    unit = (expected / found[:SAMPLE])[np.argmax(np.abs(expected))]
    assert np.allclose(found[:SAMPLE] * unit, expected, rtol=1e-9, atol=1e-12)
    assert np.isclose(unit, 2 / np.sqrt(np.pi), rtol=1e-2)
    tracemalloc.start()  # apart from the timing, which it would slow
    energy_scores(oracle, unlearned)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    ratio = np.median(np.array(loop) / np.array(whole))
    print(
        f"energy, 100 x {POINTS:,} against 100 x {POINTS:,}: {np.median(whole):.2f} s, {ratio:.0f} times a loop over "
        f"points (timed on {SAMPLE}, scaled); {peak / 2**20:.0f} MiB at most above its input"
    )


if __name__ == "__main__":
    main()

"""An α × ε map of 10⁶ pretrained and descent-ascent solutions against a loop over scipy.optimize.root.

Both sides solve the same equations in the same run, in turns; the loop is timed on a sample of the map, given
its Jacobian and the closed form of lemma 6 as a start. Printed: seconds per solution, the ratio (theirs/ours),
the largest relative difference where the loop converged, and how often it did not.
"""

import math
import time

import numpy as np
from scipy.optimize import root

from ascentcheck.theory.solvers.pair_floats import stationary

SIDE, SAMPLE, RUNS = 1000, 1500, 3
RETAIN, FORGET, RIDGE, GROUP = 900.0, 100.0, 0.05, 90.0
alpha, epsilon = np.meshgrid(np.linspace(0, FORGET / RETAIN, SIDE), np.linspace(0.001, 0.999, SIDE))
rng = np.random.default_rng(0)
chosen = rng.integers(0, SIDE * SIDE, SAMPLE)


def one(a: float, c: float, p: float, q: float) -> np.ndarray:
    def equations(z):
        r, f = a * math.exp(-z[0]), c * math.exp(-z[1])
        return (z[0] - p * r - q * f, z[1] - q * r - p * f)

    def jacobian(z):
        r, f = a * math.exp(-z[0]), c * math.exp(-z[1])
        return ((1 + p * r, q * f), (q * r, 1 + p * f))

    start = math.log1p(p * a)
    found = root(equations, (start, q / p * start), jac=jacobian, tol=1e-12)
    return found.x if found.success else np.full(2, np.nan)


def loop(da: bool) -> np.ndarray:
    sign, sizes = (-1, (RETAIN, FORGET)) if da else (1, (RETAIN + FORGET,) * 2)
    pairs = zip(alpha.ravel()[chosen], epsilon.ravel()[chosen], strict=True)
    return np.array(
        [
            one(GROUP / sizes[0] / RIDGE, sign * k * GROUP / sizes[1] / RIDGE, 1 + e * e, 2 * e)
            for k, e in pairs
        ]
    )


def main() -> None:
    for name, da in (("pretrained", False), ("descent-ascent", True)):
        ours, theirs = [], []
        for _ in range(RUNS):
            begin = time.perf_counter()
            x, y = stationary(RETAIN, FORGET, RIDGE, GROUP, alpha, epsilon, da)
            ours.append((time.perf_counter() - begin) / SIDE**2)
            begin = time.perf_counter()
            looped = loop(da)
            theirs.append((time.perf_counter() - begin) / SAMPLE)
        mine = np.stack([x.ravel()[chosen], y.ravel()[chosen]], axis=1)
        both = np.isfinite(looped).all(axis=1) & np.isfinite(mine).all(axis=1)
        difference = np.abs(looped - mine)[both].max(axis=1) / np.abs(mine)[both].max(axis=1)
        lost = np.isnan(looped).any(axis=1) & np.isfinite(mine).all(axis=1)
        print(
            f"{name:15s} ours {np.median(ours) * 1e6:7.3f} µs  root {np.median(theirs) * 1e6:8.2f} µs  "
            f"ratio {np.median(theirs) / np.median(ours):6.0f}×  difference {difference.max():.1e} "
            f"(of {both.sum()} points)  root failed on {lost.sum()} of {SAMPLE}, "
            f"no solution on {np.isnan(mine).any(axis=1).sum()}"
        )


if __name__ == "__main__":
    main()

"""W0 and W−1 on 10⁶ elements against scipy in the same run, and the worst error against balls.

Times are medians of interleaved runs, so that a busy machine slows both sides alike. The ratio is ours/theirs:
below 1 is faster. `wrightomega` is the peer of the log form for W0 only.
"""

import math
import time
from collections.abc import Callable

import numpy as np
from flint import arb, ctx
from scipy.special import lambertw, wrightomega

from ascentcheck.theory import lambert

SIZE, RUNS, CHECKED = 10**6, 5, 20_000
BELOW = -0.36787944117144233
rng = np.random.default_rng(0)


def powers(low: float, high: float) -> np.ndarray:
    return 10 ** rng.uniform(low, high, SIZE)


def w0(z: arb) -> arb:
    return z.lambertw(0)


def wm1(z: arb) -> arb:
    return z.lambertw(-1)


def neg_exp(x: arb) -> arb:
    return -x.exp()


def principal(z):
    return lambertw(z)


def lower(z):
    return lambertw(z, -1)


RANGES = (
    ("W0(z)", "branch point", lambert.lambert_w0, principal, w0, BELOW + powers(-12, -2)),
    ("W0(z)", "negative", lambert.lambert_w0, principal, w0, rng.uniform(-0.3678, 0, SIZE)),
    ("W0(z)", "moderate", lambert.lambert_w0, principal, w0, rng.uniform(0, 10, SIZE)),
    ("W0(z)", "huge", lambert.lambert_w0, principal, w0, powers(3, 308)),
    ("W0(z)", "tiny", lambert.lambert_w0, principal, w0, powers(-320, -3)),
    ("W-1(z)", "branch point", lambert.lambert_wm1, lower, wm1, BELOW + powers(-12, -2)),
    ("W-1(z)", "moderate", lambert.lambert_wm1, lower, wm1, rng.uniform(-0.3678, 0, SIZE)),
    ("W-1(z)", "tiny", lambert.lambert_wm1, lower, wm1, -powers(-320, -3)),
    (
        "W0(e^x)",
        "small",
        lambert.lambert_w0_exp,
        wrightomega,
        lambda x: w0(x.exp()),
        rng.uniform(-700, -20, SIZE),
    ),
    (
        "W0(e^x)",
        "moderate",
        lambert.lambert_w0_exp,
        wrightomega,
        lambda x: w0(x.exp()),
        rng.uniform(-20, 20, SIZE),
    ),
    ("W0(e^x)", "huge", lambert.lambert_w0_exp, wrightomega, lambda x: w0(x.exp()), powers(2, 14)),
    ("W0(-e^x)", "moderate", lambert.lambert_w0_neg_exp, None, lambda x: w0(neg_exp(x)), -1 - powers(-12, 2)),
    ("W-1(-e^x)", "all", lambert.lambert_wm1_exp, None, lambda x: wm1(neg_exp(x)), -1 - powers(-12, 14)),
    ("1+W0", "gap", lambert.one_plus_w0_gap, None, lambda s: 1 + w0(neg_exp(-1 - s)), powers(-15, 2)),
    ("1+W-1", "gap", lambert.one_plus_wm1_gap, None, lambda s: 1 + wm1(neg_exp(-1 - s)), powers(-15, 14)),
)


def seconds(function: Callable, values: np.ndarray) -> float:
    start = time.perf_counter()
    function(values)
    return time.perf_counter() - start


def worst_ulps(values: np.ndarray, arguments: np.ndarray, exact: Callable[[arb], arb]) -> float:
    worst = 0.0
    with ctx.workprec(240):
        for value, argument in zip(values.tolist(), arguments.tolist(), strict=True):
            truth = exact(arb(argument))
            worst = max(worst, float(abs(truth - value).upper()) / math.ulp(float(truth.mid())))
    return worst


print(
    f"{'function':10} {'range':14} {'ours ns':>8} {'scipy ns':>9} {'ratio':>6} {'worst ulp':>10} {'scipy ulp':>10}"
)
for name, where, ours, theirs, exact, values in RANGES:
    some = values[:CHECKED]
    error = worst_ulps(ours(some), some, exact)
    runs = [(seconds(ours, values), seconds(theirs, values) if theirs else math.nan) for _ in range(RUNS)]
    our_time, their_time = np.median(runs, axis=0) / SIZE * 1e9
    line = f"{name:10} {where:14} {our_time:8.1f}"
    if theirs:
        their_error = worst_ulps(np.real(theirs(some)), some, exact)
        line += f" {their_time:9.1f} {our_time / their_time:6.2f} {error:10.2f} {their_error:10.3g}"
    else:
        line += f" {'-':>9} {'-':>6} {error:10.2f} {'-':>10}"
    print(line, flush=True)

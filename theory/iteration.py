r"""Iterative descent-ascent on one coordinate: one descent step on R, then one ascent step on F (App. C.3, eq. 4).

With the pulls ρ = |R_j|/|R| and φ = α|R_j|/|F|, each step decaying the weight with ridge λ at rate η:

    h = w + η(ρe^{−w} − λw),   w⁺ = h − η(φe^{−h} + λh).

Everything here is about this exact map: its float form on arrays, and its fixed points in ball arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import arb, fmpq
from jaxtyping import Float

from ascentcheck.theory.expression import precision

Array = Float[np.ndarray, "*shape"]
BITS = 256
DEPTH = 200
DIGITS = 20


def step(w: Array, learning_rate: Array, ridge: Array, pull_retain: Array, pull_forget: Array) -> Array:
    """Return w⁺, shape of the broadcast inputs; eq. (4). A member that overflows becomes inf or nan."""
    with np.errstate(over="ignore", invalid="ignore"):
        half = w + learning_rate * (pull_retain * np.exp(-w) - ridge * w)
        return np.asarray(half - learning_rate * (pull_forget * np.exp(-half) + ridge * half))


def orbit(
    start: Array,
    steps: int,
    kept: int,
    learning_rate: Array,
    ridge: Array,
    pull_retain: Array,
    pull_forget: Array,
) -> Float[np.ndarray, "kept ..."]:
    """Return the last `kept` of `steps` iterates (of the two-step map) from `start`, on broadcast inputs."""
    w = np.asarray(start + 0 * (learning_rate + ridge + pull_retain + pull_forget))
    tail = np.empty((kept, *w.shape))
    for count in range(steps):
        w = step(w, learning_rate, ridge, pull_retain, pull_forget)
        if count >= steps - kept:
            tail[count - steps + kept] = w
    return tail


def with_momentum(
    start: Array,
    steps: int,
    momentum: float,
    learning_rate: Array,
    ridge: Array,
    pull_retain: Array,
    pull_forget: Array,
) -> Array:
    """Return where `steps` rounds of the two steps end with heavy-ball momentum, one velocity for both, 0 at first.

    The rate is scaled by 1 − momentum, so that a constant gradient moves w as far as without. Shape of the inputs.
    """
    w = np.asarray(start + 0 * (learning_rate + ridge + pull_retain + pull_forget))
    velocity, rate = np.zeros_like(w), learning_rate * (1 - momentum)
    for _ in range(steps):
        for pull in (pull_retain, -pull_forget):
            velocity = momentum * velocity + pull * np.exp(-w) - ridge * w
            w = w + rate * velocity
    return w


def with_batches(
    start: float,
    steps: int,
    batch: int,
    runs: int,
    learning_rate: float,
    ridge: float,
    pull_retain: float,
    pull_forget: float,
    seed: int = 0,
) -> Float[np.ndarray, " runs"]:
    """Return the mean of w over the second half of `steps` rounds with random batches, for each of `runs` runs.

    Of a batch of `batch` samples a binomial number lies on the coordinate, so that the pulls (both ≤ 1) are right on average.
    """
    draw = np.random.default_rng(seed)
    w, total = np.full(runs, start), np.zeros(runs)
    for count in range(steps):
        seen = [draw.binomial(batch, pull, runs) / batch for pull in (pull_retain, pull_forget)]
        w = w + learning_rate * (seen[0] * np.exp(-w) - ridge * w)
        w = w - learning_rate * (seen[1] * np.exp(-w) + ridge * w)
        if count >= steps // 2:
            total += w
    return np.asarray(total / (steps - steps // 2))


@dataclass(frozen=True)
class FixedPoint:
    """A fixed point of the map and its multiplier, the derivative of the map there; stable where |·| < 1."""

    w: arb
    multiplier: arb

    @property
    def kind(self) -> str:
        """The fate of an orbit that starts next to it."""
        if abs(self.multiplier) < 1:
            return "stable"
        return "unstable, orbits alternate" if self.multiplier < 0 else "unstable"


@dataclass(frozen=True)
class _Map:
    learning_rate: arb
    ridge: arb
    pull_retain: arb
    pull_forget: arb

    def drift(self, w: arb) -> arb:
        """Return (w⁺ − w)/η."""
        descent = self.pull_retain * (-w).exp() - self.ridge * w
        half = w + self.learning_rate * descent
        return descent - self.pull_forget * (-half).exp() - self.ridge * half

    def slope(self, w: arb) -> arb:
        """Return the derivative of the drift."""
        pulled = self.pull_retain * (-w).exp()
        half = w + self.learning_rate * (pulled - self.ridge * w)
        turn = 1 - self.learning_rate * (pulled + self.ridge)
        return -pulled - self.ridge + turn * (self.pull_forget * (-half).exp() - self.ridge)


def fixed_points(learning_rate: fmpq, ridge: fmpq, pull_retain: fmpq, pull_forget: fmpq) -> list[FixedPoint]:
    """Return every fixed point of the map, in rising order, each proved unique in its interval.

    Needs 0 < ηλ < 1, ρ > 0 and φ ≥ 0. All fixed points lie below W0(ρ/λ), where descent on R rests, and above
    −max(log(φ/(ρ(1 − ηλ))), −W₋₁(−ηρ)), each where it is positive: a fixed point w < 0 with h ≥ 0 has
    ρ(1 − ηλ)e^{−w} ≤ φ, and one with h < 0 has ηρe^{−w} < −w. Raises ArithmeticError where two fixed points
    are too close to tell apart.
    """
    with precision(BITS):
        exact = (learning_rate, ridge, pull_retain, pull_forget)
        chosen = _Map(*(arb(value) for value in exact))
        low = arb(0)
        if pull_forget > 0:
            low = low.min(-(arb(pull_forget / (pull_retain * (1 - learning_rate * ridge)))).log())
        product = arb(learning_rate * pull_retain)
        if product * arb(1).exp() < 1:
            low = low.min((-product).lambertw(-1))
        high = arb(pull_retain / ridge).lambertw(0)
        found: list[arb] = []
        _isolate(chosen, low - 1, high + 1, DEPTH, found)
        return [FixedPoint(w, 1 + chosen.learning_rate * chosen.slope(w)) for w in found]


def _isolate(chosen: _Map, low: arb, high: arb, depth: int, found: list[arb]) -> None:
    """Append the zeros of the drift between two points, from left to right."""
    box = low.union(high)
    # The mean-value form keeps narrow boxes sharp.
    middle = arb((low + high).mid() / 2)
    slope = chosen.slope(box)
    value = chosen.drift(middle) + slope * (box - middle)
    if not value.contains(0) or not chosen.drift(box).contains(0):
        return
    if not slope.contains(0):
        ends = [chosen.drift(end) for end in (low, high)]
        if all(not end.contains(0) for end in ends):
            if (ends[0] > 0) != (ends[1] > 0):
                found.append(_bisect(chosen, low, high, ends[0] > 0))
            return
    if depth == 0:
        raise ArithmeticError(f"the fixed points near {float(middle.mid()):.6g} cannot be told apart")
    # Off the middle, so that a zero of a symmetric problem does not sit on an end for ever.
    cut = arb((low * 17 / 32 + high * 15 / 32).mid())
    _isolate(chosen, low, cut, depth - 1, found)
    _isolate(chosen, cut, high, depth - 1, found)


def _bisect(chosen: _Map, low: arb, high: arb, left_positive: bool) -> arb:
    for _ in range(DEPTH):
        middle = arb(((low + high) / 2).mid())
        sign = chosen.drift(middle)
        if sign.contains(0):
            break
        if (sign > 0) == left_positive:
            low = middle
        else:
            high = middle
    return low.union(high)

r"""Iterative descent-ascent on one coordinate: one descent step on R, then one ascent step on F (App. C.3, eq. 4).

With the pulls ρ = |R_j|/|R| and φ = α|R_j|/|F|, each step decaying the weight with ridge λ at rate η:

    h = w + η(ρe^{−w} − λw),   w⁺ = h − η(φe^{−h} + λh).

Everything here is about this exact map: its float form on arrays, and its fixed points in ball arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, fmpq
from jaxtyping import Float

from ascentcheck.theory.expression import precision, rational_function
from ascentcheck.theory.roots import root

Array = Float[np.ndarray, "*shape"]
BITS = 256
MOST_BITS = 1 << 14


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
    r"""The map by its fixed points: those with D = κρe^{−w} − (1 + κ)λw > 0 and M = h + log D = log φ, κ = 1 − ηλ.

    There φe^{−h} = D, by w⁺ = w. In s = −w and E = e^s, M' > 0 says Q = B(κs − 1) − E(ηλκρ + ηρBs) − ηκρ²E² > 0 with
    B = (1 + κ)λ. Q is concave, so M falls, rises between its two zeros (if it has them), and falls again.
    """

    learning_rate: fmpq
    ridge: fmpq
    pull_retain: fmpq
    pull_forget: fmpq

    @property
    def kept(self) -> fmpq:
        return 1 - self.learning_rate * self.ridge

    def between(self, w: arb) -> arb:
        """Return h."""
        return self.kept * w + self.learning_rate * self.pull_retain * (-w).exp()

    def rest(self, w: arb) -> arb:
        """Return D, which is φe^{−h} at a fixed point."""
        return self.kept * self.pull_retain * (-w).exp() - (1 + self.kept) * self.ridge * w

    def level(self, w: arb) -> arb:
        """Return M − log φ."""
        return self.between(w) + self.rest(w).log() - arb(self.pull_forget).log()

    def level_slope(self, w: arb) -> arb:
        """Return M'."""
        pulled = self.kept * self.pull_retain * (-w).exp()
        fall = (pulled + (1 + self.kept) * self.ridge) / self.rest(w)
        return self.kept - self.learning_rate * self.pull_retain * (-w).exp() - fall

    def pace(self, w: arb) -> arb:
        """Return a slope for Newton's method: M', or where M > log φ the one that makes its step that of D − φe^{−h}."""
        level = self.level(w)
        if not level > 0:
            return self.level_slope(w)
        pulled = self.pull_retain * (-w).exp()
        fall = -self.kept * pulled - (1 + self.kept) * self.ridge
        at_rest = self.pull_forget * (-self.between(w)).exp()
        return level * (fall + at_rest * (self.kept - self.learning_rate * pulled)) / (self.rest(w) - at_rest)

    def rising(self, s: arb) -> arb:
        """Return Q."""
        grown, pull, b = s.exp(), self.pull_retain, (1 + self.kept) * self.ridge
        middle = self.learning_rate * pull * (self.ridge * self.kept + b * s)
        return b * (self.kept * s - 1) - grown * middle - self.learning_rate * self.kept * pull**2 * grown**2

    def rising_slope(self, s: arb) -> arb:
        """Return Q'."""
        grown, pull, b = s.exp(), self.pull_retain, (1 + self.kept) * self.ridge
        middle = self.learning_rate * pull * (self.ridge * self.kept + b * s + b)
        return b * self.kept - grown * middle - 2 * self.learning_rate * self.kept * pull**2 * grown**2

    def rising_bend(self, s: arb) -> arb:
        """Return Q''."""
        grown, pull, b = s.exp(), self.pull_retain, (1 + self.kept) * self.ridge
        middle = self.learning_rate * pull * (self.ridge * self.kept + b * s + 2 * b)
        return -grown * middle - 4 * self.learning_rate * self.kept * pull**2 * grown**2

    def multiplier(self, w: arb) -> arb:
        """Return the derivative of the map at a fixed point."""
        grown = self.learning_rate * self.pull_retain * (-w).exp()
        return (self.kept - grown) * (self.kept + self.learning_rate * self.rest(w))


@lru_cache(maxsize=1 << 10)
def fixed_points(learning_rate: fmpq, ridge: fmpq, pull_retain: fmpq, pull_forget: fmpq) -> list[FixedPoint]:
    """Return every fixed point of the map, in rising order, each proved unique in its interval.

    Needs 0 < ηλ < 1, ρ > 0 and φ ≥ 0. There are one, two or three. Raises ArithmeticError where two are too close
    together to tell whether they are there.
    """
    chosen = _Map(learning_rate, ridge, pull_retain, pull_forget)
    bits = BITS
    while bits <= MOST_BITS:
        with precision(bits):
            found = _found(chosen, bits)
            if found is not None and all(_sharp(w) for w in found):
                return [FixedPoint(w, chosen.multiplier(w)) for w in found]
        bits *= 2
    raise ArithmeticError("two fixed points of the iteration are too close together to be told apart")


class _OfFixedPoints(sp.Function):  # type: ignore[misc]
    """Something about the fixed points for a learning rate, a ridge and the two pulls, all rational."""

    nargs = 4

    @classmethod
    def of(cls, points: list[FixedPoint]) -> arb:
        """Return it."""
        raise NotImplementedError

    @classmethod
    def ball_rule(cls, expression: sp.Expr) -> Callable[[Any], arb]:
        """Return a function from exact points to it."""
        found = [rational_function(part) for part in expression.args]
        arguments = [part for part in found if part is not None]
        if len(arguments) < len(found):
            raise TypeError(f"{cls.__name__} needs rational arguments")
        return lambda point: cls.of(fixed_points(*(part(point) for part in arguments)))


class LowestPoint(_OfFixedPoints):
    """The lowest fixed point."""

    @classmethod
    def of(cls, points: list[FixedPoint]) -> arb:
        """Return its w."""
        return points[0].w


class LowestMultiplier(_OfFixedPoints):
    """The derivative of the map at the lowest fixed point."""

    @classmethod
    def of(cls, points: list[FixedPoint]) -> arb:
        """Return its multiplier."""
        return points[0].multiplier


class HowMany(_OfFixedPoints):
    """The number of fixed points."""

    @classmethod
    def of(cls, points: list[FixedPoint]) -> arb:
        """Return it."""
        return arb(len(points))


def _sharp(w: arb) -> bool:
    return bool(w.is_finite() and w.rel_accuracy_bits() > 80)


def _found(chosen: _Map, bits: int) -> list[arb] | None:
    """Return balls of all fixed points, or None where the working precision is too low."""
    # D is positive exactly below this point.
    highest = arb(chosen.kept * chosen.pull_retain / ((1 + chosen.kept) * chosen.ridge)).lambertw(0)
    if chosen.pull_forget == 0:
        return [highest]
    # M' < 0 for s ≥ end, where ηρe^s ≥ κ, and for s ≤ 1/κ.
    start = 1 / arb(chosen.kept)
    end = start.max((arb(chosen.kept) / arb(chosen.learning_rate * chosen.pull_retain)).log()) + 1
    turns, low, high = _turns(chosen, start, end, bits), _left_end(chosen, end), _right_end(chosen, highest)
    if turns is None or low is None:
        return None
    edges = [low, *turns, high]
    found = []
    for k, (first, last) in enumerate(pairwise(edges)):
        signs = [chosen.level(edge) for edge in (first, last)]
        if not all(sign > 0 or sign < 0 for sign in signs):
            return None
        if (signs[0] > 0) == (signs[1] > 0):
            continue
        w = root(chosen.level, chosen.pace, first, last, k == 1, bits // 2)
        if w is None:
            return None
        found.append(w)
    if chosen.level(high) > 0:
        found.append(high.union(highest))  # M falls to −∞ in between
    return found


def _turns(chosen: _Map, start: arb, end: arb, bits: int) -> list[arb] | None:
    """Return balls around the points where M stops falling and stops rising; [] where it only falls, None if unknown."""
    top = start.mid()
    if chosen.rising_slope(top) > 0:
        if chosen.rising_slope(end.mid()) > 0:
            return []
        found = root(chosen.rising_slope, chosen.rising_bend, top, end, False, bits // 2)
        if found is None:
            return None
        top = found.mid()
    if chosen.rising_slope(top) < 0 and chosen.rising(top) < 0:
        return []
    if chosen.rising(top) + abs(chosen.rising_slope(top)) * (end - start + 1) < 0:
        return []  # concave, so below its tangent next to the top
    low = start.lower()
    first = root(chosen.rising, chosen.rising_slope, low, top, True, bits // 2)
    second = root(chosen.rising, chosen.rising_slope, top, end, False, bits // 2)
    return None if first is None or second is None else [-second, -first]


def _left_end(chosen: _Map, end: arb) -> arb | None:
    """Return a point left of all fixed points, where M is above log φ and only falls."""
    step = end.upper()
    for _ in range(40):
        if chosen.level(-step) > 0:
            return -step
        step = 2 * step
    return None


def _right_end(chosen: _Map, highest: arb) -> arb:
    """Return a point below `highest`, where D vanishes, with M below log φ; or the nearest that was tried."""
    exponent = 4
    near = highest
    while exponent < highest.rel_accuracy_bits() - 8:
        near = (highest - abs(highest) * arb(2) ** -exponent).mid()
        if chosen.level(near) < 0:
            break
        exponent *= 2
    return near

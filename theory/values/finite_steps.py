"""The closest of the first thousand iterates of descent-ascent on one coordinate."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.bound import PROVED_ELSEWHERE
from ascentcheck.theory.check.decide import sign_at
from ascentcheck.theory.claim import Evaluation, Prints, Values
from ascentcheck.theory.claims.lemma_2 import z_retrained
from ascentcheck.theory.claims.lemma_3 import turning
from ascentcheck.theory.expression import W0, enclose, precision
from ascentcheck.theory.linear import simulated
from ascentcheck.theory.theorems.finite_steps import WITH_RATE, curvature, stability, w_da, w_pretrained
from ascentcheck.theory.values import on_coordinate
from ascentcheck.theory.vocabulary import alpha, learning_rate, n_forget, n_group, n_retain, ridge

MOST_STEPS, BITS, TOLD = 1000, (256, 4096), 60
"""How many steps are followed, with how many bits (more where the distance is not told to TOLD bits with fewer)."""


NOTHING = "w^R − w^D"
"""How far doing nothing is from the oracle."""


NO_STEP = "α ≥ α₁ and ηλ(1 + w^DA·e^{w^D − w^DA}) ≤ 2"


EARLY = tuple(f"max{{w^R − {w}, {w} − w^R}}" for w in ("w₁", "w₂"))
"""The distances of the first two iterates: where one is less than that of doing nothing, some step helps."""


EVERY_STEP = "α < α₁ and ηλ(1 + w^DA·e^{w^DA − w^D}) ≤ 1"


@dataclass(frozen=True)
class Orbit:
    """The first iterates from w^D, with the first step of least distance (0: none is closer) and what it gains."""

    start: arb
    oracle: arb
    iterates: list[arb]
    closest: int
    distance: arb
    gained: arb

    @property
    def told(self) -> bool:
        """Whether the least distance and what it gains are known to TOLD bits."""
        return self.closest == 0 or min(v.rel_accuracy_bits() for v in (self.distance, self.gained)) >= TOLD


def orbit(point: Mapping[sp.Symbol, fmpq], bits: int) -> Orbit:
    """Return the first MOST_STEPS iterates in balls of so many bits, fewer where one is no longer known to 12 digits."""
    with precision(bits):
        eta, lam = arb(point[learning_rate]), arb(point[ridge])
        force = arb(point[n_group] / point[n_retain] - point[alpha] * point[n_group] / point[n_forget])
        start, oracle = (enclose(w, point, bits // 4) for w in (w_pretrained, W0(z_retrained)))
        nothing = abs(start - oracle)
        at, best, step = start, nothing, 0
        iterates: list[arb] = []
        for _ in range(MOST_STEPS):
            at = at - eta * (lam * at - force * (-at).exp())
            if not at.rad() < (1 + abs(at)) * arb("1e-12"):
                break
            iterates.append(at)
            if abs(at - oracle) < best:
                best, step = abs(at - oracle), len(iterates)
        return Orbit(start, oracle, iterates, step, best, best - nothing)


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the closest of the first 1000 iterates; the conclusion is that none is closer than doing nothing.

    `stability` is η times the largest curvature, 2 at most in the theorem; `closest_step` is the first step of least distance,
    and `steps` how many were followed: fewer than 1000 where an iterate is no longer known to 12 digits.
    """
    few, many = BITS
    found = orbit(point, few)
    found = found if found.told else orbit(point, many)
    step = found.closest
    alike = point[alpha] * point[n_retain] == point[n_forget]
    at_once = fmpq(0) if alike and point[learning_rate] * point[ridge] == 1 else None
    turned = sign_at(alpha - turning, point)
    nothing = fmpq(0) if alike else enclose(sp.Abs(w_pretrained - W0(z_retrained)), point)
    first = (*found.iterates, None, None) if at_once is None else (at_once, at_once)
    hypotheses = on_coordinate.hypotheses(point) | {
        "alpha_at_least_turning": turned in (0, 1),
        "stable": sign_at(2 - stability, point) in (0, 1),
    }
    values = {
        "w_pretrained": found.start,
        "w_retrained": found.oracle,
        "w_da": fmpq(0) if alike else enclose(w_da, point),
        "w_first": first[0],
        "w_second": first[1],
        "stability": enclose(stability, point),
        "distance_nothing": nothing,
        "steps": len(found.iterates),
        "closest_step": step,
        "distance_closest": nothing if step == 0 else found.distance,
    }
    return Evaluation(hypotheses, values, step == 0, fmpq(0) if step == 0 else found.gained)


VALUES = Values(
    inputs=WITH_RATE,
    prints=(
        *on_coordinate.COUNTED,
        *on_coordinate.MINIMA,
        Prints("alpha_at_least_turning", "α ≥ α₁"),
        Prints("stable", "ηλ(1 + w^DA·e^{w^D − w^DA}) ≤ 2"),
        Prints("stability", "ηλ(1 + w^DA·e^{w^D − w^DA})"),
        Prints("w_first", "w₁"),
        Prints("w_second", "w₂"),
        Prints("distance_nothing", NOTHING),
        Prints("steps", PROVED_ELSEWHERE),
        Prints("closest_step", "0", NO_STEP),
        Prints("distance_closest", NOTHING, NO_STEP),
        Prints("margin", "0", NO_STEP),
        *(Prints("holds", "α ≥ α₁", where) for where in (NO_STEP, EVERY_STEP)),
        *(Prints("holds", f"{apart} ≥ {NOTHING}", f"{apart} < {NOTHING}") for apart in EARLY),
        *(Prints(name, PROVED_ELSEWHERE) for name in ("closest_step", "distance_closest", "margin", "holds")),
    ),
    evaluate=evaluate,
    simulate=partial(simulated.orbits, w_pretrained, W0(z_retrained), curvature),
)

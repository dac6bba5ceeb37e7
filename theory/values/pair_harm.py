"""Distances of the correlated pair, in weights, of doing nothing and of descent-ascent."""

from collections.abc import Mapping
from functools import partial

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.claim import Evaluation, Prints, Values
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.pair import DOMAIN, alpha_min_x, x_da, x_pretrained
from ascentcheck.theory.expression import enclose
from ascentcheck.theory.linear import simulated
from ascentcheck.theory.theorems.pair_harm import distance_da, distance_pretrained
from ascentcheck.theory.values import on_pair
from ascentcheck.theory.vocabulary import alpha, epsilon, n_forget, n_retain

NOTHING, AWAY = "‖w^D − w^R‖", "‖w^DA − w^R‖"


NAMES = ("x_pretrained", "y_pretrained", "x_retrained", "y_retrained", "x_da", "y_da")


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return both distances from the oracle; the conclusion is that descent-ascent ends at least as far as doing nothing."""
    hypotheses, found = on_pair.hypotheses(point), on_pair.values(point)
    values = {name: found[name] for name in NAMES}
    correlated = point[epsilon] > 0
    hypotheses["alpha_at_least_alpha_min_x"] = correlated and bool(
        on_pair.exact(alpha - alpha_min_x, point) >= 0
    )
    balanced = point[alpha] * point[n_retain] == point[n_forget]
    same = point[alpha] == 0 or (point[epsilon] == 1 and balanced)
    nothing = fmpq(0) if point[epsilon] == 1 and balanced else enclose(distance_pretrained, point)
    values |= {"distance_nothing": nothing}
    if found["x_da"] is None:
        return Evaluation(hypotheses, values | {"distance_da": None, "ratio": None}, None, None)
    away = fmpq(0) if point[alpha] == 0 else enclose(distance_da, point)
    hypotheses["x_pretrained_at_least_x_da"] = bool(enclose(x_pretrained - x_da, point) >= 0)
    margin = arb(away) - arb(nothing) if same else enclose(distance_da - distance_pretrained, point)
    ratio = None if nothing == 0 else arb(away) / arb(nothing)
    return Evaluation(hypotheses, values | {"distance_da": away, "ratio": ratio}, bool(margin >= 0), margin)


VALUES = Values(
    inputs=DOMAIN,
    prints=(
        *(part for part in on_pair.PRINTS if part.name in NAMES or part in on_pair.COUNTED),
        Prints("alpha_at_least_alpha_min_x", f"ε > 0 and α ≥ {pair.BOUND_TEXTS['alpha_min_x']}"),
        Prints("x_pretrained_at_least_x_da", "x^D ≥ x^DA", "real x^DA"),
        Prints("distance_nothing", NOTHING),
        Prints("distance_da", AWAY, "real x^DA"),
        Prints("ratio", "0", "α = 0"),
        Prints("ratio", f"{AWAY}/{NOTHING}", f"{NOTHING} > 0 and {AWAY} ≥ 0"),
        Prints("holds", f"{AWAY} ≥ {NOTHING}", "real x^DA"),
        Prints("margin", f"−{NOTHING}", "α = 0"),
        Prints("margin", AWAY, "ε = 1 and α = |F|/|R|"),
        Prints("margin", f"{AWAY} − {NOTHING}", "real x^DA"),
    ),
    equations=(
        *on_pair.EQUATIONS,
        f"(r^D + εφ^D − r^R)² + (εr^D + φ^D − εr^R)² + 1 = {NOTHING}² + 1",
        f"(r^DA + εφ^DA − r^R)² + (εr^DA + φ^DA − εr^R)² + 1 = {AWAY}² + 1",
    ),
    evaluate=evaluate,
    simulate=partial(simulated.pair_distances, distance_pretrained, distance_da),
)

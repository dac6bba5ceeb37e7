"""Gradient flow from w^D at a point: where its path leads, and the stop that is nearest to the oracle."""

from collections.abc import Mapping

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory import simulated
from ascentcheck.theory.claim import Evaluation, Prints, Simulation, Values
from ascentcheck.theory.claims.lemma_2 import DOMAIN, z_da, z_pretrained, z_retrained
from ascentcheck.theory.expression import W0, enclose
from ascentcheck.theory.values import on_coordinate
from ascentcheck.theory.values.lemma_3 import direction
from ascentcheck.theory.vocabulary import alpha, n_forget, n_retain


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the closest approach to the oracle along gradient flow from w^D; the conclusion is that no stop helps.

    `best_stop` is the place on the path nearest to the oracle and `distance_best` its distance; the margin is that
    distance less the distance of doing nothing, 0 where no stop helps.
    """
    values = on_coordinate.solutions(point)
    where = direction(point)
    same = where in ("away", "stays")
    balanced = point[alpha] * point[n_retain] == point[n_forget]
    reached = point[alpha] * point[n_retain] > point[n_forget]
    nothing: arb | fmpq = fmpq(0)
    if not balanced:
        nothing = enclose(sp.Abs(W0(z_retrained) - W0(z_pretrained)), point)
    best, distance = values["w_pretrained"], nothing
    if reached:
        best, distance = values["w_retrained"], fmpq(0)
    elif not same:
        best = values["w_da"]
        distance = fmpq(0) if point[alpha] == 0 else enclose(W0(z_retrained) - W0(z_da), point)
    margin = fmpq(0) if same else -nothing
    if not reached and not same:
        margin = enclose(W0(z_pretrained) - W0(z_da), point)
    paths = {"away": "away from the oracle", "stays": "stays at the pretrained model"}
    return Evaluation(
        on_coordinate.hypotheses(point) | {"da_minimum_exists": values["w_da"] is not None},
        {
            **{name: values[name] for name in ("w_pretrained", "w_retrained", "w_da")},
            "path": "past the oracle" if reached else paths.get(where, "toward the oracle"),
            "best_stop": best,
            "distance_nothing": nothing,
            "distance_best": distance,
        },
        same,
        margin,
    )


def simulate() -> Simulation:
    """Descend L_DA from w^D in orthogonal groups, one for each kind of path, and follow the distance to the oracle."""
    return simulated.descended(
        {
            "pretrained": on_coordinate.w_pretrained,
            "retrained": on_coordinate.w_retrained,
            "da": on_coordinate.w_da,
        }
    )


VALUES = Values(
    inputs=DOMAIN,
    evaluate=evaluate,
    prints=(
        *on_coordinate.COUNTED,
        *on_coordinate.MINIMA,
        Prints("da_minimum_exists", "α ≤ α₂"),
        Prints(
            "path",
            {
                "toward the oracle": "α < α₁",
                "stays at the pretrained model": "α = α₁",
                "away from the oracle": "α > α₁ and α ≤ α₀",
                "past the oracle": "α > α₀",
            },
        ),
        Prints("best_stop", "w^DA", "α < α₁"),
        Prints("best_stop", "w^D", "α ≥ α₁ and α ≤ α₀"),
        Prints("best_stop", "w^R", "α > α₀"),
        Prints("distance_nothing", on_coordinate.APART),
        Prints("distance_best", "w^R − w^DA", "α < α₁"),
        Prints("distance_best", "w^R − w^D", "α ≥ α₁ and α ≤ α₀"),
        Prints("distance_best", "0", "α > α₀"),
        Prints("holds", "α ≥ α₁ and α ≤ α₀"),
        Prints("margin", "w^D − w^DA", "α < α₁"),
        Prints("margin", "0", "α ≥ α₁ and α ≤ α₀"),
        Prints("margin", "w^R − w^D", "α > α₀"),
    ),
    simulate=simulate,
)

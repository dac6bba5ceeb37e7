"""Early stopping on one coordinate and on the correlated pair, against a path that is followed step by step."""

import re
from fractions import Fraction
from functools import lru_cache

import numpy as np
import pytest
from flint import fmpq

from ascentcheck.theory.claims import early_stopping, lemma_2
from ascentcheck.theory.linear.flow import follow
from ascentcheck.theory.linear.losses import LOSSES
from ascentcheck.theory.linear.problem import LinearProblem
from ascentcheck.theory.problem import correlated_pair, minimise
from ascentcheck.theory.values import on_coordinate

EXPONENTIAL = LOSSES["exponential"]
SIZES = {"n_retain": 900, "n_forget": 100, "n_group": 9}


def evaluated(alpha, ridge):
    names = {s.name: s for s in lemma_2.DOMAIN.symbols}
    values = {**SIZES, "alpha": Fraction(alpha), "ridge": Fraction(ridge)}
    return early_stopping.CLAIM.evaluate(
        {names[k]: fmpq(Fraction(v).numerator, Fraction(v).denominator) for k, v in values.items()}
    )


@pytest.mark.parametrize("alpha", ["0", "1/300", "1/100", "1/20", "1/10", "3/20", "1/2"])
def test_the_closest_approach_is_that_of_the_path(alpha):
    ridge = 0.01
    result = evaluated(alpha, "1/100")
    a = float(Fraction(alpha))
    inputs = [np.array(float(v)) for v in (900, 100, ridge, 9, a)]
    oracle, at = on_coordinate.w_retrained(*inputs), float(on_coordinate.w_pretrained(*inputs))
    nothing = closest = abs(at - float(oracle))
    for _ in range(20_000):
        at -= 0.05 * (-(9 / 900 - a * 9 / 100) * np.exp(-at) + ridge * at)
        closest = min(closest, abs(at - float(oracle)))
        if at < -20:
            break
    assert float(result.values["distance_best"]) == pytest.approx(closest, abs=2e-3)
    assert result.holds == (closest >= nothing - 1e-12)


FORGOTTEN = 20


def pair_ends(epsilon, ridge):
    problem = correlated_pair(100, FORGOTTEN, epsilon, ridge, ())
    return problem, minimise(problem, "pretrained"), minimise(problem, "retrained")


@lru_cache
def taken_away(epsilon, ridge):
    """Return which part of the way from w^D to the oracle the best stop of the flow of L_DA takes away."""
    problem, start, oracle = pair_ends(epsilon, ridge)
    linear = LinearProblem(problem.signed, np.ones(len(problem.signed)), problem.forget, EXPONENTIAL, ridge)
    nearest = follow(linear.descent_ascent(), start, oracle).nearest
    return 1 - nearest.distance / np.linalg.norm(start - oracle)


def taken_by_small_steps(epsilon, ridge):
    """As `taken_away`, by steps that are small beside the first one's best length, so that no stop is jumped over."""
    problem, at, oracle = pair_ends(epsilon, ridge)
    first = problem.gradient("da", at)
    rate = (at - oracle) @ first / (first @ first) / 500
    nothing = closest = np.linalg.norm(at - oracle)
    for _ in range(2000):
        at = at - rate * problem.gradient("da", at)
        closest = min(closest, np.linalg.norm(at - oracle))
    return 1 - closest / nothing


@pytest.mark.parametrize("ridge", [0.1, 10.0])
def test_on_the_correlated_pair_a_stop_helps_less_the_stronger_the_correlation(ridge):
    shares = [taken_away(epsilon, ridge) for epsilon in (0.0, 0.3, 0.5, 0.7, 0.95)]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] > 5e-4


@pytest.mark.parametrize(("epsilon", "ridge"), [(0.5, 0.1), (0.95, 0.1), (0.3, 10.0), (0.95, 10.0)])
def test_the_best_stop_on_the_pair_is_missed_by_no_step(epsilon, ridge):
    assert taken_away(epsilon, ridge) == pytest.approx(taken_by_small_steps(epsilon, ridge), rel=0.05)


def test_what_the_text_says_of_the_pair_is_what_the_flow_does():
    remark = early_stopping.CLAIM.statements[0].remark
    for ridge, told, at in (
        (0.1, "89%, 9% and 0.2% of the distance away at ε = 0, 0.7 and 0.95 for λ = 0.1", (0.0, 0.7, 0.95)),
        (10.0, "45%, 23%, 3% and 0.1% at ε = 0, 0.3, 0.7 and 0.95 for λ = 10", (0.0, 0.3, 0.7, 0.95)),
    ):
        assert told in remark
        taken = [100 * taken_away(epsilon, ridge) for epsilon in at]
        assert re.findall(r"[0-9.]+(?=%)", told) == [f"{part:.{0 if part > 1 else 1}f}" for part in taken]


def test_the_first_step_on_the_pair_leads_toward_the_oracle_where_it_is_farther_than_the_theorem_asks():
    problem, start, oracle = pair_ends(0.3, 10.0)
    apart, allowed = np.linalg.norm(start - oracle), FORGOTTEN / 120 * np.linalg.norm(start)
    assert apart == pytest.approx(0.015009, abs=1e-6)
    assert allowed == pytest.approx(0.014897, abs=1e-6)
    assert (start - oracle) @ problem.gradient("da", start) > 0

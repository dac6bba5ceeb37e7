"""Early stopping on one coordinate and on the correlated pair, against a path that is followed step by step."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq

from ascentcheck.theory.claims import early_stopping, lemma_2
from ascentcheck.theory.problem import correlated_pair, minimise
from ascentcheck.theory.values import on_coordinate

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


def closest_on_the_pair(epsilon, ridge, forget=20):
    """Return the least distance to the oracle over 8,000 steps of descent of L_DA from w^D, over that of w^D."""
    problem = correlated_pair(100, forget, epsilon, ridge, ())
    oracle, at = minimise(problem, "retrained"), minimise(problem, "pretrained")
    nothing = closest = np.linalg.norm(at - oracle)
    for _ in range(8000):
        at = at - 0.02 * problem.gradient("da", at)
        if not np.abs(at).max() < 30:
            break
        closest = min(closest, np.linalg.norm(at - oracle))
    return closest / nothing


def test_on_the_correlated_pair_a_stop_helps_less_the_stronger_the_correlation():
    shares = [closest_on_the_pair(epsilon, 0.1) for epsilon in (0.0, 0.3, 0.7, 0.95)]
    assert shares[:3] == pytest.approx([0.11, 0.49, 0.91], abs=0.01)
    assert shares[3] == 1
    assert closest_on_the_pair(0.3, 10) == 1

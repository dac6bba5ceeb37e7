"""The correlated pair: the vectorised solver against balls, and the thresholds of lemmas 9, 10 and 12."""

from fractions import Fraction

import numpy as np
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from ascentcheck.theory.claims import by_name, lemma_10, lemma_12, parallel_limit
from ascentcheck.theory.solvers.pair_floats import stationary
from ascentcheck.theory.values.on_pair import values
from ascentcheck.theory.vocabulary import alpha, epsilon, n_forget, n_group, n_retain, ridge

NAMES = (n_retain, n_forget, ridge, n_group, epsilon, alpha)


def _exact(point):
    return {symbol: fmpq(Fraction(v).numerator, Fraction(v).denominator) for symbol, v in point.items()}


def _point(*entries):
    return _exact(dict(zip(NAMES, entries, strict=True)))


def _parallel(*entries):
    names = (n_retain, n_forget, ridge, epsilon)
    return parallel_limit.CLAIM.evaluate(_exact(dict(zip(names, entries, strict=True)))).values


def _floats(point):
    retain, forget, ridge_, group, eps, alpha_ = (int(point[n].p) / int(point[n].q) for n in NAMES)
    return retain, forget, ridge_, group, alpha_, eps


def _relative(value, exact):
    return float(abs(arb(value) - exact) / abs(arb(exact)))


POINTS = st.tuples(
    st.integers(1, 500),
    st.integers(1, 500),
    st.integers(-6, 6).map(lambda k: Fraction(2) ** k),
    st.integers(1, 60),
    st.integers(1, 63).map(lambda k: Fraction(k, 64)),
    st.integers(1, 64).map(lambda k: Fraction(k, 32)),
)


@given(POINTS)
def test_the_vectorised_solver_agrees_with_balls(entries):
    point = _point(*entries)
    exact = values(point)
    x, y = stationary(*_floats(point))
    assert _relative(float(x), exact["x_pretrained"]) < 1e-13
    assert _relative(float(y), exact["y_pretrained"]) < 1e-13
    x, y = stationary(*_floats(point), da=True)
    assert np.isnan(float(x)) == (exact["x_da"] is None)
    if exact["x_da"] is not None:
        size = abs(arb(exact["x_da"])) + abs(arb(exact["y_da"]))
        # next to the fold the solution moves by the square root of a rounding error
        assert float(abs(arb(float(x)) - exact["x_da"]) / size) < 1e-6


@settings(max_examples=100)
@given(POINTS)
def test_at_the_exact_threshold_the_order_turns(entries):
    retain, forget, ridge_, group, eps, _ = entries

    def at(a):
        return lemma_10.CLAIM.evaluate(_point(retain, forget, ridge_, group, eps, a)).values

    exact = at(0)
    for name, threshold in (("x", exact["alpha_exact_x"]), ("y", exact["alpha_exact_y"])):
        if not 0 < threshold < 10**6:
            continue
        middle = Fraction(float(arb(threshold).mid()))
        below, above = (at(middle * Fraction(k, 1000)) for k in (999, 1001))
        assert below[f"{name}_retrained"] > below[f"{name}_pretrained"]
        assert above[f"{name}_retrained"] < above[f"{name}_pretrained"]


@settings(max_examples=100)
@given(POINTS)
def test_the_printed_thresholds_are_never_above_the_exact_ones_up_to_one(entries):
    found = lemma_10.CLAIM.evaluate(_point(*entries)).values
    assert not found["alpha_max_x"] > found["alpha_exact_x"]
    if found["alpha_max_y"] <= 1:
        assert not found["alpha_max_y"] > found["alpha_exact_y"]


def test_seven_fails_above_one_as_its_witness_says():
    found = lemma_10.CLAIM.evaluate(_exact(lemma_10.LARGE.point))
    assert found.hypotheses["alpha_at_most_alpha_max_x"]
    assert found.hypotheses["alpha_at_most_alpha_max_y"]
    assert found.holds is False
    assert found.values["y_pretrained"] > found.values["y_retrained"]


def test_the_order_of_the_pretrained_margins_turns_at_one():
    def at(a):
        return lemma_12.CLAIM.evaluate(_point(1000, 1000, 1, 100, Fraction(1, 2), a))

    assert at(Fraction(999, 1000)).holds
    assert at(1).holds
    assert at(1).margin == 0
    assert at(Fraction(1001, 1000)).holds is False


def test_a_da_of_two_parallel_samples_has_no_limit_for_a_small_ridge():
    e = Fraction(2718281828459045, 10**15)
    assert _parallel(2, 1, e * Fraction(999, 1000), 1)["limit"] is None
    assert _parallel(2, 1, e * Fraction(1001, 1000), 1)["limit"] is not None
    equal = _parallel(2, 2, Fraction(1, 10), Fraction(999, 1000))
    assert float(abs(arb(equal["difference"]) - equal["limit"])) < 0.01
    assert _relative(float(arb(equal["w_pretrained_printed"]).mid()), equal["w_1_pretrained"]) < 5e-4


def test_lemmas_10_and_12_are_evaluated_with_the_names_of_the_pair():
    point = _point(9, 1, Fraction(1, 10), 1, Fraction(1, 2), Fraction(1, 9))
    for claim in (by_name("lemma-10"), by_name("lemma-12")):
        found = claim.evaluate(point).values
        assert {"x_pretrained", "y_da", "x_retrained", "alpha_min", "alpha_max"} <= set(found)

"""`evaluate` of the theorems: what they say at a point is what the claims and the hypotheses say there."""

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from ascentcheck.theory.check.sampling import points
from ascentcheck.theory.claims import early_stopping, lemma_3
from ascentcheck.theory.expression import rational
from ascentcheck.theory.theorems import (
    all_coordinates,
    any_loss,
    finite_steps,
    first_step,
    npo,
    overshoot,
    pair_harm,
)
from ascentcheck.theory.vocabulary import alpha, learning_rate, n_forget, n_group, n_retain, ridge

FEW = settings(max_examples=40)


def at(**values):
    names = {s.name: s for s in (alpha, learning_rate, n_forget, n_group, n_retain, ridge, first_step.beta)}
    return {names[name]: rational(Fraction(value)) for name, value in values.items()}


ONE = {"n_retain": 2, "n_forget": 1, "ridge": 1, "n_group": 1}


@FEW
@given(points(lemma_3.DOMAIN))
def test_the_first_step_is_lemma_3_s_direction(point):
    found = first_step.evaluate(point | {first_step.beta: fmpq(1)})
    where = lemma_3.direction(point)
    if found.values["direction"] == "away":
        assert where == "away"
    elif found.values["direction"] == "toward":
        assert where in ("toward", "past", "none")
    parts = found.values["fine_tuning"], found.values["shrinkage"]
    assert parts[0] >= 0 or abs(parts[0]) < 1e-12


@FEW
@given(points(lemma_3.DOMAIN))
def test_npo_takes_the_path_of_early_stopping(point):
    if point[ridge] < fmpq(1, 1000):
        return
    mine, claims = npo.evaluate(point), early_stopping.evaluate(point)
    if point[alpha] * point[n_retain] * (2 * point[n_forget] + point[n_retain]) != point[n_forget] ** 2:
        assert (mine.values["path"], mine.holds) == (claims.values["path"], claims.holds)


def test_npo_rests_where_descent_ascent_has_nothing():
    found = npo.evaluate(at(**ONE | {"alpha": Fraction(3, 4), "ridge": Fraction(1, 100)}))
    assert found.values["w_da"] is None
    assert 0 < float(found.values["w_npo"].mid()) < float(found.values["w_retrained"].mid())


@FEW
@given(points(lemma_3.DOMAIN))
def test_the_logistic_loss_has_lemma_3_s_thresholds(point):
    found = any_loss.evaluate(point)
    apart = found.values["distance_da"] - found.values["distance_nothing"]
    if found.holds:
        assert apart >= 0 or abs(apart) < 1e-20
    else:
        assert apart < 0


@FEW
@given(points(overshoot.CLAIM.inputs))
def test_the_end_is_always_past_the_oracle(point):
    found = overshoot.evaluate(point)
    assert found.holds is None or found.holds
    assert found.hypotheses["minimum_exists"] == (found.holds is not None)


@FEW
@given(points(pair_harm.CLAIM.inputs))
def test_below_in_x_is_harm(point):
    found = pair_harm.evaluate(point)
    if found.holds is not None and found.hypotheses["x_pretrained_at_least_x_da"]:
        assert found.holds


def test_pair_harm_knows_equality_and_absence():
    symbols = pair_harm.CLAIM.inputs.symbols
    same = dict(zip(symbols, map(fmpq, (1, 1, 5, 1, 1, 1)), strict=True))
    assert pair_harm.evaluate(same).values["distance_nothing"] == 0
    none = same | {symbols[2]: fmpq(1, 1000), symbols[4]: fmpq(1, 2)}
    assert pair_harm.evaluate(none).holds is None


@settings(max_examples=15)
@given(points(finite_steps.CLAIM.inputs), st.integers(1, 20))
def test_no_stable_rate_helps(point, share):
    stability = finite_steps.evaluate(point | {learning_rate: fmpq(1)}).values["stability"]
    middle = fmpq(*stability.mid().man_exp()[:1]) * fmpq(2) ** int(stability.mid().man_exp()[1])
    chosen = point | {learning_rate: fmpq(2 * share, 20) / middle * fmpq(999, 1000)}
    found = finite_steps.evaluate(chosen)
    assert found.hypotheses["stable"]
    if found.hypotheses["alpha_at_least_turning"]:
        assert found.holds


def test_the_jump_beyond_the_limit():
    found = finite_steps.evaluate(at(**ONE | {"alpha": Fraction(1, 5), "learning_rate": Fraction(19, 10)}))
    assert not found.holds
    assert not found.hypotheses["stable"]
    assert found.values["closest_step"] == 2
    assert float(found.values["distance_closest"].mid()) == pytest.approx(0.0045, abs=1e-4)


@FEW
@given(points(all_coordinates.CLAIM.inputs))
def test_the_vector_below_the_threshold(point):
    found = all_coordinates.evaluate(point)
    if found.holds is not None and found.values["kappa_root_m"] <= 1:
        assert found.holds

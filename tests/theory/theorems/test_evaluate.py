"""`evaluate` of the theorems: what they say at a point is what the claims and the hypotheses say there."""

import itertools
import math
import re
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from ascentcheck.theory.check.misprinted import misprinted
from ascentcheck.theory.check.prints import PROVED_ELSEWHERE, printed_values
from ascentcheck.theory.check.texts import misread
from ascentcheck.theory.check.tried import tried_points
from ascentcheck.theory.claims import early_stopping, lemma_3
from ascentcheck.theory.console import UserError
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.evaluate import (
    as_json,
    evaluated,
    in_words,
    input_number,
    number,
    parse_number,
    parse_point,
    plain,
)
from ascentcheck.theory.expression import precision, rational
from ascentcheck.theory.solvers.logistic import solved
from ascentcheck.theory.theorems import (
    THEOREMS,
    all_coordinates,
    any_loss,
    finite_steps,
    first_step,
    npo,
    overshoot,
    pair_harm,
)
from ascentcheck.theory.values.lemma_3 import direction
from ascentcheck.theory.vocabulary import alpha, learning_rate, n_forget, n_group, n_retain, ridge
from tests.theory.draws import points

FEW = settings(max_examples=40)


def at(**values):
    names = {s.name: s for s in (alpha, learning_rate, n_forget, n_group, n_retain, ridge, first_step.beta)}
    return {names[name]: rational(Fraction(value)) for name, value in values.items()}


ONE = {"n_retain": 2, "n_forget": 1, "ridge": 1, "n_group": 1}


@FEW
@given(points(lemma_3.DOMAIN))
def test_the_first_step_is_lemma_3_s_direction(point):
    found = first_step.CLAIM.evaluate(point | {first_step.beta: fmpq(1)})
    where = direction(point)
    if found.values["direction"] == "away":
        assert where == "away"
    elif found.values["direction"] == "toward":
        assert where in ("toward", "past", "none")
    parts = found.values["fine_tuning"], found.values["shrinkage"]
    assert parts[0] >= 0 or abs(parts[0]) < 1e-12


def test_an_input_with_a_default_may_be_left_out():
    (theorem,) = (claim for claim in THEOREMS if claim.defaults)
    given = [f"{symbol}={1}" for symbol in theorem.inputs.symbols if symbol != first_step.beta]
    assert parse_point(theorem.inputs, given, defaults=theorem.defaults)[first_step.beta] == 1
    half = parse_point(theorem.inputs, [*given, "beta=1/2"], defaults=theorem.defaults)
    assert half[first_step.beta] == fmpq(1, 2)
    with pytest.raises(UserError, match="missing beta"):
        parse_point(theorem.inputs, given)


def test_texts_of_numbers_have_their_limits():
    long = "0." + "1" * 398
    assert parse_number("a", long) == Fraction(long)
    assert parse_number("a", "1e5000") == 10**5000
    assert parse_number("a", "2E-5000") == Fraction(2, 10**5000)
    assert parse_number("a", "-7/9") == Fraction(-7, 9)
    for text, why in (
        (long + "1", "is not a number"), ("1e5001", "beyond ±5000"), ("1e-5001", "beyond ±5000"),
        ("1/0", "divides by zero"), ("1 ", "is not a number"), ("x" * 50, f"= '{'x' * 40}' is not"),
    ):  # fmt: skip
        with pytest.raises(UserError, match=why):
            parse_number("a", text)


X, Y = sp.symbols("alpha ridge")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (Range(X, 0, sp.oo, True, True), "0 < alpha"),
        (Range(X, 0, sp.oo, False, True), "0 <= alpha"),
        (Range(X, -sp.oo, 1, True, False), "alpha <= 1"),
        (Range(X, -sp.oo, 1, True, True), "alpha < 1"),
        (Range(X, -1, 1, False, True), "-1 <= alpha < 1"),
        (Range(X, -sp.oo, sp.oo, True, True), "any real number"),
    ],
)
def test_ranges_in_words(part, words):
    assert in_words(part) == words


def test_points_are_read_name_by_name():
    domain = Domain((Range(X, 0, 1, True, False), Range(Y, 0, sp.oo, False, True)))
    kinds = {Y: ("no", "yes")}
    assert parse_point(domain, ["ridge=2", "alpha=1/2"]) == {Y: fmpq(2), X: fmpq(1, 2)}
    assert parse_point(domain, ["ridge=yes", "alpha=1"], words=kinds) == {Y: fmpq(1), X: fmpq(1)}
    assert parse_point(domain, ["alpha=1"], kinds, {Y: "no"}) == {X: fmpq(1), Y: fmpq(0)}
    for pairs, why in (
        (["alpha"], "'alpha' is not of the form name=value; names are alpha, ridge"),
        (["alfa=1"], r"unknown name 'alfa' \(did you mean alpha\?\); names are alpha, ridge"),
        (["zz=1"], "unknown name 'zz'; names are alpha, ridge"),
        (["alpha=1", "alpha=1"], "alpha is given twice"),
        (["alpha=1"], "missing ridge; write name=value for each of alpha, ridge"),
        (["alpha=0", "ridge=no"], "alpha = 0 is out of range; allowed is 0 < alpha <= 1"),
        (["alpha=1", "ridge=perhaps"], "ridge = 'perhaps' is unknown; allowed is no or yes"),
        (["alpha=1", f"ridge={'p' * 50}"], f"ridge = '{'p' * 40}' is unknown"),
    ):
        with pytest.raises(UserError, match=why):
            parse_point(domain, pairs, words=kinds)


def test_numbers_say_how_far_they_are_known():
    assert [number(value) for value in (7, fmpq(0), fmpq(1, 3), arb(0))] == [7, 0.0, 1 / 3, 0.0]
    assert type(number(fmpq(7))) is float
    assert number(arb("nan")) == number(arb("inf")) == "not known"
    ball = arb(1, arb(2) ** -45)
    assert ball.rel_accuracy_bits() == 44
    assert number(ball) == "not told from 1.00 ± 2.8e-14"
    assert number(arb(1, arb(2) ** -46)) == 1.0
    least = fmpq(1, 2**1022)
    assert number(least) == 2.0**-1022
    assert number(-least) == -(2.0**-1022)
    assert number(least * fmpq(1, 2)).startswith("1.11253692925360069")
    with precision(200):
        assert number(fmpq(10) ** 400) == "1.0000000000000000000e+400"


def test_values_of_an_evaluation_are_plain():
    nested = {"a": [fmpq(1, 2), None, (True, "text")], "b": {"c": arb(3), "d": 4}}
    assert plain(nested) == {"a": [0.5, None, [True, "text"]], "b": {"c": 3.0, "d": 4}}
    with pytest.raises(TypeError, match="float has no plain form"):
        plain(1.5)


def test_the_record_of_an_evaluation():
    claim = replace(lemma_3.CLAIM, words={alpha: ("none", "some")})
    point = {alpha: fmpq(1), ridge: fmpq(1, 10)}
    result = replace(lemma_3.CLAIM.evaluate(at(**ONE | {"alpha": 1})), holds=False, margin=fmpq(-1, 4))
    record = as_json(claim, point, result)
    assert record["claim"] == "lemma-3"
    assert record["inputs"] == {"alpha": "some", "ridge": 0.1}
    assert record["conclusion"] == {"holds": False, "margin": -0.25}
    assert record["values"] == plain(result.values)
    assert record["hypotheses"] == dict(result.hypotheses)

    def undecided(_):
        raise ArithmeticError("too near to tell")

    with pytest.raises(UserError, match="lemma-3 is not decided here: too near to tell"):
        evaluated(replace(claim, evaluate=undecided), point)


def test_whole_inputs_are_ints_as_far_as_every_float_is_one():
    for value, kind in ((2**53 - 1, int), (-(2**53) + 1, int), (2**53, float), (-(2**60), float)):
        found = input_number(fmpq(value))
        assert (found, type(found)) == (value, kind)


def test_what_is_beyond_floats_has_twenty_digits():
    with precision(200):
        assert number(fmpq(1, 3 * 10**400)) == "3.3333333333333333333e-401"


@FEW
@given(points(lemma_3.DOMAIN))
def test_npo_takes_the_path_of_early_stopping(point):
    mine, claims = npo.CLAIM.evaluate(point), early_stopping.CLAIM.evaluate(point)
    assert (mine.values["path"], mine.holds) == (claims.values["path"], claims.holds)


def test_npo_rests_where_descent_ascent_has_nothing():
    found = npo.CLAIM.evaluate(at(**ONE | {"alpha": Fraction(3, 4), "ridge": Fraction(1, 100)}))
    assert found.values["w_da"] is None
    assert 0 < float(found.values["w_npo"].mid()) < float(found.values["w_retrained"].mid())


@FEW
@given(points(lemma_3.DOMAIN))
def test_the_logistic_loss_has_lemma_3_s_thresholds(point):
    found = any_loss.CLAIM.evaluate(point)
    apart = found.values["distance_da"] - found.values["distance_nothing"]
    if found.holds:
        assert apart >= 0 or abs(apart) < 1e-20
    else:
        assert apart < 0


@FEW
@given(points(overshoot.CLAIM.inputs))
def test_the_end_is_always_past_the_oracle(point):
    found = overshoot.CLAIM.evaluate(point)
    assert found.holds is None or found.holds
    assert found.hypotheses["minimum_exists"] == (found.holds is not None)


@FEW
@given(points(pair_harm.CLAIM.inputs))
def test_below_in_x_is_harm(point):
    found = pair_harm.CLAIM.evaluate(point)
    if found.holds is not None and found.hypotheses["x_pretrained_at_least_x_da"]:
        assert found.holds


def test_pair_harm_knows_equality_and_absence():
    symbols = pair_harm.CLAIM.inputs.symbols
    same = dict(zip(symbols, map(fmpq, (1, 1, 5, 1, 1, 1)), strict=True))
    assert pair_harm.CLAIM.evaluate(same).values["distance_nothing"] == 0
    none = same | {symbols[2]: fmpq(1, 1000), symbols[4]: fmpq(1, 2)}
    assert pair_harm.CLAIM.evaluate(none).holds is None


@settings(max_examples=15)
@given(points(finite_steps.CLAIM.inputs), st.integers(1, 20))
def test_no_stable_rate_helps(point, share):
    stability = finite_steps.CLAIM.evaluate(point | {learning_rate: fmpq(1)}).values["stability"]
    middle = fmpq(*stability.mid().man_exp()[:1]) * fmpq(2) ** int(stability.mid().man_exp()[1])
    chosen = point | {learning_rate: fmpq(2 * share, 20) / middle * fmpq(999, 1000)}
    found = finite_steps.CLAIM.evaluate(chosen)
    assert found.hypotheses["stable"]
    if found.hypotheses["alpha_at_least_turning"]:
        assert found.holds


def test_the_jump_beyond_the_limit():
    found = finite_steps.CLAIM.evaluate(
        at(**ONE | {"alpha": Fraction(1, 5), "learning_rate": Fraction(19, 10)})
    )
    assert not found.holds
    assert not found.hypotheses["stable"]
    assert found.values["closest_step"] == 2
    assert float(found.values["distance_closest"].mid()) == pytest.approx(0.0045, abs=1e-4)


@FEW
@given(points(all_coordinates.CLAIM.inputs))
def test_the_vector_below_the_threshold(point):
    found = all_coordinates.CLAIM.evaluate(point)
    if found.holds is not None and found.values["kappa_root_m"] <= 1:
        assert found.holds


def names_of(claim):
    """Return what a theorem prints at the points where it is tried, apart from what has no formula anywhere."""
    free = {part.name for part in claim.prints if part.formula == PROVED_ELSEWHERE and not part.where}
    held = {part.name for part in claim.prints if part.formula != PROVED_ELSEWHERE}
    shown = {
        name
        for point in itertools.islice(tried_points(claim), 8)
        for name in printed_values(claim.evaluate(point))
    }
    assert shown <= held | free
    return sorted(held)


def falsified(claim, name):
    """Return a theorem whose `evaluate` prints one thing wrongly: a number 0.1% off, a condition or a word turned."""

    def wrong(value):
        if isinstance(value, bool):
            return not value
        if isinstance(value, arb | fmpq | int):
            return value * fmpq(1001, 1000) if value != 0 else fmpq(1, 1000)
        return "elsewhere" if isinstance(value, str) else value

    def evaluate(point):
        found = claim.evaluate(point)
        if name in ("holds", "margin"):
            return replace(found, **{name: wrong(getattr(found, name))})
        kind = "values" if name in found.values else "hypotheses"
        changed = {key: wrong(value) if key == name else value for key, value in getattr(found, kind).items()}
        return replace(found, **{kind: changed})

    return replace(claim, evaluate=evaluate)


@pytest.mark.parametrize("claim", THEOREMS, ids=lambda c: c.name)
def test_what_evaluate_prints_is_held_by_a_formula(claim):
    for name in names_of(claim):
        assert next(misprinted(falsified(claim, name)), None), name


FIGURES = [
    pytest.param(claim, k, id=f"{claim.name}-{quoted.text}")
    for claim in THEOREMS
    for k, quoted in enumerate(claim.quoted)
    if isinstance(quoted.stands_for, sp.Tuple)
]


def test_theorems_with_figures_in_their_texts_have_them_held():
    assert {part.values[0].name for part in FIGURES} == {
        "pair-harm",
        "any-loss",
        "all-coordinates",
        "finite-steps",
        "npo",
    }


@pytest.mark.parametrize(("claim", "k"), FIGURES)
def test_a_figure_in_a_text_is_held(claim, k):
    quoted = claim.quoted[k]
    assert not list(misread(replace(claim, quoted=(quoted,))))
    moved = sp.Tuple(*quoted.stands_for[:-1], quoted.stands_for[-1] * sp.Rational(103, 100))
    assert list(misread(replace(claim, quoted=(replace(quoted, stands_for=moved),))))
    other = re.sub(r"\.(\d)", lambda found: f".{(int(found[1]) + 1) % 10}", quoted.text, count=1)
    assert list(misread(replace(claim, quoted=(replace(quoted, text=other),))))


def test_the_logistic_solution_solves_its_equation_for_arguments_of_every_size():
    for text in ("1e-300", "-1e-300", "1/3", "3", "-7", "1e300", "-1e300"):
        z = rational(Fraction(text))
        w = solved(z)
        assert w.rel_accuracy_bits() > 60
        with precision(256):
            assert abs(w * (1 + w.exp()) / z - 1) < arb("1e-15")


def test_npo_rests_at_the_first_place_for_weights_of_every_size():
    found = npo.CLAIM.evaluate(at(**ONE | {"alpha": "1/5", "ridge": "1e300"}))
    assert found.values["w_npo"].rel_accuracy_bits() > 50
    assert found.values["w_npo"] < found.values["w_pretrained"]
    far = npo.CLAIM.evaluate(at(**ONE | {"alpha": "1/5", "n_retain": "1e300", "ridge": "1e300"}))
    assert far.values["w_npo"] < 0


def test_an_orbit_is_told_where_it_comes_next_to_the_oracle():
    for share in ("0", "1e-300", "0.12499999999999999999999999999"):
        found = finite_steps.CLAIM.evaluate(at(**ONE | {"alpha": share, "learning_rate": "1/2"}))
        assert not found.holds
        assert found.values["distance_closest"].rel_accuracy_bits() > 50
        assert found.margin.rel_accuracy_bits() > 50
        assert found.margin < 0


def test_npo_rests_at_the_first_place_for_ridges_of_every_size():
    for ridge_, share in itertools.product(("1e-300", "1/100", "100"), ("1/10", "1/8", "1/5", "3")):
        found = npo.CLAIM.evaluate(at(**ONE | {"alpha": share, "ridge": ridge_}))
        assert found.values["w_npo"].rel_accuracy_bits() > 50
        climbed = found.values["w_npo"] > found.values["w_pretrained"]
        assert climbed == (Fraction(share) < Fraction(1, 8))


@FEW
@given(points(overshoot.CLAIM.inputs))
def test_the_end_is_off_by_what_the_remainder_allows(point):
    values = overshoot.CLAIM.evaluate(point).values
    if values["remainder_bound"] is not None:
        assert not values["remainder"] > values["remainder_bound"]


def test_noise_on_the_way_can_bring_every_draw_nearer():
    sizes = at(**ONE | {"alpha": "1/8"})
    start, oracle = (
        float(npo.CLAIM.evaluate(sizes).values[name].mid()) for name in ("w_pretrained", "w_retrained")
    )
    for noise in (0.2, -0.2):
        moved = start + noise
        moved -= 0.78 * (moved - 3 / 8 * math.exp(-moved))
        assert abs(moved - oracle) < abs(start - oracle) - 0.004

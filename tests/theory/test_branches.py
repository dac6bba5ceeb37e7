"""Every case of a printed value is met by a point, and a printed 0 is one: each check objects to something false."""

from dataclasses import replace

import pytest
from flint import arb, fmpq

from ascentcheck.theory.check.branches import branches, conclusions
from ascentcheck.theory.check.conditions import AllOf, AnyOf, Real, Whole, condition
from ascentcheck.theory.check.floats import unneeded
from ascentcheck.theory.check.misprinted import misprinted
from ascentcheck.theory.check.prints import _valued as valued
from ascentcheck.theory.check.prints import parts, printed_values, unsolved_at
from ascentcheck.theory.check.tried import at_equality, simplest, tried_points
from ascentcheck.theory.check.zero import vanishes
from ascentcheck.theory.claim import Prints
from ascentcheck.theory.claims import by_name, pair
from ascentcheck.theory.domain import Range
from ascentcheck.theory.expression import Place, enclose
from ascentcheck.theory.printed import read
from ascentcheck.theory.vocabulary import alpha, epsilon, n_forget, n_group, n_retain, ridge

HERE = {n_retain: 2, n_forget: 1, ridge: 1, n_group: 1, epsilon: fmpq(1, 2), alpha: 1}


def place(**values):
    return Place({symbol: fmpq(values.get(symbol.name, value)) for symbol, value in HERE.items()})


def with_margin(claim, formula, where=""):
    kept = tuple(part for part in claim.prints if part.name != "margin")
    return replace(claim, prints=(*kept, Prints("margin", formula, where)))


def test_a_part_of_a_minimum_that_is_never_the_smallest_is_told():
    claim = by_name("lemma-6")
    wrong = with_margin(claim, "min{x^R − y^R, x^R − y^R + 1}")
    assert list(misprinted(claim)) == []
    assert any("at no point" in problem and "is the smallest" in problem for problem in misprinted(wrong))


def test_a_case_that_never_occurs_is_told():
    claim = by_name("lemma-6")
    never = Prints("margin", "x^R", "α < 0")
    wrong = replace(claim, prints=(never, *claim.prints))
    assert any("margin is x^R where α < 0" in problem for problem in misprinted(wrong))


def test_a_condition_of_which_a_part_never_decides_is_told():
    claim = by_name("lemma-3")
    wrong = replace(claim, prints=(*claim.prints, Prints("extra", "α ≥ 0 and α ≤ |F|/|R|")))

    def evaluate(point):
        found = claim.evaluate(point)
        extra = bool(point[alpha] * point[n_retain] <= point[n_forget])
        return replace(found, hypotheses={**found.hypotheses, "extra": extra})

    said = [problem for problem in misprinted(replace(wrong, evaluate=evaluate)) if "extra" in problem]
    assert len(said) == 1
    assert "alpha >= 0" in said[0]


def test_conclusions_may_have_parts_that_follow_from_others():
    claim = by_name("lemma-9")
    told = parts(claim)
    assert not any(branch.says.startswith("holds:") for branch in branches(told))


@pytest.mark.parametrize(
    ("value", "at", "says"),
    [
        (fmpq(0), {}, ""),
        (fmpq(0), {"alpha": 1 + fmpq(1, 2**300)}, "which is not 0"),
        (arb(0, 1e-30), {}, "exactly 0"),
        (arb(0, 1e-30), {"alpha": 1 + fmpq(1, 2**300)}, "which is not 0"),
    ],
)
def test_a_printed_zero_is_exactly_that(value, at, says):
    said = valued(value, pair.x_pretrained - pair.y_pretrained, place(**at), "x^D − y^D")
    assert says in said
    assert bool(said) == bool(says)


def test_the_length_of_what_vanishes_is_zero_and_that_of_what_does_not_is_not():
    claim = by_name("lemma-8")
    letters = claim.letters | {"A": pair.x_pretrained - pair.x_da, "B": pair.y_pretrained - pair.y_da}
    length = read("√(A² + B²)", letters)
    equal = place(epsilon=1, ridge=fmpq(1, 3), alpha=fmpq(1, 8))
    assert not enclose(length, equal, most_bits=512).is_finite()
    assert valued(fmpq(0), length, equal, "") == ""
    assert "which is not 0" in valued(
        fmpq(0), length, place(epsilon=1, ridge=fmpq(1, 3), alpha=fmpq(1, 9)), ""
    )


def test_two_balls_around_zero_solve_no_equation():
    difference = pair.x_pretrained - pair.y_pretrained
    text = {"A = B": read("A = B", {"A": difference, "B": 2 * difference})}
    assert list(unsolved_at(text, place())) == []
    assert list(unsolved_at(text, place(alpha=1 + fmpq(1, 2**300)))) != []


def test_conditions_are_read_as_they_are_written():
    letters = by_name("lemma-3").letters
    whole = condition("whole |R|, α", lambda text: read(text, letters))
    assert whole == Whole((n_retain, alpha))
    joined = condition("real ln α and α > 1 or α < 0", lambda text: read(text, letters))
    assert isinstance(joined, AnyOf)
    assert isinstance(joined.parts[0], AllOf)
    assert isinstance(joined.parts[0].parts[0], Real)
    assert joined.holds(place(alpha=2)) is True
    assert joined.holds(place(alpha=0)) is False


def test_a_float_form_that_is_not_compared_where_it_is_as_exact_is_told():
    claim = by_name("lemma-6")
    form = next(form for form in claim.float_forms if form.name == "y_retrained")
    assert list(unneeded(form, claim.inputs)) == []
    narrower = replace(form, domain=form.domain.restrict(epsilon, low_open=True))
    assert any("epsilon need not end at 0" in said for said in unneeded(narrower, claim.inputs))
    wanted = by_name("lemma-9").float_forms[0]
    assert Range(epsilon, 0, 1, low_open=True) in wanted.domain.ranges
    assert list(unneeded(wanted, by_name("lemma-9").inputs)) == []


def test_the_simplest_number_between_two_is_found():
    for low, high, meant in (
        (fmpq(333, 1000), fmpq(334, 1000), fmpq(1, 3)),
        (fmpq(-5, 2), fmpq(-7, 3), fmpq(-5, 2)),
        (fmpq(19, 10), fmpq(21, 10), fmpq(2)),
        (fmpq(1, 8) - fmpq(1, 2**50), fmpq(1, 8) + fmpq(1, 2**51), fmpq(1, 8)),
    ):
        assert simplest(low, high) == simplest(high, low) == meant


def test_a_conclusion_that_turns_at_a_plain_number_is_tried_there():
    claim = by_name("lemma-9")
    found = at_equality(conclusions(parts(claim)), list(tried_points(claim)), claim.inputs)
    equal = [point for point in found if vanishes(pair.x_pretrained - pair.x_da, point)]
    assert any(point[epsilon] == 1 and point[alpha] != 0 for point in equal)


def test_names_of_lists_are_flat():
    found = by_name("lemma-8").evaluate(place(alpha=fmpq(1, 10)))
    assert "da_stationary_points.1.x" in printed_values(found)

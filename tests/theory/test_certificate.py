"""Covers: true relations are covered and replayed; false ones and tampered certificates are refused."""

from dataclasses import replace

import pytest
import sympy as sp

from ascentcheck.theory.check.certificate import NotCoveredError, load, objection, save, search
from ascentcheck.theory.check.decide import decide
from ascentcheck.theory.check.replay import Certificate, digest, lower_bounds, replay
from ascentcheck.theory.claim import Proposition
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import W0

x, y = sp.symbols("x y", real=True)
SQUARE = Domain((Range(x, 0, 2), Range(y, 0, 2)))
TRUE = Proposition(sp.Gt(sp.exp(x * y) + sp.Rational(1, 10), 1 + x * y, evaluate=False), SQUARE)
WITH_W = Proposition(
    sp.Gt(W0(x) + sp.Rational(1, 50), x / (1 + x), evaluate=False), Domain((Range(x, 0, 3),))
)
FALSE = Proposition(sp.Gt(sp.exp(x) + sp.exp(-y), 2 - sp.Rational(1, 100), evaluate=False), SQUARE)


@pytest.mark.parametrize("proposition", [TRUE, WITH_W])
def test_a_true_relation_is_covered_and_replayed(proposition):
    certificate = search(proposition)
    assert certificate.boxes > 1
    assert replay(certificate, proposition) == ""


def test_a_false_relation_is_not_covered():
    with pytest.raises(NotCoveredError, match="false at"):
        search(FALSE)


def test_an_equality_point_runs_out_of_boxes():
    tight = Proposition(sp.Gt(sp.exp(x), 1 + x, evaluate=False), Domain((Range(x, 0, 1),)))
    with pytest.raises(NotCoveredError):
        search(tight, most_boxes=200)


def test_tampering_is_found():
    certificate = search(TRUE)
    cuts = certificate.cuts
    first_leaf = cuts.index(-1)
    tampered = [
        replace(certificate, cuts=(-1,)),
        replace(certificate, cuts=cuts[:-1]),
        replace(certificate, cuts=(*cuts, -1)),
        replace(certificate, cuts=(*cuts[:first_leaf], 7, *cuts[first_leaf + 1 :])),
        replace(certificate, digest="0" * 64),
    ]
    for wrong in tampered:
        assert replay(wrong, TRUE) != ""


def test_a_leaf_holds_by_its_own_form():
    certificate = search(TRUE)
    by_mean_value = [k for k, cut in enumerate(certificate.cuts) if cut == -2]
    assert by_mean_value
    for k in by_mean_value:
        plain = replace(certificate, cuts=(*certificate.cuts[:k], -1, *certificate.cuts[k + 1 :]))
        assert "not proved" in replay(plain, TRUE)
        unknown = replace(certificate, cuts=(*certificate.cuts[:k], -3, *certificate.cuts[k + 1 :]))
        assert "2 forms" in replay(unknown, TRUE)


@pytest.mark.parametrize(
    ("left", "right", "low", "high"),
    [
        (sp.log(x), sp.log(x) - 1, -2, -1),
        (sp.log(x), sp.log(x) - 1, 0, 1),
        (1 / x, 1 / x - 1, -1, 1),
        (W0(x), W0(x) - 1, -1, 0),
        (sp.Max(1, sp.log(x)), 0, -2, -1),
    ],
)
def test_a_leaf_holds_where_both_sides_are_defined(left, right, low, high):
    """What is left of the difference, or of a max, is above 0 everywhere."""
    for ends, proved in (((low, high), False), ((1, 2), True)):
        claim = Proposition(sp.Gt(left, right, evaluate=False), Domain((Range(x, *ends),)))
        for form in (-1, -2):
            found = replay(Certificate(digest(claim), (form,)), claim)
            assert (found == "") == proved, found


def test_an_argument_in_the_place_of_a_max_is_a_lower_bound_and_of_a_min_is_not():
    difference = sp.Max(x, y) - sp.Min(x, 1 - y) + sp.Min(x**2, y)
    kept = sp.Min(x**2, y)
    assert set(lower_bounds(difference)) == {a - b + kept for a in (x, y) for b in (x, 1 - y)}
    for bound in lower_bounds(difference):
        for point in SQUARE.points(30):
            assert decide(sp.Ge(difference, bound, evaluate=False), point) is not False


def test_what_is_stored_is_replayed_and_where_asked_found_anew(tmp_path, monkeypatch):
    monkeypatch.setattr("ascentcheck.theory.check.certificate.FOLDER", tmp_path)
    true, false = replace(TRUE, certificate="trial"), replace(FALSE, certificate="trial")
    assert "No such file" in objection(true)
    save("trial", search(TRUE))
    assert objection(true) == objection(true, anew=True) == ""
    assert "another statement" in objection(false)
    assert "false at" in objection(false, anew=True)
    save("trial", replace(search(TRUE), cuts=(-1,)))
    assert "not proved" in objection(true, anew=True)


def test_a_certificate_proves_only_its_own_statement():
    certificate = search(TRUE)
    assert "another statement" in replay(certificate, FALSE)
    wider = replace(TRUE, domain=Domain((Range(x, 0, 3), Range(y, 0, 2))))
    assert "another statement" in replay(certificate, wider)


def test_storing_keeps_the_cuts(tmp_path, monkeypatch):
    monkeypatch.setattr("ascentcheck.theory.check.certificate.FOLDER", tmp_path)
    certificate = search(WITH_W)
    save("trial", certificate)
    assert load("trial") == certificate
    (tmp_path / "trial.json").write_text('{"digest": "x", "cuts": "!!"}')
    with pytest.raises(ValueError, match="cannot be read"):
        load("trial")


def test_only_strict_relations_on_rational_boxes_are_taken():
    with pytest.raises(ValueError, match="lhs > rhs"):
        search(Proposition(sp.Ge(x, 0, evaluate=False), SQUARE))
    with pytest.raises(ValueError, match="no rational"):
        search(Proposition(sp.Gt(x, -1, evaluate=False), Domain((Range(x),))))

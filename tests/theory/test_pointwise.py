"""What is decided at a point is compared with what is stored: each part of it can object."""

from dataclasses import replace
from fractions import Fraction

import sympy as sp

from ascentcheck.theory.check import pointwise
from ascentcheck.theory.claims import CLAIMS, by_name
from ascentcheck.theory.theorems import THEOREMS
from ascentcheck.theory.vocabulary import alpha


def _with(claim, **changes):
    """Return lemma-3 with its main text's sentence changed."""
    changed = [replace(s, **changes) if s.name == "main-text-range" else s for s in claim.statements]
    return replace(claim, statements=tuple(changed))


def test_everything_is_stored_as_it_is():
    for claim in (*CLAIMS, *THEOREMS):
        assert list(pointwise.objections(claim)) == []


def test_another_formula_that_the_same_point_refutes_is_told_by_its_value():
    claim = by_name("lemma-3")
    printed = next(s for s in claim.statements if s.name == "main-text-range").printed[0]
    twice = sp.Ge(2 * printed.relation.lhs, 0, evaluate=False)
    (problem,) = pointwise.objections(_with(claim, printed=(replace(printed, relation=twice),)))
    assert "a side is" in problem
    assert "is stored" in problem


def test_another_range_is_told():
    claim = by_name("lemma-3")
    printed = next(s for s in claim.statements if s.name == "main-text-range").printed[0]
    wider = replace(printed, domain=printed.domain.restrict(alpha, high=sp.oo))
    (problem,) = pointwise.objections(_with(claim, printed=(wider,)))
    assert "ranges" in problem or "range" in problem


def test_another_relation_with_the_same_sides_is_told():
    claim = by_name("lemma-3")
    printed = next(s for s in claim.statements if s.name == "main-text-range").printed[0]
    strict = replace(printed, relation=sp.Gt(*printed.relation.args, evaluate=False))
    (problem,) = pointwise.objections(_with(claim, printed=(strict,)))
    assert "relation" in problem


def test_another_point_is_told():
    claim = by_name("lemma-3")
    witness = next(s for s in claim.statements if s.name == "main-text-range").witness
    moved = replace(witness, point={**witness.point, alpha: Fraction(1, 100)})
    (problem,) = pointwise.objections(_with(claim, witness=moved))
    assert "another point" in problem


def test_a_refutation_that_is_gone_or_new_is_told():
    claim = by_name("lemma-3")
    fewer = replace(claim, necessity=())
    assert any("of nothing in the claim" in problem for problem in pointwise.objections(fewer))
    renamed = replace(claim.necessity[0], hypothesis="another")
    assert any("nothing is stored" in p for p in pointwise.objections(replace(claim, necessity=(renamed,))))

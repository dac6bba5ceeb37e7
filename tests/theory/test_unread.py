"""A formula in a text is what the claim has, or it is listed: `verify` objects to a text that is falsified, of every kind."""

import cmath
from dataclasses import fields, is_dataclass, replace

import pytest
import sympy as sp

from ascentcheck.theory.check import generic
from ascentcheck.theory.check.bound import unbound
from ascentcheck.theory.check.said import formulas, said
from ascentcheck.theory.check.unread import superfluous, unread
from ascentcheck.theory.claim import Erratum, Necessity, Proposition, Reading, Statement, Step, Witness
from ascentcheck.theory.claims import CLAIMS, by_name
from ascentcheck.theory.expression import W0, Wm1
from ascentcheck.theory.theorems import THEOREMS
from ascentcheck.theory.vocabulary import alpha, epsilon

FALSE = [
    ("lemma-9", "differ by (1 − ε)²(r' − r + φ + φ')", "differ by (1 + ε)²(r' − r + φ + φ')"),  # a step
    ("lemma-10", "x^R − x^D is (1 − ε)²", "x^R − x^D is (1 + ε)²"),  # a remark
    ("lemma-9", "(y^D − y^DA) − (x^D − x^DA) is (1 − ε)²", "(y^D − y^DA) − (x^D − x^DA) is (1 + ε)²"),
    ("lemma-3", "w^D < w^DA below α₁", "w^D > w^DA below α₁"),  # what a proposition says
    ("lemma-11", "ten copies of one coin count as one coin, and 1 ≤ 2e^{−2nt²}", "and 1 ≤ 2e^{−2nt}"),
    (
        "da-farthest",
        "exactly for α > |F|²/(|R|(|F|+|D|))",
        "exactly for α > |F|²/(|R|(|R|+|D|))",
    ),  # a summary
    ("lemma-5", "For α ≥ |F|/|R| the DA", "For α ≤ |F|/|R| the DA"),  # an idea
    ("lemma-7", "y^D ≤ b(2ε + α(1+ε²))e^{−y^D}", "y^D ≤ b(2ε − α(1+ε²))e^{−y^D}"),  # an erratum's replacement
    ("lemma-9", "α = 2 > 1 = (1+ε²)", "α = 2 > 5/4 = (1+ε²)"),  # the words of a witness
    ("iterative-da", "W(250) = 4.1…", "W(250) = 4.0…"),
    ("lemma-4", "W(−1/4) = −0.357…", "W(−1/4) = −0.358…"),
    ("early-stopping", "for α = |F|/|R| any method", "for α = |F|/|D| any method"),  # a reading
    ("corollary-1", "below ln(1/δ) for every ridge", "below ln(2/δ) for every ridge"),
    ("lemma-12", "w_i is 0.331 for", "w_i is 0.313 for"),
    ("first-step", "z^R − z^D = |F|/|D|·z^D", "z^R − z^D = |F|/|R|·z^D"),  # a theorem
]
PARTS = (Erratum, Necessity, Proposition, Reading, Statement, Step, Witness)


def told_otherwise(part, before, after):
    """Return a part of a claim with another text; what the paper prints stays."""
    if isinstance(part, str):
        return part.replace(before, after)
    if isinstance(part, tuple):
        return tuple(told_otherwise(each, before, after) for each in part)
    if not (is_dataclass(part) and isinstance(part, PARTS)):
        return part
    kept = {"reads", "where", "name", "origin", "quote"} | (
        {"printed"} if isinstance(part, Erratum) else set()
    )
    return replace(
        part,
        **{
            field.name: told_otherwise(getattr(part, field.name), before, after)
            for field in fields(part)
            if field.name not in kept
        },
    )


@pytest.mark.parametrize(("name", "before", "after"), FALSE)
def test_a_falsified_text_is_objected_to(name, before, after):
    claim = next(c for c in (*CLAIMS, *THEOREMS) if c.name == name)
    wrong = replace(
        claim,
        **{
            part: told_otherwise(getattr(claim, part), before, after)
            for part in ("summary", "idea", "statements", "necessity", "errata")
        },
    )
    assert wrong != claim
    assert list(unread(wrong))


def test_all_formulas_are_held_or_listed_and_nothing_else_is_listed():
    for claim in (*CLAIMS, *THEOREMS):
        assert [*unread(claim), *superfluous(claim)] == []


def test_each_meaning_of_a_letter_is_needed_by_some_text():
    needed, given = set(), set()
    for claim in CLAIMS:
        for k, meant in enumerate(claim.meanings):
            for letter, meaning in meant.items():
                given.add((letter, meaning))
                rest = {name: of for name, of in meant.items() if name != letter}
                without = replace(claim, meanings=(*claim.meanings[:k], rest, *claim.meanings[k + 1 :]))
                if (letter, meaning) not in needed and any(unread(without)):
                    needed.add((letter, meaning))
    assert len(given) > 40
    assert given - needed == set()


def test_a_letter_that_means_0_holds_no_text():
    claim = next(c for c in CLAIMS if c.name == "figure-4")
    meant, *others = claim.meanings
    assert list(unread(replace(claim, meanings=({**meant, "2ε/(1+ε²)": sp.S.Zero}, *others))))


def test_verify_asks():
    claim = by_name("lemma-4")
    wrong = replace(claim, summary=claim.summary.replace("|ln(w^D/w^R)|", "|ln(w^R/w^D)|"))
    assert any("nothing that is proved" in problem for problem in unbound(wrong))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The gap of x, y ≤ 2x, is at most D/(1 + r).", ["y ≤ 2x", "D/(1 + r)"]),
        ("as a < b (and b > 1) holds at f(1, 2) = 3", ["a < b", "b > 1", "f(1, 2) = 3"]),
        ("'for any x ≤ x'' and (x ≥ 0) it is 0.25…; no formula here", ["x ≤ x'", "x ≥ 0", "0.25…"]),
    ],
)
def test_formulas_stand_between_words(text, found):
    assert list(formulas(text, {"x", "x'", "y", "D", "r", "a", "b"})) == found


def test_the_same_formulas_have_the_same_number_and_others_do_not():
    x, y = sp.symbols("x y", real=True)
    for first, second in (
        ((x + y) ** 2, x**2 + 2 * x * y + y**2),
        (sp.exp(x) * sp.exp(y), sp.exp(x + y)),
        (W0(alpha * (x - 1)), W0(alpha * x - alpha)),
    ):
        assert cmath.isclose(generic.number(first), generic.number(second))
    for first, second in (((1 - epsilon) ** 2, (1 + epsilon) ** 2), (W0(x), Wm1(x)), (W0(x), W0(y)), (x, y)):
        assert not generic.close(generic.number(first), generic.number(second))


def test_texts_of_the_paper_are_marked():
    theirs = [one.where for one in said(by_name("lemma-7")) if one.theirs]
    assert theirs
    assert all(where.endswith(("quote", "printed")) for where in theirs)
    assert not any(one.theirs for theorem in THEOREMS for one in said(theorem))

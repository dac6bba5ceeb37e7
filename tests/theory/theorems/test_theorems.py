"""Every theorem: proved as recorded, told from wrong versions, and told apart from the claims of the paper."""

from dataclasses import replace

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from ascentcheck.theory.check.decide import decide
from ascentcheck.theory.check.derivation import check_step
from ascentcheck.theory.claim import Level, Verdict
from ascentcheck.theory.claims import CLAIMS
from ascentcheck.theory.explain import is_ours, verdict_words
from ascentcheck.theory.theorems import THEOREMS
from ascentcheck.theory.theorems.stated import BEYOND
from ascentcheck.theory.verify import decide_statement, verify
from tests.theory.draws import points

STATEMENTS = [pytest.param(c, s, id=f"{c.name}-{s.name}") for c in THEOREMS for s in c.statements]
PROPOSITIONS = [
    pytest.param(p, id=f"{c.name}-{s.name}-{k}")
    for c in THEOREMS
    for s in c.statements
    for k, p in enumerate(s.verified)
    if p.domain.only_point() is None
]


@pytest.mark.parametrize("proposition", PROPOSITIONS)
@settings(max_examples=50)
@given(data=st.data())
def test_propositions_hold_wherever_they_are_tried(proposition, data):
    assert decide(proposition.relation, data.draw(points(proposition.domain)), 512) is not False


@pytest.mark.parametrize("theorem", THEOREMS, ids=lambda c: c.name)
def test_theorems_stand_as_recorded_and_wrong_versions_are_killed_or_explained(theorem):
    result = verify(theorem)
    assert result.ok
    assert {m.name for m in result.mutants.survivors} == {s.mutant for s in theorem.survivors}
    assert all(s.reason for s in theorem.survivors)


@pytest.mark.parametrize(("theorem", "statement"), STATEMENTS)
def test_a_turned_relation_is_not_proved(theorem, statement):
    turned = {sp.Ge: sp.Lt, sp.Gt: sp.Le, sp.Le: sp.Gt, sp.Lt: sp.Ge, sp.Eq: sp.Eq}
    first = statement.verified[0]
    lhs, rhs = first.relation.args
    shift = sp.Rational(1, 100) if isinstance(first.relation, sp.Eq) else 0
    wrong = replace(first, relation=turned[first.relation.func](lhs, rhs + shift, evaluate=False))
    result = decide_statement(theorem, replace(statement, printed=(wrong,), verified=(wrong,), steps=()))
    assert result.verdict is Verdict.UNDECIDED
    assert result.problems


def test_a_wrong_step_is_not_proved():
    for theorem in THEOREMS:
        for statement in theorem.statements:
            for step in statement.steps:
                if isinstance(step.asserts, sp.Eq):
                    lhs, rhs = step.asserts.args
                    wrong = replace(step, asserts=sp.Eq(lhs, rhs + sp.Rational(1, 100), evaluate=False))
                    assert not check_step(wrong).ok


def test_theorems_are_told_apart_from_claims():
    assert all(is_ours(theorem) for theorem in THEOREMS)
    assert not any(is_ours(claim) for claim in CLAIMS)
    assert not {c.name for c in CLAIMS} & {c.name for c in THEOREMS}
    assert all(s.where == BEYOND and s.witness is None for c in THEOREMS for s in c.statements)
    assert not any(theorem.errata for theorem in THEOREMS)
    assert verdict_words(THEOREMS[0], Verdict.AS_PRINTED) == "proved"
    assert verdict_words(THEOREMS[0], Verdict.UNDECIDED) == "not proved"
    assert verdict_words(CLAIMS[0], Verdict.AS_PRINTED) == "as printed"


def test_only_one_statement_rests_on_balls_at_a_point():
    weaker = [(c.name, s.name) for c in THEOREMS for s in c.statements if s.recorded[1] is not Level.EXACT]
    assert weaker == [("all-coordinates", "doing-nothing")]


def test_what_a_theorem_rests_on_exists():
    names = {c.name for c in (*CLAIMS, *THEOREMS)}
    assert all(set(theorem.rests_on) <= names for theorem in THEOREMS)

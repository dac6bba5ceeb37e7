"""Every claim: as recorded, and its verified propositions tried on points of their own domains."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
import sympy as sp
from flint import fmpq
from hypothesis import given, target
from hypothesis import strategies as st

from ascentcheck.theory.check.decide import decide
from ascentcheck.theory.check.floats import worst_error
from ascentcheck.theory.check.mutants import mutants, try_mutants, unexplained
from ascentcheck.theory.check.sampling import slack
from ascentcheck.theory.claim import Level, Necessity, Proposition, Verdict, Witness
from ascentcheck.theory.claims import CLAIMS, by_name
from ascentcheck.theory.expression import ball
from ascentcheck.theory.verify import decide_statement, verify
from tests.theory.draws import points

PROPOSITIONS = [
    pytest.param(p, id=f"{c.name}-{s.name}-{k}")
    for c in CLAIMS
    for s in c.statements
    for k, p in enumerate(s.verified)
    if p.domain.only_point() is None  # one point is decided below, and needs no more draws
]
STATEMENTS = [pytest.param(c, s, id=f"{c.name}-{s.name}") for c in CLAIMS for s in c.statements]


@cache
def verified(name):
    """Return what becomes of a claim, decided once."""
    return verify(by_name(name), mutants=False)


@pytest.mark.parametrize("proposition", PROPOSITIONS)
@given(data=st.data())
def test_verified_propositions_hold_wherever_they_are_tried(proposition, data):
    point = data.draw(points(proposition.domain))
    relation = proposition.relation
    margin = ball(relation.lhs - relation.rhs, point, 64)
    if margin.is_finite() and abs(margin) < 1e6 and not isinstance(relation, sp.Eq):
        sign = 1 if isinstance(relation, sp.Le | sp.Lt) else -1
        target(sign * float(margin.mid()), label="distance beyond the margin")
    assert decide(relation, point, 512) is not False


@pytest.mark.parametrize(("claim", "statement"), STATEMENTS)
def test_statements_stand_as_recorded(claim, statement):
    result = verified(claim.name).statements[claim.statements.index(statement)]
    assert result.statement is statement
    assert result.problems == ()
    verdict, level = statement.recorded
    assert result.verdict is verdict
    assert result.level in (level, Level.PROVED)  # the record of Rocq has its own tests


def test_mutants_are_killed_or_explained():
    results = {claim.name: try_mutants(claim) for claim in CLAIMS}
    for claim in CLAIMS:
        assert unexplained(claim, results[claim.name]) == []
        assert all(s.reason for s in claim.survivors)
        names = [mutant.name for mutant, _ in results[claim.name].results]
        assert len(names) == len(set(names))
    killed, tried = (sum(getattr(r, kind) for r in results.values()) for kind in ("killed", "tried"))
    assert killed >= 0.95 * tried


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.name)
def test_solvers_float_forms_and_witnesses_agree(claim):
    assert verified(claim.name).problems == ()


def _claim(name):
    return next(c for c in CLAIMS if c.name == name)


def _statement(claim, name):
    return next(s for s in claim.statements if s.name == name)


def test_a_false_statement_is_not_called_true():
    claim = _claim("lemma-3")
    main = replace(_statement(claim, "main-text-range"), witness=None)
    result = decide_statement(claim, main)
    assert result.verdict is Verdict.UNDECIDED
    assert not result.as_recorded
    claimed = replace(main, verified=main.printed)
    assert any("not proved" in p or "fails at" in p for p in decide_statement(claim, claimed).problems)


def without_rocq(monkeypatch):
    monkeypatch.setattr("ascentcheck.theory.verify.why_not", lambda claim, statement: "not asked")


def test_a_refutation_at_a_point_is_by_balls_and_no_proof_on_a_domain(monkeypatch):
    without_rocq(monkeypatch)
    claim = _claim("lemma-3")
    main = decide_statement(claim, _statement(claim, "main-text-range"))
    assert (main.verdict, main.level) == (Verdict.FALSE, Level.CERTIFIED)
    kept = decide_statement(claim, _statement(claim, "appendix-range"))
    assert (kept.verdict, kept.level) == (Verdict.AS_PRINTED, Level.EXACT)
    words = decide_statement(claim, _statement(claim, "ordered"))
    assert (words.verdict, words.level) == (Verdict.OPEN, Level.CERTIFIED)
    broken = decide_statement(_claim("lemma-9"), _statement(_claim("lemma-9"), "x"))
    assert (broken.verdict, broken.level) == (Verdict.REPAIRED, Level.CERTIFIED)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.name)
def test_no_sentence_with_a_witness_is_recorded_as_exact(claim):
    for s in claim.statements:
        if s.witness is not None or any(r.witness is not None for r in s.readings):
            assert s.recorded[1] is Level.CERTIFIED


def test_a_witness_that_does_not_refute_is_caught():
    claim = _claim("lemma-3")
    main = _statement(claim, "main-text-range")
    harmless = Witness({s: Fraction(1) for s in main.witness.point}, "")
    assert "does not refute" in " ".join(decide_statement(claim, replace(main, witness=harmless)).problems)


def test_a_witness_that_no_data_set_can_realise_is_caught():
    claim = _claim("lemma-3")
    main = _statement(claim, "main-text-range")
    symbol = next(s for s in main.witness.point if s.name == "n_group")
    impossible = replace(main.witness, point={**main.witness.point, symbol: Fraction(3)})
    assert decide_statement(claim, replace(main, witness=impossible)).problems


def test_slack_evidence_is_below_the_recorded_level():
    claim = _claim("lemma-3")
    statement = _statement(claim, "appendix-range")
    too_much = replace(statement, recorded=(Verdict.REPAIRED, Level.EXACT))
    assert not decide_statement(claim, too_much).as_recorded


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.name)
def test_every_false_sentence_has_a_line_to_correct(claim):
    corrected = {name for erratum in claim.errata for name in erratum.corrects}
    assert {s.name for s in claim.statements if s.recorded[0] is Verdict.FALSE} <= corrected
    assert corrected <= {s.name for s in claim.statements}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.name)
def test_a_verdict_that_was_changed_was_another_and_the_reason_is_told(claim):
    for s in claim.statements:
        if s.formerly is not None:
            assert s.formerly[0] is not s.recorded[0]
            assert s.formerly[1]


def test_no_sentence_of_a_claim_is_decided_twice():
    for claim in CLAIMS:
        quotes = [s.quote for s in claim.statements]
        assert len(quotes) == len(set(quotes))


def test_a_false_necessity_is_caught():
    claim = _claim("lemma-3")
    symbols = claim.domain.symbols
    harmless = Necessity("nothing", sp.Ge(symbols[0], 0), Witness({s: Fraction(1) for s in symbols}, ""), "")
    assert verify(replace(claim, necessity=(harmless,)), mutants=False).problems


def test_a_wrong_float_form_is_caught():
    form = _claim("lemma-2").float_forms[0]
    wrong = replace(form, values=lambda *columns: form.values(*columns) * (1 + 1e-12))
    assert worst_error(form).ulps <= form.ulps < worst_error(wrong).ulps


def test_every_kind_of_mutant_is_made():
    names = " ".join(m.shown for c in CLAIMS for m in mutants(c))
    for kind in ("turned", "->", "moved by", "without its"):
        assert kind in names


def test_an_unexplained_survivor_is_a_problem():
    claim = _claim("lemma-3")
    z = claim.domain.symbols[0]
    weak = Proposition(sp.Ge(z + 5, 1, evaluate=False), claim.domain)
    statement = replace(
        claim.statements[0],
        printed=(weak,),
        verified=(weak,),
        steps=(),
        recorded=(Verdict.AS_PRINTED, Level.EXACT),
    )
    result = verify(replace(claim, statements=(statement,)))
    assert result.verdict is Verdict.AS_PRINTED
    assert any("survives" in p for p in result.problems)


def test_points_are_exact():
    proposition = CLAIMS[0].statements[0].verified[0]
    assert all(isinstance(v, fmpq) for p in proposition.domain.points(5) for v in p.values())


def test_slack_is_0_where_a_bound_is_attained_and_positive_where_it_is_not():
    (attained, *_), (symbol, *_) = _claim("lemma-3").statements[0].verified, _claim("lemma-3").domain.symbols
    assert slack(attained, 60) == 0
    loose = Proposition(sp.Ge(symbol + 5, 1, evaluate=False), _claim("lemma-3").domain)
    assert slack(loose, 60) > 4
    assert slack(replace(loose, relation=sp.Eq(symbol, symbol + 1, evaluate=False)), 60) is None

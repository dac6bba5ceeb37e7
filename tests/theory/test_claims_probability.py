"""Lemma 1 and lemma 11: the recorded verdicts, the calculus behind them, their values, and false versions."""

import itertools
import math
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ascentcheck.theory import simulated
from ascentcheck.theory.check.derivation import check_step
from ascentcheck.theory.check.mutants import try_mutants, unexplained
from ascentcheck.theory.claim import Level, Verdict, Witness
from ascentcheck.theory.claims import lemma_1, lemma_11
from ascentcheck.theory.claims.sampling_bounds import SERFLING_STEPS
from ascentcheck.theory.console import UserError
from ascentcheck.theory.evaluate import as_json, parse_point
from ascentcheck.theory.expression import enclose
from ascentcheck.theory.solvers.tails import binomial_deviation
from ascentcheck.theory.values.lemma_1 import bound_values
from ascentcheck.theory.verify import decide_statement, verify
from ascentcheck.theory.vocabulary import gap, n_forget

CLAIMS = (lemma_1.CLAIM, lemma_11.CLAIM)
STATEMENTS = [pytest.param(c, s, id=f"{c.name}-{s.name}") for c in CLAIMS for s in c.statements]


def evaluated(claim, *pairs):
    point = parse_point(claim.inputs, pairs)
    return as_json(claim, point, claim.evaluate(point))


@pytest.mark.parametrize(("claim", "statement"), STATEMENTS)
def test_statements_stand_as_recorded(claim, statement):
    result = decide_statement(claim, statement)
    assert result.problems == ()
    verdict, level = statement.recorded
    assert result.verdict is verdict
    assert result.level in (level, Level.PROVED)  # the record of Rocq has its own tests


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.name)
def test_nothing_recorded_is_unconfirmed_and_mutants_die(claim):
    assert verify(claim, mutants=False).problems == ()
    results = try_mutants(claim)
    assert unexplained(claim, results) == []
    assert results.killed >= 0.94 * results.tried


@pytest.mark.parametrize("step", [*lemma_11.STEPS, *SERFLING_STEPS], ids=lambda s: s.says)
def test_every_step_is_proved_and_fails_when_a_side_is_moved(step):
    assert check_step(step).proved
    one_percent = sp.Rational(101, 100)
    relation = step.asserts
    raised = relation.func(relation.lhs * one_percent, relation.rhs, evaluate=False)
    lowered = relation.func(relation.lhs / one_percent, relation.rhs, evaluate=False)
    assert not all(check_step(replace(step, asserts=moved)).proved for moved in (raised, lowered))


@pytest.mark.parametrize(("claim", "statement"), [q for q in STATEMENTS if q.values[1].witness is not None])
def test_without_its_witness_a_false_statement_is_not_called_true(claim, statement):
    assert decide_statement(claim, replace(statement, witness=None)).verdict is Verdict.UNDECIDED


def test_a_small_gap_is_no_witness():
    statement = lemma_1.CLAIM.statements[0]
    harmless = replace(lemma_1.MEMORISED, point={**lemma_1.MEMORISED.point, lemma_1.gap: Fraction(1, 10)})
    right, wrong = statement.readings
    changed = replace(statement, readings=(right, replace(wrong, witness=harmless)))
    assert decide_statement(lemma_1.CLAIM, changed).verdict is Verdict.UNDECIDED


def test_a_sentence_is_open_only_where_its_readings_differ():
    statement = lemma_1.CLAIM.statements[0]
    right, wrong = statement.readings
    assert decide_statement(lemma_1.CLAIM, statement).verdict is Verdict.OPEN
    assert (
        decide_statement(lemma_1.CLAIM, replace(statement, readings=(right,))).verdict is Verdict.AS_PRINTED
    )
    assert decide_statement(lemma_1.CLAIM, replace(statement, readings=(wrong,))).verdict is Verdict.FALSE
    impossible = Witness({**lemma_1.MEMORISED.point, lemma_1.n_population: Fraction(20)}, "")
    assert decide_statement(lemma_1.CLAIM, replace(statement, witness=impossible)).problems


@given(st.integers(1, 200), st.integers(0, 20), st.integers(1, 20))
def test_lemma_1_values(n, part, far):
    record = evaluated(lemma_1.CLAIM, f"n_forget={n}", f"gap={far}/20", f"accuracy={part}/20")
    values, conclusion = record["values"], record["conclusion"]
    exact = Fraction(far, 20), Fraction(part, 20)
    tail = sum(
        stats.binom.pmf(k, n, part / 20) for k in range(n + 1) if abs(Fraction(k, n) - exact[1]) >= exact[0]
    )
    assert values["exact_tail"] == pytest.approx(tail, rel=1e-9, abs=1e-300)
    assert values["bound"] == pytest.approx(2 * math.exp(-2 * n * (far / 20) ** 2), rel=1e-12)
    assert values["memorising_tail"] == (1 - exact[1] >= exact[0])
    assert conclusion["holds"] is True
    assert conclusion["margin"] > 0
    assert record["hypotheses"]["bound_below_1"] == (values["bound"] < 1)
    needed = values["n_forget_needed"]
    assert 2 * math.exp(-2 * needed * (far / 20) ** 2) < 0.05
    assert needed == 1 or 2 * math.exp(-2 * (needed - 1) * (far / 20) ** 2) > 0.05


def test_the_figures_quoted_in_lemma_1():
    ten = evaluated(lemma_1.CLAIM, "n_forget=10", "gap=0.2", "accuracy=0.5")
    assert ten["values"]["vacuous_below"] == pytest.approx(0.186, abs=5e-4)
    rows = {}
    for size, far, chance in itertools.product(
        (10, 100, 500, 1000, 5000),
        (fmpq(1, 100), fmpq(1, 20), fmpq(1, 10), fmpq(1, 5)),
        (fmpq(1, 2), fmpq(9, 10), fmpq(99, 100)),
    ):
        bound = enclose(lemma_1.bound, {n_forget: fmpq(size), gap: far})
        rows[size, far, chance] = (bound, arb(binomial_deviation(size, chance, far)))
    quoted = {fmpq(1, 2): 0.057, fmpq(9, 10): 0.0020, fmpq(99, 100): 6e-9}
    for chance, figure in quoted.items():
        bound, tail = rows[100, fmpq(1, 10), chance]
        assert float(bound) == pytest.approx(0.271, abs=5e-4)
        assert float(tail) == pytest.approx(figure, rel=0.05)
    assert all(tail < bound for bound, tail in rows.values())


def test_the_coin_of_the_sharpness_witness_is_below_its_exact_tail():
    quoted = fmpq(int(lemma_11._COIN.p), int(lemma_11._COIN.q))
    exact = binomial_deviation(10**5, fmpq(1, 2), fmpq(7, 100))
    assert arb(quoted) < exact < arb(quoted) * arb(fmpq(100001, 10**5))
    terms = [
        math.lgamma(10**5 + 1) - math.lgamma(k + 1) - math.lgamma(10**5 - k + 1) for k in range(57000, 58000)
    ]
    summed = terms[0] + math.log(sum(math.exp(term - terms[0]) for term in terms)) - (10**5 - 1) * math.log(2)
    assert summed == pytest.approx(float(exact.log()), rel=1e-9)
    assert arb(quoted) < 2 * arb(fmpq(-2 * 490)).exp()


def test_lemma_11_values_and_the_degenerate_range():
    record = evaluated(lemma_11.CLAIM, "n=10", "t=0.4", "low=-1", "high=1")
    assert record["values"]["bound"] == pytest.approx(2 * math.exp(-2 * 100 * 0.16 / 40), rel=1e-14)
    assert record["values"]["exact_tail"] == 0.34375
    assert record["conclusion"]["holds"] is True
    flat = evaluated(lemma_11.CLAIM, "n=10", "t=0.4", "low=1", "high=1")
    assert flat["values"]["exact_tail"] == 0
    assert flat["values"]["bound"] is None
    assert flat["conclusion"] == {"holds": None, "margin": None}
    assert not flat["hypotheses"]["positive_spread"]
    start = evaluated(lemma_11.CLAIM, "n=3", "t=0", "low=0", "high=1")
    assert start["values"]["exact_tail"] == 1
    assert start["conclusion"]["margin"] == 1


@pytest.mark.parametrize(
    ("claim", "pairs", "words"),
    [
        (lemma_1.CLAIM, ("n_forget=21/2", "gap=0.1", "accuracy=1"), "whole number from 1 to 100000000"),
        (lemma_1.CLAIM, ("n_forget=1e9", "gap=0.1", "accuracy=1"), "whole number from 1 to 100000000"),
        (lemma_1.CLAIM, ("n_forget=10", "gap=0", "accuracy=1"), "0 < gap <= 1"),
        (lemma_1.CLAIM, ("n_forget=10", "gap=0.1", "accuracy=1.1"), "accuracy <= 1"),
        (lemma_11.CLAIM, ("n=1/2", "t=1", "low=0", "high=1"), "1 <= n"),
        (lemma_11.CLAIM, ("n=3/2", "t=1", "low=0", "high=1"), "whole number"),
        (lemma_11.CLAIM, ("n=1", "t=1", "low=2", "high=1"), "low <= high"),
    ],
)
def test_sizes_that_are_none_are_refused_in_one_line(claim, pairs, words):
    with pytest.raises(UserError, match=words.replace("<", ".")) as caught:
        evaluated(claim, *pairs)
    assert "\n" not in str(caught.value)


def test_far_ends_are_quick_and_leave_float64_as_text():
    values = evaluated(lemma_1.CLAIM, "n_forget=100000000", "gap=0.5", "accuracy=0.25")["values"]
    assert values["bound"].endswith("e-21714724")
    assert evaluated(lemma_1.CLAIM, "n_forget=9", "gap=1e-4000", "accuracy=0.5")["conclusion"]["holds"]


def test_a_memorising_model_is_told_from_an_oracle_on_digits():
    far = simulated.times_far(30, seed=1)
    assert simulated.wrong_side(bound_values, far, 30) == 0
    swapped = {"oracle": far["memorising"], "memorising": far["oracle"]}
    assert simulated.wrong_side(bound_values, swapped, 30) > 0.5

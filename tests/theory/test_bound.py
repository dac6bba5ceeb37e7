"""What claims print and quote is held: each check objects to something false."""

import math
from dataclasses import replace
from fractions import Fraction

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.bound import misaccepted, misplaced, misprinted, unlike_data, unlike_slopes
from ascentcheck.theory.check.counting import Deviation, TwoSamples, _likely
from ascentcheck.theory.check.floats import broadcast, worst_error
from ascentcheck.theory.check.store import Proofs, objection
from ascentcheck.theory.check.texts import misread, not_plain, unmade
from ascentcheck.theory.check.weak import too_weak
from ascentcheck.theory.claim import Evaluation, Prints, Proposition, Quoted, Simulation, Statement
from ascentcheck.theory.claims import by_name, pair
from ascentcheck.theory.console import UserError
from ascentcheck.theory.domain import Range
from ascentcheck.theory.linear import simulated
from ascentcheck.theory.solvers import pair_balls
from ascentcheck.theory.solvers.tails import binomial_deviation, two_sample_deviation
from ascentcheck.theory.theorems import NAMES as THEOREMS
from ascentcheck.theory.theorems import by_name as theorem
from ascentcheck.theory.verify import objections, proof_level
from ascentcheck.theory.vocabulary import a, alpha, epsilon, learning_rate, n_forget, ridge


def test_an_evaluation_that_refuses_every_point_is_objected_to():
    def refuses(point):
        raise UserError("no")

    found = list(misprinted(replace(by_name("lemma-11"), evaluate=refuses)))
    assert "evaluate answers at none of the points at which it is tried" in found


def test_a_value_that_is_off_in_the_tenth_digit_is_told():
    claim = by_name("lemma-4")

    def off(point):
        found = claim.evaluate(point)
        return replace(found, values={**found.values, "bound": found.values["bound"] * (1 + fmpq(1, 10**10))})

    assert list(misprinted(claim)) == []
    assert any("bound" in problem for problem in misprinted(replace(claim, evaluate=off)))


def test_a_value_without_a_formula_is_told():
    claim = by_name("lemma-4")

    def more(point):
        found = claim.evaluate(point)
        return replace(found, values={**found.values, "extra": fmpq(1)})

    assert any(
        "extra" in problem and "no formula" in problem
        for problem in misprinted(replace(claim, evaluate=more))
    )


def test_a_wrong_conclusion_at_the_threshold_is_told():
    claim = by_name("lemma-3")

    def strictly(point):
        found = claim.evaluate(point)
        return Evaluation(
            found.hypotheses, found.values, found.holds and bool(found.margin > 0), found.margin
        )

    assert any("holds" in problem for problem in misprinted(replace(claim, evaluate=strictly)))


def test_a_text_that_says_something_else_is_told():
    claim = by_name("lemma-3")
    stands = Quoted("|F|²/(|R|(|F|+|D|))", sp.Rational(101, 100) * by_name("lemma-3").notation[-1].expression)
    assert any("which is not" in problem for problem in misread(replace(claim, quoted=(stands,))))
    nowhere = Quoted("α + 7", alpha + 7)
    assert any("stands in no text" in problem for problem in misread(replace(claim, quoted=(nowhere,))))


def test_a_dropped_hypothesis_of_nothing_is_told():
    claim = by_name("lemma-3")
    wrong = replace(claim.necessity[0], relation=sp.Ge(alpha, 7, evaluate=False))
    assert any("no statement" in problem for problem in unmade(replace(claim, necessity=(wrong,))))


def test_a_witness_that_nobody_would_type_is_told():
    claim = by_name("lemma-3")
    dropped = claim.necessity[0]
    moved = {
        symbol: value * Fraction(1_000_001, 1_000_000) for symbol, value in dropped.witness.point.items()
    }
    odd = replace(dropped, witness=replace(dropped.witness, point=moved))
    assert list(not_plain(claim)) == []
    assert list(not_plain(replace(claim, necessity=(odd,))))


def _loosened(claim, relation):
    domain = claim.domain
    return Statement("s", "", "", (), (Proposition(relation, domain),), (0, 0), "")


def test_what_says_too_little_is_told():
    claim = by_name("lemma-3")
    strict = _loosened(claim, sp.Ge(alpha + 1, 0, evaluate=False))
    assert any("strictly" in problem for problem in too_weak(strict, proof_level))
    equal = _loosened(claim, sp.Ge(alpha + 1, 1 + alpha, evaluate=False))
    assert any("equation" in problem for problem in too_weak(equal, proof_level))
    undefined = _loosened(claim, sp.Ge(1 / alpha, 0, evaluate=False))
    assert any("no value" in problem for problem in too_weak(undefined, proof_level))
    sharp = _loosened(claim, sp.Ge(alpha, 0, evaluate=False))
    assert list(too_weak(sharp, proof_level)) == []


def test_objections_are_none_for_what_stands_and_come_from_prints_too():
    claim = by_name("lambert-eq")
    assert list(objections(claim)) == []
    wrong = replace(claim, prints=(*claim.prints[:-1], Prints("margin", "0", "a ≤ 1/e")))
    assert list(objections(wrong))


def test_chances_counted_case_by_case_are_those_of_the_tails():
    for n, p, far in (
        (7, fmpq(1, 3), fmpq(1, 5)),
        (12, fmpq(9, 10), fmpq(1, 10)),
        (1, fmpq(1, 2), fmpq(1, 2)),
    ):
        assert Deviation.chance(fmpq(n), p, far) == binomial_deviation(n, p, far)
        assert TwoSamples.chance(fmpq(n), fmpq(4), p, far) == two_sample_deviation(n, 4, p, far)


def test_conditions_on_data_sets_are_those_that_evaluate_tells():
    claim = by_name("lemma-3")
    assert list(unlike_data(claim)) == []
    assert any("no data set" in problem for problem in unlike_data(replace(claim, realisable=())))
    wrong = (*claim.realisable[:1], sp.Le(alpha, 7))
    assert any("does not tell" in problem for problem in unlike_data(replace(claim, realisable=wrong)))


def test_a_range_on_which_nothing_is_stated_is_told():
    claim = by_name("lemma-3")
    assert list(misplaced(claim)) == []
    wider = replace(claim, domain=claim.domain.restrict(alpha, low=-1))
    assert any("nothing is stated for alpha" in problem for problem in misplaced(wider))


def test_what_evaluate_accepts_is_stated_or_told_apart():
    for name in ("lemma-1", "lambert-eq", "figure-4", "iterative-da"):
        assert list(misaccepted(by_name(name))) == []
    claim = by_name("lemma-3")
    for changes in ({"low": -1}, {"low_open": True}, {"high": 10}):
        wrong = replace(claim, inputs=claim.inputs.restrict(alpha, **changes))
        assert any("evaluate accepts alpha" in problem for problem in misaccepted(wrong)), changes
    claim = by_name("iterative-da")  # a printed condition has the rate in a function alone
    wrong = replace(claim, inputs=claim.inputs.restrict(learning_rate, high=1 / (2 * ridge)))
    assert any("evaluate accepts learning_rate" in problem for problem in misaccepted(wrong))


def test_coordinates_that_do_not_lead_back_are_told():
    claim = by_name("da-farthest")
    assert list(misplaced(claim)) == []

    def changed(proposition, by):
        return replace(proposition, by=by) if proposition.by is not None else proposition

    def with_coordinates(change):
        statements = tuple(
            replace(s, verified=tuple(changed(p, change(p.by)) if p.by else p for p in s.verified))
            for s in claim.statements
        )
        return replace(claim, statements=statements)

    def doubled(by):
        return replace(by, substitution=tuple((symbol, 2 * value) for symbol, value in by.substitution))

    off = with_coordinates(doubled)
    assert any("coordinates lead from" in problem for problem in misplaced(off))
    kept = with_coordinates(
        lambda by: replace(by, domain=by.domain.restrict(by.domain.symbols[0], low_open=False))
    )
    assert any("change the range" in problem for problem in misplaced(kept))


def test_a_value_that_does_not_solve_its_equation_is_told():
    claim = by_name("lemma-6")
    assert list(misprinted(claim)) == []
    wrong = replace(claim, equations=("x^R = (1+ε²)a·e^{−x^R}/2",))
    assert any("is missed at" in problem for problem in misprinted(wrong))


def test_a_conclusion_that_is_left_open_is_told():
    claim = by_name("lemma-4")

    def undecided(point):
        return replace(claim.evaluate(point), holds=None)

    assert any("not decided" in problem for problem in misprinted(replace(claim, evaluate=undecided)))


def test_large_samples_are_counted_in_balls():
    for n, p, far in ((130, fmpq(1, 3), fmpq(1, 10)), (300, fmpq(9, 10), fmpq(1, 50))):
        exact = sum(
            (c for k, c in enumerate(_likely(n, p)) if abs(fmpq(k, n) - p) >= far),
            fmpq(0),
        )
        counted = Deviation.chance(fmpq(n), p, far)
        assert counted.overlaps(arb(exact))
        assert counted.rel_accuracy_bits() > 300
    assert Deviation.chance(fmpq(10**6), fmpq(1), fmpq(1, 2)) is None
    assert Deviation.chance(fmpq(20_001), fmpq(1), fmpq(1, 2)) == 0


def test_a_slope_that_is_not_that_of_the_values_is_told(monkeypatch):
    claim = by_name("lemma-8")
    assert list(unlike_slopes(claim)) == []
    monkeypatch.setattr(pair.MarginX, "fdiff", lambda self, k=1: pair.MarginY(*self.args).diff(self.args[0]))
    assert any("the slope of MarginX" in problem for problem in unlike_slopes(claim))


def test_a_fold_that_is_not_where_the_strengths_turn_is_told(monkeypatch):
    claim, fold, slope = by_name("lemma-8"), pair_balls.fold, pair_balls._Pair.t
    near = 1 + arb(2) ** -30
    monkeypatch.setattr(pair_balls, "fold", lambda *of: (fold(*of)[0], fold(*of)[1] * near))
    assert any("at the fold" in problem for problem in unlike_slopes(claim))
    monkeypatch.setattr(pair_balls, "fold", lambda *of: (fold(*of)[0] * near, fold(*of)[1]))
    assert any("at the fold" in problem for problem in unlike_slopes(claim))
    monkeypatch.setattr(pair_balls, "fold", fold)
    exists, saddle = pair_balls.da_exists, pair_balls.saddle
    monkeypatch.setattr(pair_balls, "da_exists", lambda a, c, e: exists(a, c, e**2))
    assert any("at the fold" in problem for problem in unlike_slopes(claim))
    monkeypatch.setattr(pair_balls, "da_exists", exists)
    monkeypatch.setattr(pair_balls, "saddle", lambda a, c, e, bits: saddle(a, c * fmpq(99, 100), e, bits))
    assert any("at the fold" in problem for problem in unlike_slopes(claim))
    monkeypatch.setattr(pair_balls, "saddle", saddle)
    monkeypatch.setattr(pair_balls._Pair, "t", lambda self, v: slope(self, v) * near)
    assert any("the slope of what is solved" in problem for problem in unlike_slopes(claim))
    monkeypatch.setattr(pair_balls._Pair, "t", slope)
    assert list(unlike_slopes(claim)) == []
    solves = pair_balls.scalar
    monkeypatch.setattr(pair_balls, "scalar", lambda a, c, e: solves(a, c, e**2))
    assert any("at its solution" in problem for problem in unlike_slopes(claim))


def test_a_short_name_that_stands_for_another_symbol_is_told():
    claim = by_name("lemma-1")
    assert list(unmade(claim)) == []
    total = next(part for part in claim.notation if part.name == "n_total")
    wrong = replace(claim, notation=(replace(total, expression=n_forget),))
    assert any("another symbol" in problem for problem in unmade(wrong))


def test_evaluate_is_tried_at_the_rare_case_that_a_condition_names():
    claim = by_name("iterative-da")

    def off_where_there_are_three(point):
        found = claim.evaluate(point)
        there = found.margin is not None and len(found.values["fixed_points"]) == 3
        return replace(found, margin=found.margin + 1) if there else found

    wrong = replace(claim, evaluate=off_where_there_are_three)
    assert list(misprinted(claim)) == []
    assert any("margin" in problem for problem in misprinted(wrong))


def test_a_solver_that_finds_no_number_does_not_agree(monkeypatch):
    assert math.isnan(Simulation.of("data", [0.0, math.nan, 1.0], 1e-9, 3).largest_error)
    assert Simulation.of("data", [0.0, 1e-10], 1e-9, 2).agrees
    claim, numbers = theorem("finite-steps"), simulated._floats
    assert claim.simulate().agrees

    def without_the_oracle(expressions, point):
        start, _, *others = numbers(expressions, point)
        return [start, math.nan, *others]

    monkeypatch.setattr(simulated, "_floats", without_the_oracle)
    assert not claim.simulate().agrees


def test_a_short_name_for_what_its_letter_does_not_mean_is_told():
    claim = by_name("lemma-8")
    assert list(unmade(claim)) == []
    x = next(part for part in claim.notation if part.latex == "x^R")
    wrong = replace(claim, notation=(replace(x, expression=pair.y_retrained),))
    assert any("is not what x^R" in problem for problem in unmade(wrong))


def test_a_condition_that_is_off_by_a_millionth_is_told():
    claim = by_name("lambert-eq")

    def narrower(point):
        found = claim.evaluate(point)
        end = -arb(-1).exp() * (1 - fmpq(1, 10**6))
        return found if point[a] > end else replace(found, values={**found.values, "w0": None})

    assert list(misprinted(claim)) == []
    assert any("w0 = None" in problem for problem in misprinted(replace(claim, evaluate=narrower)))


def test_a_value_that_is_wrong_only_at_an_end_of_a_range_is_told():
    claim = by_name("lemma-10")

    def swapped(point):
        found = claim.evaluate(point)
        wrong = {"alpha_exact_y": fmpq(1)} if point[epsilon] == 1 else {}
        return replace(found, values={**found.values, **wrong})

    assert any("alpha_exact_y" in problem for problem in misprinted(replace(claim, evaluate=swapped)))


def test_a_saddle_that_is_off_is_told(monkeypatch):
    claim = by_name("lemma-8")
    true = pair_balls.saddle

    def off(*arguments):
        found = true(*arguments)
        return found and replace(found, x=found.x * (1 + fmpq(1, 10**9)))

    monkeypatch.setattr(pair_balls, "saddle", off)
    assert any("x^S" in problem for problem in misprinted(claim))


def test_a_float_form_is_compared_where_something_is_stated_and_floats_hold_it():
    claim = by_name("lemma-1")
    form = claim.float_forms[0]
    assert worst_error(form).ulps <= form.ulps
    narrower = replace(form, domain=form.domain.restrict(n_forget, high=300))
    found = misplaced(replace(claim, float_forms=(narrower,)))
    assert any("where bound is compared" in problem for problem in found)
    always = replace(form, values=lambda far, size: 0 * far * size)
    assert worst_error(always).ulps > 1e9


def test_a_form_that_does_not_use_an_argument_has_its_shape():
    assert broadcast(lambda x, y: 2 * x)(1.0, [[1.0, 2.0]]).tolist() == [[2.0, 2.0]]


def test_a_default_that_is_not_the_first_word_is_told():
    claim = by_name("toy-minima")
    symbol, words = next(iter(claim.words.items()))
    other = replace(claim, defaults={**claim.defaults, symbol: words[1]})
    assert any("not its first word" in problem for problem in misplaced(other))


def test_coordinates_other_than_those_of_the_proof_are_told():
    claim = by_name("da-farthest")
    proposition = next(p for s in claim.statements for p in s.verified if p.by is not None)
    assert objection(proposition, claim.name, Proofs.STORED) == ""
    domain = proposition.by.domain
    wider = replace(domain, ranges=(*domain.ranges[:-1], Range(domain.symbols[-1], -1)))
    wrong = replace(proposition, by=replace(proposition.by, domain=wider))
    assert "coordinates" in objection(wrong, claim.name, Proofs.STORED)


def test_what_a_theorem_evaluates_is_held():
    for name in THEOREMS:
        found = theorem(name)
        assert found.prints, name

        def off(point, found=found):
            told = found.evaluate(point)
            return replace(
                told,
                margin=None if told.margin is None else told.margin * (1 + fmpq(1, 10**9)) + fmpq(1, 10**9),
            )

        assert any("margin" in problem for problem in misprinted(replace(found, evaluate=off))), name

"""Each sentence about ascent, on tables that confirm it, refute it, and leave it open."""

import itertools
from dataclasses import replace
from fractions import Fraction

import pytest

from ascentcheck.empirics.findings import appendix_k, as_lines, at_equal_cost, da_fails, difficulty
from ascentcheck.empirics.findings.answer import FORTY, MOST
from ascentcheck.empirics.findings.da_fails import findings
from ascentcheck.empirics.findings.finding import Finding
from ascentcheck.empirics.findings.outcome import outcomes

STAYS, SUCCEEDS, BREAKS, BETWEEN = (8.9, 0.07, 0.07), (0.07, 0.07, 0.07), (3.0, 6.0, 6.0), (5.0, 0.07, 0.07)
OPEN, NOTHING_TO_FORGET = (7.2, 0.07, 0.07), [(0.07, 0.05, 0.05)]
CONFIRMED, REFUTED, OPEN_VERDICT = "confirmed", "refuted", "not decided"


@pytest.mark.parametrize("method", ["ga", "gda"])
@pytest.mark.parametrize(
    ("by_set", "verdict"),
    [
        ([[STAYS, BREAKS]] * 3, CONFIRMED),
        (
            [[STAYS, BREAKS]] * 3 + [[BETWEEN] * 2],
            CONFIRMED,
        ),  # three of four are most, and so are two of three
        ([[STAYS, BREAKS]] * 2 + [[BETWEEN] * 2], OPEN_VERDICT),  # most, but for one set
        ([[STAYS] * 2] + [[BETWEEN] * 2] * 2, REFUTED),  # one of two are not
        ([[STAYS] * 2, [BETWEEN] * 2], OPEN_VERDICT),
        ([[STAYS, SUCCEEDS, BETWEEN]] * 3, REFUTED),
        ([[STAYS, SUCCEEDS]] * 3, OPEN_VERDICT),  # half, but for one run
        ([[STAYS, OPEN]], OPEN_VERDICT),
        ([[STAYS], [OPEN], [BETWEEN]], OPEN_VERDICT),
        ([[STAYS] * 19 + [BETWEEN]] * 2, CONFIRMED),  # one of twenty is not the method
        ([[STAYS] * 9 + [BETWEEN]] * 2, OPEN_VERDICT),
        ([[STAYS] * 8 + [BETWEEN] * 2] * 2, REFUTED),
        ([[STAYS] * 7 + [BETWEEN]] * 2, OPEN_VERDICT),  # more than a tenth, by one
        ([[STAYS] * 8 + [BETWEEN] * 2], OPEN_VERDICT),  # one set is not most sets
        ([], OPEN_VERDICT),
    ],
)
def test_either_or(table, method, by_set, verdict):
    sets = {str(number): {method: places} for number, places in enumerate(by_set)}
    assert da_fails.either_or(outcomes(table(sets)), method).verdict == verdict


def test_the_stops_of_one_run_are_one_piece_of_evidence(table, row):
    def verdict(between):
        """Decide where of ten runs with three stops each those (run, stop) do neither, on both of two sets."""
        rows = table({"a": {}, "b": {}})
        for name, run, stop in itertools.product("ab", range(10), range(3)):
            place = BETWEEN if (run, stop) in between else STAYS
            rows += row(name, "ga", 0.1 * (run + 1), place, epoch=stop + 1)
        return da_fails.either_or(outcomes(rows), "ga").verdict

    whole_run = [(0, 0), (0, 1), (0, 2)]
    assert verdict([*whole_run, (1, 0)]) == OPEN_VERDICT
    assert verdict([*whole_run, (1, 0), (1, 1)]) == OPEN_VERDICT
    assert verdict([*whole_run, (1, 0), (1, 1), (1, 2)]) == REFUTED
    assert verdict([(run, 0) for run in range(4)]) == REFUTED  # as many snapshots as at first, of four runs


def test_what_does_neither_is_told_with_its_direction(table):
    perhaps = (0.1, 0.07, 0.07)
    sets = outcomes(table({"a": {"ga": [SUCCEEDS, BETWEEN, (11.0, 0.07, 0.07), STAYS, perhaps]}}))
    measured = da_fails.either_or(sets, "ga").measured
    assert (
        "of 5 snapshots 1 fit, 4 do neither, in 5 runs (3 nearer to the oracles, 1 farther off, 1 a success"
        in measured
    )
    assert (
        "farthest ga (rate 0.1, running statistics, epoch 1): forget 0.070 (0.050 to 0.090, n = 100)"
        in measured
    )
    assert "runs (" not in da_fails.either_or(outcomes(table({"a": {"ga": [STAYS]}})), "ga").measured
    off = {"do-nothing": [(3.0, 0.07, 0.07)], "ga": [(3.9, 0.07, 0.07)]}
    measured = da_fails.either_or(outcomes(table({"a": off})), "ga").measured
    assert "1 do neither, in 1 run (0 nearer to the oracles, 1 farther off" in measured


@pytest.mark.parametrize(
    ("places", "verdict"),
    [
        ([STAYS, BREAKS, STAYS, SUCCEEDS], CONFIRMED),
        ([STAYS, BREAKS, SUCCEEDS], OPEN_VERDICT),  # most, but for one run
        ([STAYS, BETWEEN, SUCCEEDS], REFUTED),
        ([STAYS, BETWEEN], OPEN_VERDICT),
        ([STAYS, BETWEEN, OPEN], OPEN_VERDICT),
        ([], OPEN_VERDICT),
    ],
)
def test_majority(table, places, verdict):
    found = da_fails.most_runs(outcomes(table({"a": {"ga": places[:1], "gda": places[1:]}})))
    assert found.verdict == verdict
    told = f"of {len(places)} snapshots " if places else "ga and gda have not been run."
    assert found.measured.startswith(told)


@pytest.mark.parametrize(
    ("running", "frozen", "verdict"),
    [
        ([BREAKS, BREAKS, STAYS], [BREAKS, BREAKS, STAYS], CONFIRMED),
        ([BREAKS, BREAKS], [BREAKS, STAYS], OPEN_VERDICT),
        ([BREAKS, BREAKS, BREAKS], [BREAKS, STAYS, STAYS], REFUTED),
        ([BREAKS, BREAKS], [STAYS, BETWEEN], REFUTED),
        ([BREAKS, BREAKS, BREAKS], [(3.0, 0.55, 0.55), BREAKS, STAYS], OPEN_VERDICT),
        ([STAYS], [BREAKS], OPEN_VERDICT),  # nothing was broken
        ([BREAKS], [], OPEN_VERDICT),
    ],
)
def test_what_breaks(table, running, frozen, verdict):
    rows = [
        *table({"a": {"ga": running}, "b": {"ga": running}}),
        *table({"a": {"ga": frozen}, "b": {"ga": frozen}}, norm="frozen"),
    ]
    assert da_fails.what_breaks(outcomes(rows)).verdict == verdict


def test_what_breaks_is_decided_by_most_sets(table):
    def decide(*by_set):
        """Decide where all breaks with running statistics, and those with frozen ones are given."""
        running = {name: {"ga": [BREAKS] * len(places)} for name, places in zip("abcd", by_set, strict=False)}
        frozen = {name: {"ga": places} for name, places in zip("abcd", by_set, strict=False)}
        return da_fails.what_breaks(outcomes(table(running) + table(frozen, norm="frozen")))

    much, also, not_so, perhaps = [STAYS] * 9, [BREAKS] * 2, [STAYS] * 2, [(3.0, 0.55, 0.55)] * 2
    assert decide(much, also, also, perhaps).verdict == OPEN_VERDICT
    assert decide(much, also, also, also).verdict == CONFIRMED
    assert decide(much, also, also).verdict == OPEN_VERDICT  # without one of the two it is half
    assert decide(much, not_so, also).verdict == REFUTED
    told = decide(much, not_so, also).measured
    assert told.endswith(", in 13 runs; most are so on 1 of 3 sets, clearly not on 2")


def test_frozen_statistics_are_not_the_paper_s_setting(table, study):
    rows = table({"random-10": {"ga": [STAYS]}, "random-100": {"ga": [STAYS]}})
    more = rows + table({"random-10": {"ga": [SUCCEEDS]}, "random-100": {"ga": [SUCCEEDS]}}, norm="frozen")
    for one, other in zip(findings(study, rows), findings(study, more), strict=True):
        assert (one.verdict, one.measured) == (other.verdict, other.measured)


@pytest.mark.parametrize(
    ("own", "other", "verdict"),
    [
        ([SUCCEEDS, STAYS, BREAKS], [BREAKS, SUCCEEDS, STAYS], CONFIRMED),  # elsewhere another one is best
        ([SUCCEEDS, STAYS], [SUCCEEDS, STAYS], REFUTED),  # no need to select after the fact
        ([BREAKS, STAYS], [SUCCEEDS, STAYS], REFUTED),  # nothing even seems to work
        (
            [SUCCEEDS, STAYS],
            [BETWEEN, (4.0, 0.07, 0.07)],
            CONFIRMED,
        ),  # the set itself is not asked in advance
        ([(0.1, 0.07, 0.07), STAYS], [STAYS, SUCCEEDS], OPEN_VERDICT),
        ([SUCCEEDS, STAYS], None, OPEN_VERDICT),
        ([SUCCEEDS, (0.1, 0.07, 0.07)], [STAYS, SUCCEEDS], OPEN_VERDICT),
    ],
)
def test_illusion(table, study, own, other, verdict):
    sets = {"random-10": {"ga": own}, "random-100": {"ga": other} if other else {}}
    found = da_fails.illusion(study, outcomes(table(sets)))
    assert found.verdict == verdict
    assert "random-10" in found.measured
    assert da_fails.illusion(study, outcomes(table(dict(reversed(sets.items()))))).verdict == verdict


def test_a_broken_pick_is_no_success_however_low_it_scores(table, study):
    sets = {"random-10": {"ga": [(0.01, 0.01, 0.01)]}, "random-100": {"ga": [SUCCEEDS]}}
    assert da_fails.illusion(study, outcomes(table(sets, accuracy=0.9))).verdict == REFUTED
    assert da_fails.illusion(study, outcomes(table(sets, diverged=1))).verdict == REFUTED


def test_a_broken_model_is_told_beside_its_score(table, study):
    sets = outcomes(table({"random-10": {"ga": [(0.01, 0.01, 0.01)]}}, accuracy=0.9, diverged=2))
    assert (
        "(-0.010 to 0.030, n = 50), broken: accuracy 0.900, 2 diverged"
        in da_fails.illusion(study, sets).measured
    )
    assert "broken" not in da_fails.illusion(study, outcomes(table({"random-10": {"ga": [STAYS]}}))).measured


def test_no_illusion_where_there_is_nothing_to_forget(table, study):
    sets = {"random-10": {"ga": [SUCCEEDS], "do-nothing": NOTHING_TO_FORGET}, "random-100": {"ga": [STAYS]}}
    found = da_fails.illusion(study, outcomes(table(sets)))
    assert found.verdict == OPEN_VERDICT
    assert "too near" in found.measured
    assert "no random set" in da_fails.illusion(study, ()).measured
    assert "was not run" in da_fails.illusion(study, outcomes(table({"random-10": {}}))).measured


@pytest.mark.parametrize(
    ("hard", "easy", "verdict"),
    [(6.0, 2.0, CONFIRMED), (3.0, 2.0, REFUTED), (4.01, 2.0, OPEN_VERDICT), (8.0, None, OPEN_VERDICT)],
)
def test_difficulty_varies(table, hard, easy, verdict):
    sets = {"a": {"ga": [(hard, 0.07, 0.07), BREAKS]}}  # what breaks the models is no achievement
    sets |= {"b": {"gda": [(easy, 0.07, 0.07), STAYS]}} if easy else {}
    found = difficulty.varies(outcomes(table(sets)))
    assert found.verdict == verdict
    told = f"hardest first: a {hard:.3f}" if easy else "Fewer than two sets have been tried"
    assert found.measured.startswith(told)


@pytest.mark.parametrize(
    ("first", "other", "verdict"),
    [(6.0, 2.0, CONFIRMED), (2.0, 6.0, REFUTED), (2.0, 2.03, OPEN_VERDICT), (None, 2.0, OPEN_VERDICT)],
)
def test_hardest(table, study, first, other, verdict):
    sets = {"pc2": {"ga": [(other, 0.07, 0.07)]}}
    sets |= {"pc1": {"ga": [(first, 0.07, 0.07)]}} if first else {}
    found = difficulty.hardest(study, outcomes(table(sets)))
    assert found.verdict == verdict
    assert ("needs a set of component 1" in found.measured) == (first is None)


@pytest.mark.parametrize(
    ("even", "varies", "hardest"), [(5.0, CONFIRMED, REFUTED), (1.0, OPEN_VERDICT, OPEN_VERDICT)]
)
def test_the_hardest_set_is_chosen_by_other_members_than_it_is_judged_by(table, study, even, varies, hardest):
    """By the odd members the random set is the hardest by far; that counts where the even ones had said so."""
    odd = {"random-10": 6.0, "pc1": 2.0, "pc2": 1.9}
    rows = table({name: {"ga": [(forget, 0.07, 0.07)]} for name, forget in odd.items()})
    by_even = odd | {"random-10": even}
    rows = [replace(r, energy_even=by_even[r.forget_set]) if r.method == "ga" else r for r in rows]
    found = difficulty.varies(outcomes(rows)), difficulty.hardest(study, outcomes(rows))
    assert tuple(one.verdict for one in found) == (varies, hardest)


def test_sets_that_other_models_would_not_make_are_left_out(table, study):
    sets = outcomes(table({"pc1": {"ga": [(6.0, 0.07, 0.07)]}, "pc2": {"ga": [(2.0, 0.07, 0.07)]}}))
    assert difficulty.hardest(study, sets).verdict == CONFIRMED
    found = difficulty.hardest(study, sets, unstable={"pc1"})
    assert found.verdict == OPEN_VERDICT
    assert found.measured.endswith("left out, since other models make another set: pc1")


UNCLEAR = 0.55
"""A validation score at which models are neither clearly broken nor clearly whole."""


@pytest.mark.parametrize("unclear", [None, 1.9])
def test_models_that_may_be_broken_leave_difficulty_open(table, study, unclear):
    """They may have reached what they score; an easier set than they show is no evidence of a hard one."""
    also = [(unclear, UNCLEAR, 0.07)] if unclear else []
    sets = outcomes(table({"pc1": {"ga": [(2.0, 0.07, 0.07)]}, "pc2": {"ga": [(6.0, 0.07, 0.07), *also]}}))
    verdicts = [difficulty.varies(sets).verdict, difficulty.hardest(study, sets).verdict]
    assert verdicts == ([OPEN_VERDICT] * 2 if unclear else [CONFIRMED, REFUTED])
    words = "pc2 6.000 (5.980 to 6.020, n = 50)" + (
        ", perhaps 1.900 (1.880 to 1.920, n = 50)" if unclear else ""
    )
    assert words + ";" in difficulty.varies(sets).measured


def test_models_that_may_be_broken_change_nothing_where_they_are_no_better(table, study):
    pairs = {"pc1": {"ga": [(2.0, 0.07, 0.07)]}, "pc2": {"ga": [(6.0, 0.07, 0.07), (6.5, UNCLEAR, 0.07)]}}
    sets = outcomes(table(pairs))
    assert difficulty.varies(sets).verdict == CONFIRMED
    assert "perhaps" not in difficulty.varies(sets).measured


@pytest.mark.parametrize("method", ["scrub", "statistics-only"])
@pytest.mark.parametrize(
    ("places", "verdict"),
    [
        ([STAYS] * 19 + [BREAKS], CONFIRMED),
        ([STAYS] * 9 + [BREAKS], OPEN_VERDICT),
        ([STAYS] * 8 + [BREAKS, BETWEEN], REFUTED),
        ([STAYS] * 8 + [BREAKS, OPEN], OPEN_VERDICT),
        ([BREAKS] * 3, REFUTED),
        ([], OPEN_VERDICT),
    ],
)
def test_stays(table, method, places, verdict):
    found = appendix_k.stays(outcomes(table({"a": {method: places}})), method, "a name")
    assert found.verdict == verdict
    told = f"of {len(places)} snapshots" if places else f"{method} has not been run."
    assert found.measured.startswith(told)


@pytest.mark.parametrize(
    ("scrub", "statistics", "verdict"),
    [
        ([STAYS], [BREAKS], CONFIRMED),
        ([BREAKS], [STAYS], REFUTED),
        ([STAYS], [STAYS], OPEN_VERDICT),
        ([BETWEEN], [BREAKS], REFUTED),  # whatever the control does
        ([BETWEEN], [OPEN], REFUTED),
        ([STAYS], [], OPEN_VERDICT),
        ([OPEN], [STAYS], OPEN_VERDICT),
    ],
)
def test_which_scrub(table, scrub, statistics, verdict):
    sets = outcomes(table({"a": {"scrub": scrub * 2, "statistics-only": statistics * 2}}))
    assert {f.sentence: f for f in appendix_k.findings(sets)}[
        "What Fig. 6 shows is SCRUB as its authors define it, not batch-norm statistics that drift alone."
    ].verdict == verdict


@pytest.mark.parametrize(
    ("places", "verdict"),
    [
        ([(5.0, 0.07, 0.09)] * 19 + [(5.0, 0.07, 3.0)], CONFIRMED),
        ([(5.0, 0.07, 0.09)] * 9 + [(5.0, 0.07, 3.0)], OPEN_VERDICT),
        ([(5.0, 0.07, 0.09)] * 8 + [(5.0, 0.07, 3.0)] * 2, REFUTED),
        ([(5.0, 0.07, 0.09)] * 78 + [(5.0, 0.07, 3.0)] * 9, OPEN_VERDICT),  # more than a tenth, by one
        ([(5.0, 8.0, 6.6)] * 2, CONFIRMED),  # apart by less than a fifth of the larger
        ([(5.0, 8.0, 6.0)] * 2, REFUTED),
        ([(5.0, 0.07, 0.18)], OPEN_VERDICT),
        ([], OPEN_VERDICT),
    ],
)
def test_retain_is_validation(table, places, verdict):
    sets = {"a": {"ga": places[:2], "gda": places[2:4], "scrub": places[4:]}}
    found = appendix_k.retain_is_validation(outcomes(table(sets)))
    assert found.verdict == verdict
    assert found.measured.startswith(
        f"of {len(places)} snapshots" if places else "ga and gda and scrub have not"
    )


@pytest.mark.parametrize(
    ("places", "verdict"),
    [
        ([(9.0, 0.07, 0.06), (9.0, 0.05, 0.08)], CONFIRMED),
        ([(9.0, 0.07, 0.06)] + [(9.0, 2.5, 2.4)] * 2, REFUTED),  # alike, but not low
        ([(9.0, 0.07, 0.06), (9.0, 2.5, 2.4)], OPEN_VERDICT),  # half of the sets, but for one
        ([(9.0, 0.07, 0.06)] * 3 + [(9.0, 2.5, 2.4)], CONFIRMED),
        ([(9.0, 0.07, 0.06)] + [(9.0, -0.05, 0.07)] * 2, REFUTED),  # low, but not alike
        ([(9.0, 0.07, 0.06), (9.0, 0.1, 0.07)], OPEN_VERDICT),
        ([], OPEN_VERDICT),
    ],
)
def test_pretrained_is_low(table, places, verdict):
    sets = {str(number): {"do-nothing": [place]} for number, place in enumerate(places)}
    assert appendix_k.pretrained_is_low(outcomes(table(sets))).verdict == verdict


@pytest.mark.parametrize("method", ["rewind", "noisy-descent"])
@pytest.mark.parametrize(
    ("alternative", "ascent", "verdict"),
    [
        ([SUCCEEDS, STAYS], [STAYS, BREAKS], CONFIRMED),
        ([BREAKS] * 10, [STAYS], REFUTED),
        ([STAYS] * 10, [SUCCEEDS], REFUTED),
        ([STAYS] * 9, [SUCCEEDS], OPEN_VERDICT),  # too few were tried to say what can be
        ([STAYS] * 10, [STAYS], OPEN_VERDICT),
        ([(8.9, 0.55, 0.07)] * 10, [STAYS], OPEN_VERDICT),  # perhaps broken, and no better
        ([(9.3, 0.07, 0.07)] * 10, [BREAKS], REFUTED),  # better than ascent, but not than doing nothing
        ([], [STAYS], OPEN_VERDICT),
        ([SUCCEEDS], [], OPEN_VERDICT),
    ],
)
def test_alternatives(table, method, alternative, ascent, verdict):
    sets = {name: {method: alternative, "gda": ascent} for name in ("a", "b", "c", "d", "e")}
    found = at_equal_cost.alternative(outcomes(table(sets)), method)
    assert found.verdict == verdict
    if not alternative or not ascent:
        assert found.measured == f"{'ga or gda or scrub' if alternative else method} has not been run."


@pytest.mark.parametrize(("n_sets", "verdict"), [(5, REFUTED), (4, OPEN_VERDICT)])
def test_few_sets_do_not_refute_what_can_be(table, n_sets, verdict):
    sets = outcomes(table({name: {"rewind": [BREAKS] * 10, "ga": [STAYS]} for name in "abcde"[:n_sets]}))
    assert at_equal_cost.alternative(sets, "rewind").verdict == verdict


def test_that_it_is_better_must_not_hang_on_one_set(table):
    def verdict(better, worse):
        names = "abcdefgh"
        sets = {name: {"rewind": [SUCCEEDS], "ga": [STAYS]} for name in names[:better]}
        sets |= {name: {"rewind": [STAYS], "ga": [SUCCEEDS]} for name in names[better : better + worse]}
        return at_equal_cost.alternative(outcomes(table(sets)), "rewind").verdict

    assert [verdict(3, 1), verdict(2, 1), verdict(3, 2), verdict(4, 2)] == [
        CONFIRMED, OPEN_VERDICT, OPEN_VERDICT, CONFIRMED,
    ]  # fmt: skip


def test_what_alternatives_measure_is_told(table):
    """The largest lead is a difference: 0.5 against 8.9 is more than 0.07 against 3, which is a larger ratio."""
    pairs = {"a": (0.07, 3.0), "b": (0.5, 8.9), "c": (8.0, 3.5)}
    sets = {
        name: {"rewind": [(own, 0.07, 0.07)], "ga": [(ascent, 0.07, 0.07)]}
        for name, (own, ascent) in pairs.items()
    }
    measured = at_equal_cost.alternative(outcomes(table(sets)), "rewind").measured
    assert measured.startswith("of 3 comparisons on 3 sets 2 better, 1 worse, 0 undecided; ")
    for budget in (0.1, 0.25, 0.5, 1):
        told = f"within {budget:g}, median over 3 sets 0.50 against 3.50 of ascent and 9.00 of doing nothing"
        assert told in measured
    assert "; largest lead, on b within 0.1: rewind (rate 0.1" in measured
    assert measured.endswith("; of all 3 snapshots of rewind 1 are a success, 0 are broken")


def test_the_same_two_configurations_are_compared_once_whatever_the_budget(table, row):
    rows = table({"a": {"ga": [STAYS]}, "b": {"ga": [STAYS]}})
    for name in ("a", "b"):
        rows += [*row(name, "rewind", 0.1, BETWEEN, cost=0.05), *row(name, "rewind", 0.2, SUCCEEDS, cost=0.4)]
    duels = at_equal_cost.fought(outcomes(rows), "rewind")
    merits = [[duel.alternative.merit for duel in of_set] for of_set in at_equal_cost.distinct(duels)]
    assert (len(duels), merits) == (8, [[BETWEEN[0], SUCCEEDS[0]]] * 2)


def test_ascent_with_frozen_statistics_is_no_rival(table):
    sets = {name: {"rewind": [BETWEEN], "gda": [STAYS]} for name in "abc"}
    rows = table(sets) + table({name: {"ga": [SUCCEEDS]} for name in "abc"}, norm="frozen")
    assert at_equal_cost.alternative(outcomes(rows), "rewind").verdict == CONFIRMED
    alone = table({name: {"rewind": [BETWEEN]} for name in "abc"})
    frozen = table({name: {"ga": [SUCCEEDS]} for name in "abc"}, norm="frozen")
    measured = at_equal_cost.alternative(outcomes(alone + frozen), "rewind").measured
    assert measured == "ga or gda or scrub has not been run."


def test_what_costs_more_than_the_budget_is_not_compared(table, row):
    def duels(cost):
        rows = []
        for name in ("a", "b"):
            rows += table({name: {"ga": [STAYS]}})
            rows += row(name, "rewind", 0.1, SUCCEEDS, cost=cost)
        return at_equal_cost.fought(outcomes(rows), "rewind")

    assert [duel.budget for duel in duels(0.1)] == [0.1, 0.25, 0.5, 1.0] * 2
    assert [duel.budget for duel in duels(0.3)] == [0.5, 1.0] * 2
    assert duels(1.1) == duels(0.0) == []
    dear = [*row("a", "ga", 0.1, STAYS, cost=2), *row("b", "ga", 0.1, STAYS, cost=2)]
    cheap = [*row("a", "rewind", 0.1, SUCCEEDS, cost=0.1), *row("b", "rewind", 0.1, SUCCEEDS, cost=0.1)]
    assert at_equal_cost.fought(outcomes([*table({"a": {}, "b": {}}), *dear, *cheap]), "rewind") == []
    assert all(duel.wins and not duel.loses for duel in duels(0.3))


def test_the_choice_is_made_on_the_other_sets(table):
    sets = {
        "a": {"rewind": [SUCCEEDS, STAYS], "ga": [STAYS]},
        "b": {"rewind": [STAYS, SUCCEEDS], "ga": [STAYS]},
    }
    for duel in at_equal_cost.fought(outcomes(table(sets)), "rewind"):
        assert duel.alternative.merit == STAYS[0]
    alone = outcomes(table({"a": sets["a"]}))
    assert at_equal_cost.fought(alone, "rewind") == []
    assert at_equal_cost.alternative(alone, "rewind").measured.startswith("Two sets with something to forget")


def test_without_intervals_nothing_about_moving_is_decided(table, study, no_interval):
    whole = table(
        {n: {m: [SUCCEEDS, BREAKS] for m in ("ga", "gda", "scrub")} for n in ("random-10", "random-100")}
    )
    assert "refuted" in {f.verdict for f in findings(study, whole)}
    assert {f.verdict for f in findings(study, no_interval(whole))} == {OPEN_VERDICT}


def test_the_bounds_are_those_that_were_written():
    """Rules are dated: a bound that moves is another rule."""
    assert (2.0, 0.2, Fraction(9, 10)) == (difficulty.FACTOR, appendix_k.ALIKE, MOST)
    assert at_equal_cost.BUDGETS == (0.1, 0.25, 0.5, 1.0)
    assert (at_equal_cost.TRIED, at_equal_cost.SETS, FORTY) == (10, 5, 40)


def test_an_empty_study_decides_nothing_and_says_what_is_missing(study):
    found = findings(study, [])
    assert {f.verdict for f in found} == {OPEN_VERDICT}
    assert all(isinstance(f, Finding) and f.measured and f.rule and f.where for f in found)
    assert len({f.sentence for f in found}) == len(found)
    assert {f.claim for f in found} == {"da-fails"}


def test_findings_as_lines(table, study):
    found = findings(study, table({"a": {"ga": [STAYS]}}))
    lines = list(as_lines(found))
    assert sum(line.startswith("da-fails  ") for line in lines) == len(found)
    assert lines[-1].endswith(" not decided")
    assert sum(int(part.split()[0]) for part in lines[-1].split(", ")) == len(found)

"""What became of a snapshot: each bound from both sides, and open where an interval holds it."""

import math

import pytest

from ascentcheck.empirics.findings.outcome import outcomes, worth_forgetting
from ascentcheck.empirics.klom import WORST


def judged(row, place, still=(9.0, 0.6, 0.6), **options):
    rows = [
        *row("a", "do-nothing", 0.0, still),
        *row("a", "held-out", 0.0, (0.6, 0.6, 0.6)),
        *row("a", "ga", 0.1, place, **options),
    ]
    ((snapshot,),) = [s.snapshots for s in outcomes(rows)]
    return snapshot


@pytest.mark.parametrize(
    ("place", "options", "broken", "moved", "forgotten", "intact"),
    [
        ((9.0, 0.6, 0.6), {}, False, False, False, True),
        ((7.4, 1.05, 0.6), {}, False, False, False, True),  # 1.2 is two floors, 7.2 is 20% less than 9
        ((7.2, 1.2, 0.6), {}, None, None, False, None),
        ((7.0, 1.35, 0.6), {}, True, True, False, False),
        ((10.95, 0.6, 0.6), {}, False, True, False, True),  # away from the oracles is a move, too
        ((10.8, 0.6, 0.6), {}, False, None, False, True),
        ((1.0, 0.6, 0.6), {}, False, True, True, True),
        ((1.2, 0.6, 0.6), {}, False, True, None, True),
        ((1.0, 0.6, 0.6), {"diverged": 1}, True, True, True, True),
        ((1.0, 0.6, 0.6), {"accuracy": 0.949}, True, True, True, True),  # two in a hundred worse than oracles
        ((1.0, 0.6, 0.6), {"accuracy": 0.951}, False, True, True, True),
        ((1.0, 0.1, 0.1), {"accuracy": 0.9}, True, True, True, True),  # a score below the floor saves nobody
        ((9.0, 0.6, 0.6), {"spread": math.nan}, None, None, None, None),
        ((9.0, 0.6, 0.6), {"spread": 3.0}, None, None, False, None),
    ],
)
def test_each_bound(row, place, options, broken, moved, forgotten, intact):
    found = judged(row, place, **options)
    assert (found.broken, found.moved, found.forgotten, found.intact) == (broken, moved, forgotten, intact)


def test_models_are_not_broken_by_what_they_began_with(row):
    still = (9.0, 2.3, 0.6)
    assert judged(row, (9.0, 2.3, 0.6), still).broken is False
    assert judged(row, (9.0, 2.3, 0.6), still).stays is True
    assert judged(row, (1.0, 2.3, 0.6), still).succeeds is False  # but they are not near oracles either
    assert judged(row, (9.0, 4.8, 0.6), still).broken is True


@pytest.mark.parametrize(
    ("place", "either_or", "stays", "succeeds"),
    [
        ((8.9, 0.7, 0.7), True, True, False),
        ((3.0, 6.0, 6.0), True, False, False),
        ((8.9, 6.0, 6.0), True, False, False),
        ((5.0, 0.7, 0.7), False, False, False),
        ((0.7, 0.7, 0.7), False, False, True),
        ((7.2, 0.7, 0.7), None, None, False),
        ((8.9, 1.2, 0.7), True, None, False),  # near or broken, one of the two
        ((5.0, 1.2, 0.7), None, False, False),
        ((1.2, 0.7, 0.7), False, False, None),
    ],
)
def test_what_follows_from_the_bounds(row, place, either_or, stays, succeeds):
    found = judged(row, place)
    assert (found.either_or, found.stays, found.succeeds) == (either_or, stays, succeeds)


def test_merit_is_the_larger_score_and_the_worst_of_broken_models(row):
    found = judged(row, (5.0, 0.7, 9.9))
    assert (found.merit, found.merit_interval) == (5.0, (4.9, 5.1))
    broken = judged(row, (0.1, 0.1, 0.1), accuracy=0.5)
    assert (broken.merit, broken.merit_interval) == (WORST, (WORST, WORST))


def test_sets_without_controls_have_no_outcome(row):
    rows = [*row("a", "do-nothing", 0.0, (9.0, 0.6, 0.6)), *row("a", "ga", 0.1, (9.0, 0.6, 0.6))]
    assert outcomes(rows) == ()
    assert outcomes([]) == ()
    rows += row("a", "held-out", 0.0, (0.6, 0.6, 0.6))
    assert [s.name for s in outcomes(rows)] == ["a"]
    without_retain = [r for r in rows if r.split != "retain" or r.method != "ga"]
    assert outcomes(without_retain)[0].snapshots == ()


@pytest.mark.parametrize(("forget", "worth"), [(9.0, 1), (1.35, 1), (1.2, 0), (0.6, 0)])
def test_only_sets_with_something_to_forget_are_worth_it(row, forget, worth):
    rows = [*row("a", "do-nothing", 0.0, (forget, 0.6, 0.6)), *row("a", "held-out", 0.0, (0.6, 0.6, 0.6))]
    assert len(worth_forgetting(outcomes(rows))) == worth

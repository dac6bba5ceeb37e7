"""What became of a snapshot: each bound from both sides, and open where an interval holds it."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from ascentcheck.empirics.findings import outcome
from ascentcheck.empirics.findings.outcome import (
    HARMED,
    LOST,
    MOVED,
    NEAR,
    WORST,
    apart,
    by_run,
    outcomes,
    select,
    worth_forgetting,
)


def judged(row, place, still=(9.0, 0.05, 0.05), **options):
    rows = [
        *row("a", "do-nothing", 0.0, still),
        *row("a", "held-out", 0.0, (0.0, 0.0, 0.0)),
        *row("a", "ga", 0.1, place, **options),
    ]
    ((snapshot,),) = [s.snapshots for s in outcomes(rows)]
    return snapshot


@pytest.mark.parametrize(
    ("place", "options", "broken", "moved", "forgotten", "intact"),
    [
        ((9.0, 0.05, 0.05), {}, False, False, False, True),
        (
            (7.25, 0.52, 0.05),
            {},
            False,
            False,
            False,
            False,
        ),  # 7.2 is 20% less than 9, 0.55 is half a spread more
        ((7.2, 0.55, 0.05), {}, None, None, False, False),
        ((7.15, 0.58, 0.05), {}, True, True, False, False),
        ((10.85, 0.05, 0.05), {}, False, True, False, True),  # away from the oracles is a move, too
        ((10.8, 0.05, 0.05), {}, False, None, False, True),
        ((90.0, 0.05, 0.05), {}, False, True, False, True),  # and nothing saturates
        ((0.07, 0.05, 0.05), {}, False, True, True, True),
        ((0.1, 0.09, 0.05), {}, False, True, None, None),
        ((0.05, 0.05, 0.05), {"diverged": 1}, True, True, True, True),
        (
            (0.05, 0.05, 0.05),
            {"accuracy": 0.949},
            True,
            True,
            True,
            True,
        ),  # two in a hundred worse than oracles
        ((0.05, 0.05, 0.05), {"accuracy": 0.951}, False, True, True, True),
        ((0.05, -0.1, -0.1), {"accuracy": 0.9}, True, True, True, True),  # a score below 0 saves nobody
        ((9.0, 0.05, 0.05), {"spread": math.nan}, None, None, None, None),
        ((9.0, 0.05, 0.05), {"spread": 3.0}, None, None, False, None),
    ],
)
def test_each_bound(row, place, options, broken, moved, forgotten, intact):
    found = judged(row, place, **options)
    assert (found.broken, found.moved, found.forgotten, found.intact) == (broken, moved, forgotten, intact)


def test_the_bounds_are_those_that_were_written():
    """Rules are dated: a bound that moves is another rule, with another date in `docs/explanation/rules.md`."""
    assert (NEAR, MOVED, HARMED, LOST, WORST) == (0.1, 0.2, 0.5, 0.02, 10.0)


def test_accuracy_has_an_interval(row):
    """Lost by 0.025 with a standard error of 0.01: more than two in a hundred or not, it cannot be told."""
    rows = [
        *row("a", "do-nothing", 0.0, (9.0, 0.05, 0.05)),
        *row("a", "held-out", 0.0, (0.0, 0.0, 0.0)),
        *(replace(r, accuracy_error=0.01) for r in row("a", "ga", 0.1, (5.0, 0.05, 0.05), accuracy=0.945)),
    ]
    assert outcomes(rows)[0].snapshots[0].broken is None


def test_accuracies_that_are_lost_are_independent_of_each_other(row):
    one, oracles = (
        replace(row("a", "ga", 0.1, (5.0, 0.05, 0.05), accuracy=a)[0], accuracy_error=e)
        for a, e in ((0.9, 0.03), (0.95, 0.04))
    )
    assert outcome._lost(one, oracles) == pytest.approx((0.05 - 1.96 * 0.05, 0.05 + 1.96 * 0.05))


def test_models_are_not_broken_by_what_they_began_with(row):
    still = (9.0, 2.3, 0.05)
    assert judged(row, (9.0, 2.3, 0.05), still).broken is False
    assert judged(row, (9.0, 2.3, 0.05), still).stays is True
    assert judged(row, (0.05, 2.3, 0.05), still).succeeds is False  # but they are not near oracles either
    assert judged(row, (9.0, 2.9, 0.05), still).broken is True


def test_differences_are_paired(row):
    """Two scores with wide intervals that vary together differ by little, and by much if they vary apart."""
    one, other = (row("a", "ga", key, (5.0, 0.05, 0.05), spread=1.0)[2] for key in (0.1, 0.2))
    assert apart(replace(one, energy=5.1), other) == pytest.approx((0.1, 0.1))
    alone = replace(other, shares=tuple(np.roll(other.shares, 1)))
    low, high = apart(replace(one, energy=5.1), alone)
    assert high - low == pytest.approx(4.0)
    assert all(map(math.isnan, apart(one, replace(other, shares=()))))


@pytest.mark.parametrize(
    ("place", "either_or", "stays", "succeeds"),
    [
        ((8.9, 0.07, 0.07), True, True, False),
        ((3.0, 6.0, 6.0), True, False, False),
        ((8.9, 6.0, 6.0), True, False, False),
        ((5.0, 0.07, 0.07), False, False, False),
        ((0.07, 0.07, 0.07), False, False, True),
        ((7.2, 0.07, 0.07), None, None, False),
        ((8.9, 0.55, 0.07), True, None, False),  # near or broken, one of the two
        ((5.0, 0.55, 0.07), None, False, False),
        ((0.1, 0.07, 0.07), False, False, None),
    ],
)
def test_what_follows_from_the_bounds(row, place, either_or, stays, succeeds):
    found = judged(row, place)
    assert (found.either_or, found.stays, found.succeeds) == (either_or, stays, succeeds)


def test_merit_is_the_larger_score_and_the_worst_of_broken_models(row):
    assert judged(row, (5.0, 0.07, 9.9)).merit == 5.0
    assert judged(row, (0.02, 0.07, 9.9)).merit == 0.07
    assert judged(row, (50.0, 0.07, 9.9)).merit == WORST
    assert judged(row, (0.01, 0.01, 0.01), accuracy=0.5).merit == WORST


@pytest.mark.parametrize("place", [(math.nan, 0.07, 0.07), (0.07, math.nan, 0.07)])
def test_a_score_that_is_missing_is_the_worse(row, place):
    found = judged(row, place)
    assert found.merit == WORST
    assert math.isnan(found.worse_row.energy)


def test_even_merit_is_the_worst_where_models_are_broken_or_it_is_missing(row):
    def by_even(place, even, **options):
        rows = [
            *row("a", "do-nothing", 0.0, (9.0, 0.05, 0.05)),
            *row("a", "held-out", 0.0, (0.0, 0.0, 0.0)),
            *(replace(r, energy_even=even[r.split]) for r in row("a", "ga", 0.1, place, **options)),
        ]
        return outcomes(rows)[0].snapshots[0].even_merit

    even = {"forget": 0.3, "validation": 0.2, "retain": 8.0}
    assert by_even((5.0, 0.07, 0.05), even) == 0.3
    assert by_even((5.0, 0.07, 0.05), even | {"validation": 0.4}) == 0.4
    assert by_even((5.0, 0.07, 0.05), even, accuracy=0.5) == WORST
    for split in ("forget", "validation"):
        assert by_even((5.0, 0.07, 0.05), even | {split: math.nan}) == WORST
    assert by_even((5.0, 0.07, 0.05), even | {"forget": 99.0}) == WORST


def test_what_is_picked_afterwards_is_picked_by_the_even_members(row):
    rows = [
        *row("a", "do-nothing", 0.0, (9.0, 0.05, 0.05)),
        *row("a", "held-out", 0.0, (0.0, 0.0, 0.0)),
        *(replace(r, energy_even=0.01) for r in row("a", "ga", 0.1, (5.0, 0.05, 0.05))),
        *row("a", "ga", 0.2, (4.0, 0.05, 0.05)),
    ]
    picked, ruled = select(outcomes(rows)[0].snapshots, [])
    assert (picked.rows["forget"].learning_rate, ruled) == (0.1, None)


def test_a_configuration_that_is_another_on_a_small_set_is_stood_for_by_it(row):
    """With ten points to forget, batches of 64 are those of 32: one of the two is run."""

    def ran(name, size, by_batch):
        rows = []
        for batch, forget in by_batch.items():
            settings = json.dumps({"batch_norm": "running", "forget_batch": batch})
            rows += [replace(r, forget_size=size, forget_batch=batch, hyperparameters=settings)
                     for r in row(name, "gda", 0.1, (forget, 0.05, 0.05))]  # fmt: skip
        controls = [
            *row(name, "do-nothing", 0.0, (9.0, 0.05, 0.05)), *row(name, "held-out", 0.0, (0.0,) * 3)
        ]  # fmt: skip
        (found,) = outcomes([*(replace(r, forget_size=size) for r in controls), *rows])
        return found.snapshots

    def ruled(own, *others):
        _, chosen = select(own, others)
        return chosen and (chosen.forget_set, chosen.rows["forget"].forget_batch)

    small, large, other = (
        ran("a", 10, {32: 3.0}),
        ran("b", 100, {32: 5.0, 64: 4.0}),
        ran("c", 100, {32: 5.0, 64: 6.0}),
    )
    assert ruled(large, small, other) == ("b", 32)
    assert ruled(other, small, large) == ("c", 64)  # better on b, and on a they are the same
    assert ruled(small, large) == ("a", 32)
    assert ruled(large, ran("a", 48, {32: 3.0})) == ("b", 32)  # batches of 48 differ from those of 32
    assert ruled(ran("d", 100, {64: 1.0}), large, small) == ("d", 64)
    assert ruled(small, ran("d", 100, {64: 1.0})) == ("a", 32)


def test_snapshots_of_one_training_are_one_run(row):
    rows = [*row("a", "do-nothing", 0.0, (9.0, 0.05, 0.05)), *row("a", "held-out", 0.0, (0.0, 0.0, 0.0))]
    for key, epoch, forget in ((0.1, 1, 9.0), (0.2, 1, 3.0), (0.1, 3, 2.0)):
        rows += row("a", "ga", key, (forget, 0.05, 0.05), epoch=epoch)
    assert by_run(outcomes(rows)[0].snapshots, lambda s: s.moved) == [[False, True], [True]]


def test_sets_without_controls_have_no_outcome(row):
    rows = [*row("a", "do-nothing", 0.0, (9.0, 0.05, 0.05)), *row("a", "ga", 0.1, (9.0, 0.05, 0.05))]
    assert outcomes(rows) == ()
    assert outcomes([]) == ()
    rows += row("a", "held-out", 0.0, (0.0, 0.0, 0.0))
    assert [s.name for s in outcomes(rows)] == ["a"]
    others = [replace(r, forget_set="b") for r in rows]
    assert [s.name for s in outcomes([*row("c", "ga", 0.1, (9.0, 0.05, 0.05)), *others])] == ["b"]
    without_retain = [r for r in rows if r.split != "retain" or r.method != "ga"]
    assert outcomes(without_retain)[0].snapshots == ()


@pytest.mark.parametrize(("forget", "worth"), [(9.0, 1), (0.13, 1), (0.1, 0), (0.0, 0)])
def test_only_sets_with_something_to_forget_are_worth_it(row, forget, worth):
    rows = [
        *row("a", "do-nothing", 0.0, (forget, 0.05, 0.05)),
        *row("a", "held-out", 0.0, (0.0, 0.0, 0.0)),
    ]
    assert len(worth_forgetting(outcomes(rows))) == worth

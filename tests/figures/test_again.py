"""What the counts of a page still tell: against every way in which they may be spread over runs."""

import itertools
from collections import Counter
from pathlib import Path

import pytest

from ascentcheck.empirics.findings.answer import (
    majority,
    nearly_all,
    steady_majority,
    steady_nearly_all,
)
from ascentcheck.figures.again import MARK, low_and_alike, over_sets, possible, records, renamed

ROOT = Path(__file__).parents[2]
STEADY = {majority: steady_majority, nearly_all: steady_nearly_all}


@pytest.mark.parametrize("rule", [majority, nearly_all])
@pytest.mark.parametrize("stops", [(1,) * 6, (2,) * 5, (3,) * 4, (3, 3, 2, 2), (5, 5, 5)])
def test_what_the_counts_tell_is_so_however_they_are_spread(rule, stops):
    seen = {}
    for spread in itertools.product(*(range(n + 1) for n in stops)):
        runs = [[True] * yes + [False] * (n - yes) for yes, n in zip(spread, stops, strict=True)]
        seen.setdefault(sum(spread), set()).add(STEADY[rule](runs))
    told = Counter()
    for yes, verdicts in seen.items():
        found = possible(rule, (sum(stops), yes, sum(stops) - yes), (len(stops), max(stops)))
        assert verdicts <= found
        told[len(found)] += 1
    assert told[1] > 0  # and it tells something


def test_what_counts_of_the_pages_tell():
    assert possible(nearly_all, (87, 64, 9), (33, 3)) == {None}  # 9 of 87 are more than a tenth, by one
    assert possible(nearly_all, (208, 110, 48), (48, 5)) == {False}
    assert possible(nearly_all, (8, 5, 2), (4, 2)) == {False, None}  # two runs, or one
    assert possible(majority, (1035, 599, 200), (207, 5)) == {True}
    assert possible(majority, (18, 10, 8), (9, 2)) == {None}
    assert possible(majority, (0, 0, 0), (0, 0)) == {None}


def test_sets_that_may_go_either_way_leave_what_most_do_unknown():
    yes, no, unknown = frozenset({True}), frozenset({False}), frozenset({True, None})
    assert over_sets([yes, yes, yes, no]) == {True}
    assert over_sets([yes, yes, unknown, no]) == {True, None}
    assert over_sets([yes, no]) == {None}


@pytest.mark.parametrize(
    ("ends", "verdicts"),
    [
        ((0.01, 0.02, 0.03, 0.05), {True}),
        ((0.01, 0.02, 0.2, 0.3), {False}),
        ((0.01, 0.02, 0.09, 0.11), {False, None}),
        ((-0.02, 0.0, 0.05, 0.09), {True, False, None}),  # low, but perhaps more than 0.1 apart
    ],
)
def test_low_and_alike(ends, verdicts):
    retain_low, retain_high, low, high = ends
    assert low_and_alike(*ends) == verdicts == low_and_alike(low, high, retain_low, retain_high)


def test_the_sentences_on_alternatives_are_told_as_they_are_written_since():
    old = "Methods based on rewinding can be valid alternatives to ascent."
    assert renamed(old).startswith(old.removesuffix(".") + ", read as: at equal cost nearer")
    assert renamed(renamed(old)) == renamed(old)
    assert renamed("Another.") == "Another."


def test_records_and_notes_are_those_that_the_pages_give():
    folder = ROOT / "docs" / "results"
    made = dict(records(folder, ROOT / "studies"))
    older = [page for page in folder.glob("*.md") if MARK in page.read_text(encoding="utf-8")]
    assert set(made) == {folder / "before.json", *older, *(page.with_suffix(".json") for page in older)}
    for path, text in made.items():
        assert path.read_text(encoding="utf-8") == text, "run `python -m figures.again`"

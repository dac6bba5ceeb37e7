"""Doing nothing against descent-ascent, on tables in which it is known which is better."""

import pytest

from ascentcheck.empirics.findings import doing_nothing, findings, klom_n
from ascentcheck.empirics.findings.outcome import outcomes

NEARER, FARTHER, AS_FAR, BREAKS = (5.0, 0.07, 0.07), (12.0, 0.07, 0.07), (9.0, 0.05, 0.05), (3.0, 6.0, 6.0)
CONFIRMED, REFUTED, OPEN = "confirmed", "refuted", "not decided"


def decide(table, by_set, rule):
    sets = {f"set {i}": {"descent-ascent": places} for i, places in enumerate(by_set)}
    return rule(outcomes(table(sets)))


@pytest.mark.parametrize(
    ("by_set", "verdict"),
    [
        ([[FARTHER, BREAKS, NEARER]] * 2, CONFIRMED),
        ([[FARTHER, NEARER, NEARER]] * 2, REFUTED),
        ([[FARTHER, NEARER]] * 2, OPEN),  # half are better, but for one run
        ([[NEARER]], OPEN),
        ([[AS_FAR, FARTHER]], OPEN),
        ([], OPEN),
    ],
)
def test_at_any_stop(table, by_set, verdict):
    assert decide(table, by_set, doing_nothing.at_any_stop).verdict == verdict


@pytest.mark.parametrize(
    ("by_set", "verdict"),
    [
        ([[FARTHER, NEARER]] * 3, REFUTED),  # the second is chosen
        ([[FARTHER, BREAKS]] * 3, CONFIRMED),  # broken models are never chosen where others are
        ([[AS_FAR]] * 2, OPEN),
        ([[NEARER]], OPEN),  # nothing to choose on
    ],
)
def test_chosen(table, by_set, verdict):
    assert decide(table, by_set, doing_nothing.chosen).verdict == verdict


def test_the_choice_is_made_on_the_other_sets(table):
    own, other = [NEARER, FARTHER], [FARTHER, NEARER]
    found = decide(table, [own, other, other, other], doing_nothing.chosen)
    assert "1 worse than doing nothing, 3 better" in found.measured
    assert found.verdict == REFUTED


def test_frozen_statistics_are_not_counted(table):
    sets = {"a": {"descent-ascent": [NEARER]}, "b": {"descent-ascent": [NEARER]}}
    rows = table(sets, norm="frozen")
    assert "has not been run" in doing_nothing.at_any_stop(outcomes(rows)).measured


def test_both_are_among_the_findings(study, table):
    told = [one.sentence for one in findings(study, table({"a": {"descent-ascent": [FARTHER]}}))]
    assert sum("better strategy than descent-ascent" in sentence for sentence in told) == 2


def test_what_needs_no_study_is_kept_beside_a_table_alone(study, table, monkeypatch):
    asked = []
    monkeypatch.setattr(klom_n, "findings", lambda store: asked.append(store) or ())
    for rows in ([], table({"a": {"ga": [(8.9, 0.07, 0.07)]}})):
        findings(study, rows, store="a store")
    assert asked == [None, "a store"]

"""How findings are told: counts, what is missing, and where a snapshot is."""

import json
from dataclasses import replace

import pytest

from ascentcheck.empirics.findings.outcome import outcomes
from ascentcheck.empirics.findings.words import missing, odd_place, place, settings, tally, tally_of_runs


def test_answers_are_counted():
    assert tally([True, True, False], "stay", "do not") == "of 3 snapshots 2 stay, 1 do not"
    assert tally([True, None, None], "stay", "do not") == "of 3 snapshots 1 stay, 0 do not, 2 unclear"
    told = tally_of_runs([[True, None], [False]], "stay", "do not")
    assert told == "of 3 snapshots 1 stay, 1 do not, 1 unclear, in 2 runs"


def test_a_configuration_is_told_with_all_that_makes_it_another(row):
    rows = [*row("a", "do-nothing", 0.0, (9.0, 0.05, 0.05)), *row("a", "held-out", 0.0, (0.0, 0.0, 0.0))]
    for beta in (1.0, "samples"):
        given = json.dumps({"batch_norm": "frozen", "beta": beta, "forget_batch": 64, "learning_rate": 0.05})
        made = row("a", "descent-ascent", 0.05, (3.0, 0.05, 0.05), norm="frozen", epoch=3)
        rows += [replace(r, hyperparameters=given) for r in made]
    assert [settings(s) for s in outcomes(rows)[0].snapshots] == [
        "descent-ascent (rate 0.05, beta 1.0, forget_batch 64, frozen statistics, epoch 3)",
        "descent-ascent (rate 0.05, beta samples, forget_batch 64, frozen statistics, epoch 3)",
    ]


def test_what_is_missing_is_named(table):
    nothing = [(0.07, 0.05, 0.05)]
    assert missing((), "ga") == "No set has its oracles and held-out oracles yet."
    other = outcomes(table({"a": {"ga": [(8.9, 0.07, 0.07)]}}))
    assert missing(other, "gda") == "gda has not been run."
    assert missing(other, "gda", "scrub") == "gda and scrub have not been run."
    done = outcomes(table({"a": {"ga": [(0.07, 0.05, 0.05)], "do-nothing": nothing}}))
    assert missing(done, "ga").startswith("On no set that was tried does doing nothing clearly leave")


@pytest.mark.parametrize(
    ("options", "broken"),
    [({}, ""), ({"accuracy": 0.5, "diverged": 3}, ", broken: accuracy 0.500, 3 diverged")],
)
def test_where_a_snapshot_is(table, options, broken):
    (one,) = outcomes(table({"a": {"ga": [(3.0, 0.5, 0.4)]}}, **options))
    (snapshot,) = one.as_printed("ga")
    told = "forget 3.000 (2.980 to 3.020, n = {n}), validation 0.500 (0.480 to 0.520, n = {n})"
    assert place(snapshot) == told.format(n=100) + broken
    assert odd_place(snapshot) == told.format(n=50) + broken
    assert settings(snapshot) == "ga (rate 0.1, running statistics, epoch 1)"

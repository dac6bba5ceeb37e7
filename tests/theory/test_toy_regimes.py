"""The stored map of regimes: decided again in part, and held to a symmetry that it was not made from."""

import json
from dataclasses import replace

import pytest
from flint import fmpq

from ascentcheck.theory.toy import regimes
from ascentcheck.theory.toy.problem import Reading, toy
from ascentcheck.theory.toy.stationary import solve

STORED = regimes.stored()
AS_PRINTED = fmpq(1, 10)


@pytest.mark.parametrize("reading", regimes.readings(), ids=regimes.key)
def test_the_stored_map_is_what_is_decided_at_the_printed_ridge_and_beyond(reading):
    row = STORED[regimes.key(reading)]
    for ridge in (AS_PRINTED, fmpq(1, 2)):
        assert regimes.regime(reading, ridge) == row[regimes.RIDGES.index(ridge)]


@pytest.mark.parametrize(
    ("reading", "ridge"),
    [
        (Reading("symmetric"), fmpq(1, 100)),
        (Reading("symmetric"), fmpq(7, 500)),
        (Reading(labels="binary", half=True), fmpq(1, 1000)),
        (Reading("symmetric", normaliser="weights", half=True), fmpq(1, 500)),
        (Reading("symmetric", exponent="whole"), fmpq(1, 10)),
    ],
)
def test_the_borders_of_the_story_are_as_stored(reading, ridge):
    assert regimes.regime(reading, ridge) == STORED[regimes.key(reading)][regimes.RIDGES.index(ridge)]


def test_the_figure_is_true_at_its_own_ridge_only_where_the_exponent_is_whole():
    at = regimes.RIDGES.index(AS_PRINTED)
    assert len(STORED) == 32
    assert all(row[at] >= 0 for row in STORED.values())
    true = [key for key, row in STORED.items() if row[at] == regimes.ALL]
    assert len(true) == 6
    assert all(key.startswith("whole") for key in true)
    assert STORED[regimes.key(Reading())][at] == 2


def test_a_half_is_the_same_as_twice_the_ridge():
    pairs = [
        (k, regimes.RIDGES.index(2 * r)) for k, r in enumerate(regimes.RIDGES) if 2 * r in regimes.RIDGES
    ]
    assert len(pairs) >= 8
    for reading in regimes.readings():
        if not reading.half:
            halved, whole = STORED[regimes.key(replace(reading, half=True))], STORED[regimes.key(reading)]
            assert [halved[k] for k, _ in pairs] == [whole[double] for _, double in pairs]
    once = solve("pretrained", Reading(), fmpq(1, 5), 0).minima[0]
    halved = solve("pretrained", Reading(half=True), AS_PRINTED, 0).minima[0]
    assert once.a.overlaps(halved.a)
    assert float(once.loss.mid()) == pytest.approx(2 * float(halved.loss.mid()), rel=1e-15)


def test_forgetting_nothing_leaves_nothing_to_move():
    assert regimes.regime(Reading("symmetric"), fmpq(1, 100), 0) == 3
    assert regimes.regime(Reading("symmetric"), fmpq(1, 100), 2) == regimes.ALL


def test_what_cannot_be_enclosed_is_unknown_and_nothing_else(monkeypatch):
    def lost(*_):
        raise ArithmeticError("too close")

    monkeypatch.setattr(regimes, "solve", lost)
    assert regimes.regime(Reading(), AS_PRINTED) == regimes.UNKNOWN
    with pytest.raises(ValueError, match="positive"):
        toy("da", Reading(), fmpq(0), 2)


def test_a_map_for_other_ridges_is_refused(tmp_path, monkeypatch):
    record = json.loads(regimes.PATH.read_text(encoding="utf-8"))
    record["ridges"][0] = "1/7"
    stale = tmp_path / "toy-regimes.json"
    stale.write_text(json.dumps(record), encoding="utf-8")
    monkeypatch.setattr(regimes, "PATH", stale)
    with pytest.raises(ValueError, match="make it again"):
        regimes.stored()

"""The scores of others on a study: a row for each snapshot, oracles beside, and a broken method told apart."""

import json
import math
import sys

import pytest

from ascentcheck.empirics.__main__ import empirics
from ascentcheck.empirics.study import peers as module
from ascentcheck.empirics.study.peers import as_record, as_text, peers
from ascentcheck.theory import console
from tests.small_study import study_text

METHODS = """
[[method]]
kind = "ga"
learning_rate = [1e-2, 1e30]
epochs = [3]
"""
STUDY = study_text(METHODS, name="peers", n_models=8)


@pytest.fixture(scope="module")
def session(computed, tmp_path_factory):
    return computed(STUDY, tmp_path_factory.mktemp("peers"))


@pytest.fixture(scope="module")
def found(session):
    return list(peers(session))


def test_each_snapshot_has_a_row_and_oracles_stand_beside(found):
    assert [one.method for one in found] == ["do-nothing", "held-out", "ga", "ga"]
    oracles = found[1]
    assert (oracles.n_oracle, oracles.n_unlearned) == (8, 8)
    assert oracles.tug_of_war > 0.9
    assert 0.2 < oracles.u_lira < 0.8
    assert 0 <= oracles.quality <= 1


def test_a_method_that_breaks_all_models_is_told_from_oracles(found):
    broken, oracles = found[-1], found[1]
    assert json.loads(broken.hyperparameters)["learning_rate"] == 1e30
    assert broken.epsilon == math.inf
    assert broken.quality == broken.competition == 0
    assert broken.tug_of_war < oracles.tug_of_war
    assert broken.membership == 1
    assert math.isnan(broken.u_lira)


def test_rows_of_the_printed_table_tell_configurations_apart(found):
    rows = as_text(found).splitlines()
    assert ["rate=0.01" in row for row in rows] == [False, False, False, True, False]
    assert ["rate=1e+30" in row for row in rows] == [False, False, False, False, True]


def test_oracles_that_are_never_right_leave_the_competition_without_a_score(session, monkeypatch):
    monkeypatch.setattr(module, "accuracy", lambda margins: 0.0)
    first = next(peers(session))
    assert math.isnan(first.competition)
    assert as_record(first)["competition"] is None
    assert " nan " in as_text([first])


def test_command(session, found, monkeypatch, capsys):
    given = [str(session.path), "--store", str(session.store.root)]
    for options, expected in (([], as_text(found)), (["--json"], None)):
        monkeypatch.setattr(sys, "argv", ["empirics", "peers", *given, *options])
        with pytest.raises(SystemExit) as stop:
            console.run(empirics, "empirics")
        out, _ = capsys.readouterr()
        assert stop.value.code == 0
        if expected is not None:
            assert out.rstrip() == expected
        else:
            read = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
            assert [one["method"] for one in read] == [one.method for one in found]
            assert (read[-1]["epsilon"], read[-1]["u_lira"]) == ("inf", None)

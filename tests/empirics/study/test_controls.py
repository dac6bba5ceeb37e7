"""A study's controls, split by split, and what is told where there are none."""

import json
import sys

import numpy as np
import pytest

from ascentcheck.empirics.__main__ import empirics
from ascentcheck.empirics.study.controls import MOST, controls
from ascentcheck.empirics.study.session import open_session
from ascentcheck.theory import console
from ascentcheck.theory.console import UserError
from tests.small_study import study_text


@pytest.fixture(scope="module")
def session(computed, tmp_path_factory):
    return computed(study_text(name="controls", n_models=8), tmp_path_factory.mktemp("controls"))


def test_each_split_has_the_margins_of_the_store(session):
    retain, validation = controls(session)
    assert (retain.name, validation.name) == ("random, retain", "random, validation")
    oracle = session.store.get(next(job.digest for job in session.plan if job.kind == "oracle"))
    np.testing.assert_array_equal(validation.oracle, oracle.array("validation")[:, ::2])
    assert {sample.shape for sample in (retain.oracle, retain.held_out, retain.pretrained)} == {(8, 238)}
    assert MOST >= 238  # 1,427 points, each sixth


def test_a_study_without_results_is_one_plain_line(session, tmp_path):
    with pytest.raises(UserError, match="no set has its oracles"):
        controls(open_session(session.path, tmp_path / "empty"))


def test_command(session, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "build" / "store").mkdir(parents=True)
    (tmp_path / "build" / "store" / "controls").symlink_to(session.store.root.resolve())
    given = ["power", "--candidates", "--study", str(session.path.resolve()), "--n", "4", "--studies", "10"]
    monkeypatch.setattr(sys, "argv", ["empirics", *given, "--json"])
    with pytest.raises(SystemExit) as stop:
        console.run(empirics, "empirics")
    assert stop.value.code == 0
    records = json.loads(capsys.readouterr().out)
    assert {one["change"] for one in records} == {"random, retain", "random, validation"}

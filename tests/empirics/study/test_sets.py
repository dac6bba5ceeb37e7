"""What is told of a study's forget sets, from an influence matrix that is really computed, on very few models."""

import json
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from ascentcheck.empirics.__main__ import empirics
from ascentcheck.empirics.forget_sets import make
from ascentcheck.empirics.influence import Again, Stability, projections
from ascentcheck.empirics.study import sets
from ascentcheck.empirics.study.drain import Drained, drain, workshop
from ascentcheck.empirics.study.session import open_session
from tests.small_study import study_text

SETS = """
[[forget_set]]
kind = "neighbours"
name = "near"
size = 5
point = 3

[[forget_set]]
kind = "component"
name = "pc2"
component = 2
highest = 4
lowest = 3
"""
DATAMODELS = """
[influence]
kind = "datamodels"
n_models = 40
test_subsets = 6
test_repeats = 2
batch = 25
components = 2
splits = 2
"""
STUDY = study_text(SETS + DATAMODELS, epochs=1)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "small.toml"
    path.write_text(STUDY)
    return path


@pytest.fixture(scope="module")
def session(path, tmp_path_factory):
    """A study that has been stopped in the middle of its datamodels and gone on."""
    session = open_session(path, tmp_path_factory.mktemp("store"))
    shop = workshop(session.study, session.dataset, session.store)
    half = drain(shop, session.plan[:2])
    assert half == Drained(computed=2)
    assert drain(shop, session.plan) == Drained(computed=9, present=2)
    return session


def job(session, label):
    return session.store.get(next(job for job in session.plan if job.label == label).digest)


def test_the_jobs_of_the_study_are_models_on_subsets_then_one_matrix(session):
    assert [job.label for job in session.plan[1:5]] == [
        "datamodels fit 0 to 24", "datamodels fit 25 to 39", "datamodels test 0 to 11", "influence",
    ]  # fmt: skip
    assert job(session, "influence").array("influence").shape == (1437, 1437)
    assert job(session, "datamodels fit 25 to 39").array("margin").shape == (15, 1437)


def test_what_was_stopped_and_gone_on_with_is_as_if_it_never_stopped(session, path, tmp_path):
    whole = open_session(path, tmp_path / "other")
    drain(workshop(whole.study, whole.dataset, whole.store), whole.plan[:5])
    one, other = job(session, "influence"), job(whole, "influence")
    assert one.record["influence"] == other.record["influence"]
    for name in one.names():
        np.testing.assert_array_equal(one.array(name), other.array(name))


def test_a_damaged_matrix_is_made_again_and_its_models_are_not(path, tmp_path):
    session = open_session(path, tmp_path / "store")
    shop = workshop(session.study, session.dataset, session.store)
    drain(shop, session.plan[:5])
    file = session.store.folder(session.plan[4].digest) / "influence.npy"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    later = open_session(path, tmp_path / "store")
    found = drain(workshop(later.study, later.dataset, later.store), later.plan[:5])
    assert found == Drained(computed=1, present=4, damaged=("influence",))


def test_oracles_of_a_component_are_trained_without_its_points(session):
    matrix = projections(job(session, "influence"))
    expected = make(session.study.forget_sets[2], session.dataset, projections=matrix)
    assert len(expected) == 7
    for kind in ("oracle", "held-out"):
        np.testing.assert_array_equal(job(session, f"{kind} pc2").array("forget"), expected)


def test_reports_of_a_finished_study(session):
    report, rows = sets.influence_report(session), sets.set_reports(session)
    assert report.notes["models"] == 40
    assert [len(v) for v in (*report.singular_values.values(), *report.noise.values())] == [2] * 4
    assert [len(v) for v in (*report.shared.values(), *report.noise_shared.values())] == [2] * 4
    assert all(v < 0.2 for v in report.shared["source"])  # so few models know nothing
    assert [(row.name, row.size, row.stability is None) for row in rows] == [
        ("random", 10, True), ("near", 5, True), ("pc2", 7, False),
    ]  # fmt: skip
    labels = session.dataset.train_y.numpy()[job(session, "oracle pc2").array("forget")]
    assert rows[2].commonest_class == np.bincount(labels).max() / 7
    assert rows[2].stability.found.ways == 2


def test_a_set_from_so_few_models_is_called_noise(session, path):
    assert sets.set_reports(session)[2].stability.warning.startswith("NOISE")
    result = CliRunner().invoke(empirics, ["sets", str(path), "--store", str(session.store.root)])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert [line.split()[0] for line in lines] == [
        "influence", "LDS", "reliability", "components", "in", "components", "in", "set", "random", "near", "pc2",
    ]  # fmt: skip
    assert ["NOISE" in line for line in lines[-3:]] == [False, False, True]
    result = CliRunner().invoke(empirics, ["sets", str(path), "--store", str(session.store.root), "--json"])
    printed = json.loads(result.output)
    assert [row["warning"] and row["warning"][:5] for row in printed["sets"]] == [None, None, "NOISE"]
    assert printed["influence"]["notes"]["models"] == 40


def test_before_anything_has_run_what_is_known_is_told(path, tmp_path):
    fresh = open_session(path, tmp_path / "none")
    assert sets.influence_report(fresh) is None
    rows = sets.set_reports(fresh)
    assert [(row.size, row.commonest_class is None, row.stability) for row in rows] == [
        (10, False, None), (5, True, None), (7, True, None),
    ]  # fmt: skip
    assert "LDS" not in sets.as_text(None, rows)


def test_a_set_that_comes_again_and_exceeds_noise_has_no_warning():
    good = Again(0.8, (0.7, 0.9), 0.9, (0.9, 0.9), 10)
    poor = Again(0.2, (0.1, 0.3), 0.1, (0.0, 0.2), 10)
    for found, noise, chance_high, singular_value, warning in (
        (good, poor, 0.4, 3.0, ""), (good, good, 0.4, 3.0, ""), (good, good, 0.4, 2.0, "NOISE"),
        (good, poor, 0.7, 3.0, "UNSTABLE"), (poor, poor, 0.1, 3.0, "UNSTABLE"),
    ):  # fmt: skip
        stability = Stability(found, noise, 0.1, chance_high, singular_value, 2.0)
        line = sets.as_text(None, [sets.SetReport("pc1", "component", 10, 0.5, stability)]).splitlines()[-1]
        assert ("NOISE" in line, "UNSTABLE" in line) == (warning == "NOISE", warning == "UNSTABLE")


TRAK = """
[influence]
kind = "trak"
checkpoints = 3
projection = 30
ridge = 1e-3
batch = 256
components = 2
splits = 2
"""
OF_TRAK = study_text(SETS + TRAK, epochs=1)


def test_a_set_can_be_made_of_trak_scores(tmp_path):
    pytest.importorskip("trak")
    path = tmp_path / "small.toml"
    path.write_text(OF_TRAK)
    session = open_session(path, tmp_path / "store")
    found = drain(workshop(session.study, session.dataset, session.store), session.plan)
    assert found == Drained(computed=8)
    rows = sets.set_reports(session)
    assert (rows[2].size, rows[2].stability.found.ways, rows[2].stability.noise) == (7, 2, None)
    lines = sets.as_text(sets.influence_report(session), rows).splitlines()
    assert lines[0] == "influence    3 models, 0 diverged"
    assert "of noise" not in "".join(lines[:5])


def test_without_the_package_trak_fails_in_one_line_and_its_sets_wait(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "trak", None)
    path = tmp_path / "small.toml"
    path.write_text(OF_TRAK)
    session = open_session(path, tmp_path / "store")
    found = drain(workshop(session.study, session.dataset, session.store), session.plan)
    assert found == Drained(computed=5, failed=1, blocked=2)
    reason = session.store.failure(session.plan[1].digest)
    assert reason.endswith("needs the package traker: pip install 'ascentcheck[trak]'")
    assert "\n" not in reason

"""A card's run on the processor: sizes, blocks, what is kept at a stop, and the command's errors."""

import json
import time

import numpy as np
import pytest
from click.testing import CliRunner

from ascentcheck.empirics.__main__ import empirics
from ascentcheck.empirics.card import command, plan
from ascentcheck.empirics.card.results import Results
from ascentcheck.empirics.card.study import Run, choose, study
from ascentcheck.empirics.card.table import CONTROLS, read
from ascentcheck.empirics.data import CifarShapedConfig, load
from ascentcheck.empirics.models import ResNet9
from ascentcheck.theory.console import UserError

SETS = {"near": np.arange(20), "random": np.arange(50, 80)}


@pytest.fixture(scope="module")
def images():
    return load(CifarShapedConfig(n_train=160, n_validation=30))


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(plan, "AT_ONCE", 3)
    monkeypatch.setattr(plan, "MOST", 6)
    monkeypatch.setattr(plan, "RATES", (1e-3,))
    monkeypatch.setattr(plan, "FROZEN_RATES", ())
    monkeypatch.setattr(plan, "GA_EPOCHS", (1, 2))
    every = plan.descents
    monkeypatch.setattr(plan, "descents", lambda sets: every(sets)[:2])


def run(images, folder, seconds):
    points = choose(images, SETS, 16, 0)
    results = Results(folder)
    results.note("run", device="cpu")
    model = ResNet9(1, images.shape, images.n_classes)
    made = Run(images, SETS, points, model, 0, results, time.monotonic() + seconds, lambda text: None)
    study(made, 1, compiled=False, batch_size=40, epochs=(2,))
    return made


@pytest.mark.parametrize(
    ("seconds", "per_epoch", "epochs", "models"),
    [(500, 0.31, 8, 20), (500, 0.1, 24, 20), (500, 10, 8, 10), (1e6, 0.1, 24, 100), (500, 0.15, 16, 20)],
)
def test_the_size_is_the_most_epochs_with_twenty_models_that_fit(seconds, per_epoch, epochs, models):
    found = plan.size(seconds, per_epoch, kinds=5)
    assert (found.epochs, found.n_models) == (epochs, models)
    assert found.seconds == pytest.approx(models * 5 * epochs * per_epoch)


def test_the_recipe_is_the_papers_at_its_24_epochs():
    recipe = plan.recipe(24)
    assert (recipe.learning_rate, recipe.peak_epoch, recipe.batch_size, recipe.weight_decay) == (
        0.4,
        5,
        512,
        5e-4,
    )


def test_a_whole_run_keeps_margins_and_what_it_was(images, small, tmp_path):
    made = run(images, tmp_path, 1e4)
    found = read(tmp_path)
    assert found.record["study"]["missed"] == []
    assert found.record["study"]["blocks"] == 2
    names = {(row.forget_set, row.name) for row in found.rows}
    assert {(name, control) for name in SETS for control in CONTROLS} <= names
    assert {row.n_models for row in found.rows} == {6}
    kinds = {row.name.split()[0] for row in found.rows}
    assert {"ga", "gda", "descent-ascent"} <= kinds
    shape = (6, len(made.points.index))
    for name in ("margins-trained", "margins-unlearned"):
        arrays = Results(tmp_path).read(name)
        assert arrays
        assert all(array.shape == shape and array.dtype == np.float16 for array in arrays.values())
    assert (made.points.split == "near").sum() == 20
    assert not set(made.points.index[made.points.split == "retain"]) & {*range(20), *range(50, 80)}


def test_members_of_blocks_are_the_members_of_the_whole(images, small, monkeypatch, tmp_path):
    monkeypatch.setattr(plan, "ascents", lambda sets: [])
    monkeypatch.setattr(plan, "descents", lambda sets: [])
    two = run(images, tmp_path / "two", 1e4)
    monkeypatch.setattr(plan, "AT_ONCE", 6)
    one = run(images, tmp_path / "one", 1e4)
    for name in ("pretrained", "oracle near"):
        np.testing.assert_allclose(one.ensemble(name), two.ensemble(name), atol=0.05)


def test_a_budget_that_ends_leaves_what_was_done_and_names_the_rest(images, small, tmp_path):
    run(images, tmp_path, 0)
    record = json.loads((tmp_path / "record.json").read_text())
    assert record["study"]["blocks"] == 0
    assert read(tmp_path).rows == ()


def test_the_study_without_data_is_one_plain_line(tmp_path):
    result = CliRunner().invoke(empirics, ["card", "--out", str(tmp_path), "--device", "cpu"])
    assert isinstance(result.exception, UserError)
    assert str(result.exception) == (
        "--data and --forget-set: the study needs both; --part tests and --part benchmark do not"
    )


@pytest.mark.parametrize(("part", "file"), [("tests", "TESTS"), ("benchmark", "BENCHMARK")])
def test_a_part_whose_file_an_installed_package_lacks_is_refused(part, file, tmp_path, monkeypatch):
    monkeypatch.setattr(command, file, command.ROOT / "not_here.py")
    result = CliRunner().invoke(empirics, ["card", "--part", part, "--out", str(tmp_path / "out")])
    assert isinstance(result.exception, UserError)
    assert str(result.exception).startswith(f"--part {part}: not_here.py is in a checkout alone")
    assert not (tmp_path / "out").exists()


def test_a_folder_without_a_record_is_one_plain_line(tmp_path):
    with pytest.raises(UserError, match=r"record\.json: is not the record of a card's run"):
        read(tmp_path)


def test_the_benchmark_and_the_tests_run_as_parts(tmp_path):
    result = CliRunner().invoke(
        empirics,
        [
            "card",
            "--tiny",
            "--part",
            "tests",
            "--part",
            "benchmark",
            "--device",
            "cpu",
            "--budget",
            "600",
            "--out",
            str(tmp_path),
        ],
    )
    assert result.exit_code == 0, result.output
    record = json.loads((tmp_path / "record.json").read_text())
    assert record["tests"]["ended"] == record["benchmark"]["ended"] == "with status 0"
    times = json.loads((tmp_path / "benchmark.json").read_text())["times"]
    assert {one["way"] for one in times} >= {"plain", "eager", "captured"}

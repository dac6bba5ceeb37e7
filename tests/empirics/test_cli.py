"""`python -m empirics` as a user meets it."""

import json
import subprocess
import sys

import numpy as np
import pytest

from empirics.klom import klom
from empirics.null_floor import null_floor


def empirics(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "empirics", *map(str, arguments)], capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("margins")
    draw = np.random.default_rng(0)
    good = draw.normal(size=(40, 30)).astype(np.float32)
    arrays = {
        "a": good,
        "b": draw.normal(size=(40, 30)),
        "one": good[:1],
        "flat": good[0],
        "points": good[:, :7],
        "none": good[:, :0],
        "text": good.astype(str),
        "complex": good + 1j,
    }
    for name, bad in (("nan", np.nan), ("inf", np.inf)):
        arrays[name] = good.copy()
        arrays[name][3, 4] = bad
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    np.save(folder / "object.npy", good.astype(object), allow_pickle=True)
    np.savez(folder / "several.npz", a=good)
    (folder / "words.npy").write_text("not an array")
    (folder / "torn.npy").write_bytes((folder / "a.npy").read_bytes()[:500])
    return folder


def test_score_prints_the_keys_and_the_values(files):
    result = empirics("score", "--oracle", files / "a.npy", "--unlearned", files / "b.npy", "--json")
    record = json.loads(result.stdout)
    expected = klom(np.load(files / "a.npy"), np.load(files / "b.npy"))
    assert record["estimator"] == "paper"
    assert record["models"] == {"oracle": 40, "unlearned": 40}
    assert record["points"] == 30
    assert record["diverged"] == {"oracle": 0, "unlearned": 0}
    assert record["p95"] == expected.p95
    assert record["mean"] == expected.mean
    assert record["null_p95"] == null_floor(40, 40).p95


def test_score_in_words_and_reversed(files):
    result = empirics(
        "score", "--oracle", files / "a.npy", "--unlearned", files / "b.npy", "--estimator", "paper-reversed"
    )
    assert "null p95" in result.stdout
    assert "paper-reversed" in result.stdout


def test_an_infinite_margin_is_a_diverged_model(files):
    arguments = ("score", "--oracle", files / "a.npy", "--json", "--unlearned")
    record = json.loads(empirics(*arguments, files / "inf.npy").stdout)
    assert record["diverged"]["unlearned"] == 1
    assert record["p95"] > json.loads(empirics(*arguments, files / "a.npy").stdout)["p95"]


def test_score_does_not_import_torch(files):
    code = (
        "import sys, runpy; sys.argv = ['empirics', 'score', '--oracle', sys.argv[1], '--unlearned', sys.argv[1]]\n"
        "try:\n    runpy.run_module('empirics', run_name='__main__')\nexcept SystemExit as end:\n"
        "    sys.exit(end.code or ('torch' in sys.modules and 9))"
    )
    result = subprocess.run([sys.executable, "-c", code, files / "a.npy"], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.npy", "cannot be read"),
        ("one.npy", "at least 2"),
        ("flat.npy", r"[models, points] is needed"),
        ("points.npy", "points must be the same"),
        ("none.npy", "no points"),
        ("text.npy", "real numbers"),
        ("complex.npy", "real numbers"),
        ("nan.npy", "margin of model 3 at point 4 is nan"),
        ("object.npy", "not a .npy file of numbers"),
        ("several.npz", "several arrays"),
        ("words.npy", "not a .npy file of numbers"),
        ("torn.npy", "not a .npy file of numbers"),
    ],
)
def test_bad_margins_are_one_plain_line(files, name, message):
    result = empirics("score", "--oracle", files / "a.npy", "--unlearned", files / name)
    assert result.returncode == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert message in result.stderr
    assert name in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["status"], "Missing argument"),
        (["score", "--oracle", "x"], "Missing option"),
        (
            ["score", "--oracle", "x", "--unlearned", "y", "--estimator", "mine"],
            "allowed are paper, paper-reversed",
        ),
        (["frob"], "No such command"),
    ],
)
def test_bad_commands_are_one_plain_line(arguments, message):
    result = empirics(*arguments)
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert message in result.stderr


def test_plan_and_status_before_anything_ran(tmp_path):
    study = "studies/digits.toml"
    before = empirics("status", study, "--store", tmp_path / "s").stdout.split()
    assert before[before.index("done") + 1] == "0"
    assert int(before[before.index("left") + 1]) > 50
    plan = empirics("plan", study, "--store", tmp_path / "s").stdout
    for word in ("jobs", "models", "sample passes", "margins stored", "time left"):
        assert word in plan

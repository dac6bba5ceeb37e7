"""`python -m empirics` as its users meet it: what it prints, and one line for every mistake."""

import json
import subprocess
import sys

import numpy as np
import pytest

import ascentcheck
from ascentcheck.empirics.__main__ import empirics
from ascentcheck.empirics.klom import ESTIMATORS, WORST, klom, null_floor
from ascentcheck.empirics.study.shown_settings import shown_settings
from ascentcheck.theory import console
from tests.small_study import study_text

STUDY = study_text("""
[[method]]
kind = "ga"
learning_rate = [1e-2, 1e-1]
epochs = [1, 3]
""")


@pytest.fixture
def command(monkeypatch, capsys):
    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["empirics", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            console.run(empirics, "empirics")
        out, err = capsys.readouterr()
        return stop.value.code, out, err

    return call


@pytest.fixture
def refused(command):
    def call(*arguments):
        code, out, err = command(*arguments)
        assert (code, out) == (2, "")
        assert err.startswith("empirics: ")
        assert err.count("\n") == 1
        return err

    return call


@pytest.fixture
def margins(tmp_path):
    def save(name, array, **options):
        np.save(tmp_path / name, array, **options)
        return tmp_path / name

    return save


DRAW = np.random.default_rng(0)
ORACLE = DRAW.normal(size=(50, 60)).astype(np.float32)
UNLEARNED = DRAW.normal(1, size=(40, 60))


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_score_as_json(command, margins, estimator):
    a, b = margins("a.npy", ORACLE), margins("b.npy", UNLEARNED)
    code, out, err = command("score", "--oracle", a, "--unlearned", b, "--estimator", estimator, "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    printed, expected = json.loads(out), klom(ORACLE, UNLEARNED, estimator)
    assert list(printed)[:7] == ["estimator", "models", "points", "p95", "mean", "null_p95", "diverged"]
    assert printed["estimator"] == estimator
    assert printed["models"] == {"oracle": 50, "unlearned": 40}
    assert printed["points"] == 60
    assert (printed["p95"], printed["mean"]) == (expected.p95, expected.mean)
    assert printed["null_p95"] == null_floor(50, 40, estimator).p95
    assert printed["diverged"] == {"oracle": 0, "unlearned": 0}
    assert printed["p95_interval"] == list(expected.interval)
    assert printed["null_mean"] == (0 if estimator == "energy" else null_floor(50, 40, estimator).mean)
    low, high = printed["interval"]
    assert low < (printed["mean"] if estimator == "energy" else printed["p95"]) < high


def test_points_without_a_score_are_told(command, margins):
    a, b = margins("z.npy", np.full((2, 5), 2.0)), margins("o.npy", np.full((2, 5), 3.0))
    code, out, _ = command("score", "--oracle", a, "--unlearned", b)
    assert code == 0
    assert "no score   at 5 of 5 points, counted as total misses: one sample lies wholly" in out
    assert json.loads(command("score", "--oracle", a, "--unlearned", b, "--json")[1])["undefined_points"] == 5


def test_energy_says_how_sure_it_is(command, margins):
    a, b = margins("a.npy", ORACLE), margins("b.npy", UNLEARNED)
    given = ("score", "--oracle", a, "--unlearned", b, "--estimator", "energy")
    printed = json.loads(command(*given, "--json")[1])
    assert printed["p_value"] == 1e-4
    assert 0.05 < printed["detectable"] < 0.5
    code, out, _ = command(*given)
    assert code == 0
    for word in ("energy distance in spreads", "95% interval", "p-value    0.0001", "detectable", "null 0"):
        assert word in out


@pytest.mark.parametrize("estimator", ["paper", "energy"])
def test_held_out_oracles_are_scored_beside(command, margins, estimator):
    held = DRAW.normal(size=(30, 60))
    a, b, c = margins("a.npy", ORACLE), margins("b.npy", UNLEARNED), margins("c.npy", held)
    given = ("score", "--oracle", a, "--unlearned", b, "--held-out", c, "--estimator", estimator)
    printed = json.loads(command(*given, "--json")[1])["held_out"]
    expected = klom(ORACLE, held, estimator)
    assert (printed["models"], printed["p95"], printed["mean"]) == (30, expected.p95, expected.mean)
    assert "held out" in command(*given)[1]


@pytest.mark.parametrize("estimator", ["paper", "energy"])
def test_the_json_of_a_file_has_what_the_text_says(command, margins, estimator):
    a, b = margins("a.npy", ORACLE), margins("b.npy", UNLEARNED)
    given = ("score", "--oracle", a, "--unlearned", b, "--estimator", estimator)
    told, record = command(*given)[1], json.loads(command(*given, "--json")[1])
    energy, (low, high) = record["energy"], record["energy"]["interval"]
    assert f"verdict    {record['verdict']}" in told
    assert f"energy {energy['mean']:.3g}, 95% interval {low:.3g} to {high:.3g}" in told
    assert f"p = {energy['p_value']:.2g}" in told
    assert "simulated points of independent normal margins" in record["null_of"]
    assert record["null_mean_of"].startswith("U-statistics") == (estimator == "energy")


@pytest.mark.parametrize("how", ["two files", "two splits"])
def test_the_json_of_a_table_has_all_of_its_rows(command, margins, how):
    a, b = margins("a.npy", ORACLE), margins("b.npy", UNLEARNED)
    held = margins("h.npy", DRAW.normal(size=(30, 60)))
    given = ["score", "--oracle", a, "--unlearned", b, "--held-out", held]
    if how == "two files":
        given += ["--unlearned", margins("c.npy", DRAW.normal(0.1, size=(50, 60)))]
    else:
        splits = {
            name: margins(f"{name}.npy", at) for name, at in (("f", np.arange(20)), ("r", np.arange(20, 60)))
        }
        given += [word for name, path in splits.items() for word in ("--split", f"{name}={path}")]
    _, *rows = [line.split() for line in command(*given)[1].splitlines()]
    records = json.loads(command(*given, "--json")[1])
    assert len({tuple(sorted(record)) for record in records}) == 1
    assert len(records) == len(rows)
    for record, row in zip(records, rows, strict=True):
        row = " ".join(row)
        control = record["method"] == "held out"
        p = record["energy"]["p_value"] if control else record["p_adjusted"]
        shown = [record["method"], record["split"], f"{record['p95']:.3g}", f"{record['null_p95']:.3g}"]
        assert row.startswith(" ".join([*shown, f"{record['energy']['mean']:.3g}"]))
        assert f") {p:.2g} {'alone ' * control}{'differ' if p < 0.05 else 'cannot be told'}" in row
        assert (record["p_adjusted"] is None) == control
        assert record["verdict"].startswith(("cannot be told", "differ")[p < 0.05])
    assert sum(record["method"] == "held out" for record in records) == (1 if how == "two files" else 2)


def test_a_control_leaves_the_methods_p_values_as_they_are(command, margins):
    a, b = margins("a.npy", ORACLE), margins("b.npy", UNLEARNED)
    split = (
        "--split",
        f"f={margins('f.npy', np.arange(20))}",
        "--split",
        f"r={margins('r.npy', np.arange(20, 60))}",
    )
    given = ("score", "--oracle", a, "--unlearned", b, *split, "--json")
    held = margins("h.npy", DRAW.normal(size=(30, 60)))
    alone, beside = (json.loads(command(*words)[1]) for words in (given, (*given, "--held-out", held)))
    assert [one["p_adjusted"] for one in alone] == [2e-4, 2e-4]
    assert beside[: len(alone)] == alone


def test_models_that_are_there_twice_are_told(command, margins):
    a, ten = margins("a.npy", ORACLE), margins("ten.npy", np.repeat(ORACLE[:10], 3, axis=0))
    code, out, err = command("score", "--oracle", a, "--unlearned", a, "--json")
    said = f"--unlearned {a}: 50 of 50 models are among the oracles"
    assert code == 0
    assert err.startswith(f"score: {said}")
    assert err.count("\n") == 1
    (line,) = json.loads(out)["cautions"]
    assert line.startswith(said)
    _, _, err = command("score", "--oracle", ten, "--unlearned", margins("b.npy", UNLEARNED))
    assert err.startswith("score: oracle: 20 of 30 models are copies of others")
    _, _, err = command("score", "--oracle", a, "--unlearned", margins("b.npy", UNLEARNED), "--held-out", a)
    assert err.startswith("score: --held-out: 50 of 50 models are among the oracles")
    assert command("score", "--oracle", a, "--unlearned", margins("b.npy", UNLEARNED))[2] == ""


def test_a_file_given_twice_is_refused(refused, margins):
    a, b = margins("a.npy", ORACLE), margins("b.npy", UNLEARNED)
    assert "b.npy: is given twice" in refused("score", "--oracle", a, "--unlearned", b, "--unlearned", b)


def test_held_out_oracles_at_other_points_are_refused(refused, margins):
    a, b = margins("a.npy", ORACLE), margins("b.npy", UNLEARNED)
    said = refused("score", "--oracle", a, "--unlearned", b, "--held-out", margins("c.npy", ORACLE[:4, :5]))
    assert "--held-out" in said
    assert "60 points" in said


@pytest.mark.parametrize("estimator", ["paper", "energy"])
def test_several_configurations_are_scored_side_by_side(command, margins, estimator):
    a = margins("a.npy", ORACLE)
    files = [margins("b.npy", UNLEARNED), margins("c.npy", DRAW.normal(size=(50, 60)))]
    given = ["score", "--oracle", a, "--estimator", estimator]
    given += [word for file in files for word in ("--unlearned", file)]
    records = json.loads(command(*given, "--json")[1])
    assert [record["file"] for record in records] == [str(file) for file in files]
    alone = json.loads(
        command("score", "--oracle", a, "--unlearned", files[1], "--estimator", estimator, "--json")[1]
    )
    del alone["verdict"]  # by its own p-value
    assert {key: records[1][key] for key in alone} == alone
    assert f"p = {records[1]['p_adjusted']:.2g} (Holm, 2 comparisons)" in records[1]["verdict"]
    assert [record["p_adjusted"] for record in records] == [2e-4, records[1]["energy"]["p_value"]]
    assert all(record["p_value_holm"] == record["p_adjusted"] for record in records)
    head, *lines = command(*given)[1].splitlines()
    assert head.split() == ["method", "split", "p95", "floor", "energy", "p,", "Holm", "from", "oracles"]
    assert [line.split()[:2] for line in lines] == [[str(file), "all"] for file in files]


def test_the_printed_table_shows_every_setting_of_a_plug_in():
    given = {"learning_rate": 0.1, "batch_size": 64, "batch_norm": "frozen", "sharpness": 3}
    assert shown_settings(given) == "rate=0.1 norm=frozen sharpness=3"


def test_floors_by_shape(command):
    code, out, err = command("floors", "--n", "3")
    assert (code, err) == (0, "")
    assert "| 3 | `paper` |" in out
    assert "| 3 | `energy` |" in out


def test_coverage_is_simulated(command):
    records = json.loads(command("coverage", "--n", "4", "--studies", "10", "--json")[1])
    assert len(records) == 20
    assert {record["n_models"] for record in records} == {4}
    assert "| 10 | 30% | 0.1 at all | 1 | 4 |" in command("coverage", "--n", "4", "--studies", "10")[1]


def test_score_as_text(command, margins):
    code, out, err = command(
        "score", "--oracle", margins("a.npy", ORACLE[:5]), "--unlearned", margins("b.npy", UNLEARNED)
    )
    assert (code, err) == (0, "")
    for word in (
        "estimator paper",
        "5 oracles, 40 unlearned",
        "p95",
        "null p95",
        "no interval below 20",
        "diverged",
    ):
        assert word in out


@pytest.mark.parametrize("estimator", ["paper", "energy"])
def test_score_ends_with_the_verdict_of_the_function(command, margins, estimator):
    for wrong, told in ((0, "cannot be told from oracles"), (3, "differ from oracles")):
        unlearned = np.random.default_rng(5).normal(2 + wrong, 1, (40, 60))
        oracle = np.random.default_rng(6).normal(2, 1, (40, 60))
        files = ("--oracle", margins("a.npy", oracle), "--unlearned", margins("b.npy", unlearned))
        last = command("score", *files, "--estimator", estimator)[1].splitlines()[-1]
        assert last == f"verdict    {ascentcheck.klom(oracle, unlearned, estimator=estimator).verdict}"
        assert told in last


@pytest.mark.parametrize("sick", [np.inf, -np.inf, 1e300, -1e300])
def test_diverged_models_are_counted_and_cost(command, margins, sick):
    a, broken = margins("a.npy", ORACLE), UNLEARNED.copy()
    healthy = klom(ORACLE, UNLEARNED[4:]).p95
    broken[:4] = sick
    code, out, _ = command("score", "--oracle", a, "--unlearned", margins("b.npy", broken), "--json")
    printed = json.loads(out)
    assert (code, printed["diverged"]) == (0, {"oracle": 0, "unlearned": 4})
    assert printed["p95"] == pytest.approx(0.9 * healthy + 0.1 * WORST)


def test_other_kinds_of_numbers_are_scored(command, margins):
    a = margins("a.npy", ORACLE)
    for array in (
        ORACLE.astype(np.float16),
        np.asfortranarray(ORACLE),
        ORACLE.astype(">f8"),
        (ORACLE * 9).astype(int),
    ):
        code, out, _ = command("score", "--oracle", a, "--unlearned", margins("b.npy", array), "--json")
        assert code == 0
        assert 0 <= json.loads(out)["p95"] <= WORST


def with_nan():
    array = ORACLE.copy()
    array[3, 4] = np.nan
    return array


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (with_nan(), "b.npy: margin of model 3 at point 4 is nan"),
        (ORACLE[:1], "b.npy: has 1 model(s) and 60 point(s); at least 2 models"),
        (ORACLE[:0], "b.npy: has 0 model(s)"),
        (ORACLE[:, :0], "b.npy: has 50 model(s) and 0 point(s)"),
        (ORACLE[0], "b.npy: has shape [60]; [models, points] is needed"),
        (ORACLE[None], "b.npy: has shape [1, 50, 60], as logits have"),
        (np.float32(1), "b.npy: has shape []"),
        (ORACLE[:4, :7], "has 60 points and --unlearned"),
        (ORACLE.astype(str), "b.npy: holds <U"),
        (ORACLE > 0, "b.npy: holds booleans, as correctness does"),
        (ORACLE + 1j, "b.npy: holds complex64"),
        (ORACLE.astype(object), "b.npy: holds object; real numbers are needed"),
        (np.zeros((5, 30), "M8[s]"), "b.npy: holds datetime64"),
        (np.zeros((5, 30), [("a", float)]), "b.npy: holds [('a',"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_margins_that_cannot_be_scored(refused, margins, array, message):
    a, b = margins("a.npy", ORACLE), margins("b.npy", array, allow_pickle=True)
    assert message in refused("score", "--oracle", a, "--unlearned", b)
    if "has 60 points" not in message:
        assert f"--oracle {b}" in refused("score", "--oracle", b, "--unlearned", a)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda b: b"", "is not a file of numbers: .npy, .npz, .pt, .safetensors, .csv or .parquet"),
        (
            lambda b: b"not an array",
            "is not a file of numbers: .npy, .npz, .pt, .safetensors, .csv or .parquet",
        ),
        (lambda b: b[:100], "is not a .npy file of numbers: its header is damaged"),
        (lambda b: b[:500], "is cut short: float32 of shape [50, 60] has 12,000 bytes, and 372 are there"),
        (lambda b: b + b"\0", "is longer than its array"),
        (lambda b: b[:10] + b"{{{{" + b[14:], "its header is damaged"),
        (lambda b: b.replace(b"(50, 60)", b"(-5, 60)"), "its header is damaged"),
        (lambda b: b.replace(b"(50, 60), ", b"(50000000000000, 60), "), "is cut short"),
        (lambda b: b.replace(b"<f4", b"xyz"), "its header is damaged"),
    ],
)
def test_files_that_are_no_arrays(refused, margins, spoil, message):
    a, b = margins("a.npy", ORACLE), margins("b.npy", ORACLE)
    b.write_bytes(spoil(b.read_bytes()))
    assert message in refused("score", "--oracle", a, "--unlearned", b)


def test_other_mistakes_of_score(refused, margins, tmp_path):
    a = margins("a.npy", ORACLE)
    np.savez(tmp_path / "c.npz", a=ORACLE, b=ORACLE)
    assert "c.npz: is an archive of a.npy, b.npy; one array is needed" in refused(
        "score", "--oracle", a, "--unlearned", tmp_path / "c.npz"
    )
    assert "cannot be read: No such file" in refused(
        "score", "--oracle", a, "--unlearned", tmp_path / "no.npy"
    )
    assert "cannot be read: Is a directory" in refused("score", "--oracle", a, "--unlearned", tmp_path)
    assert "Missing option '--unlearned'" in refused("score", "--oracle", a)
    assert "'rob' is unknown; allowed are paper, paper-reversed, robust" in refused(
        "score", "--oracle", a, "--unlearned", a, "--estimator", "rob"
    )
    assert "beyond ±100, where margins count as lost; divide all margins" in refused(
        "score", "--oracle", margins("z.npy", 1e4 * ORACLE), "--unlearned", a
    )


def test_score_needs_no_torch(margins):
    a, b = str(margins("a.npy", ORACLE)), str(margins("b.npy", ORACLE + 1))
    program = (
        "import sys; sys.modules['torch'] = None; sys.argv = ['empirics', 'score', '--oracle', sys.argv[1], "
        "'--unlearned', sys.argv[2], '--json']; import runpy; runpy.run_module('empirics', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, a, b], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["p95"] > 0


@pytest.fixture
def study(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(STUDY)
    return path


def test_a_study_from_plan_to_table(command, study, tmp_path):
    store = tmp_path / "store"
    code, out, _ = command("plan", study, "--store", store)
    assert code == 0
    assert "5, of which 0 are done" in out
    assert "time left" in out
    assert not store.exists()
    code, out, err = command("status", study, "--store", store)
    assert [line.split() for line in out.splitlines()[1:]] == [
        ["done", "0"], ["running", "0"], ["failed", "0"], ["left", "5"],
    ]  # fmt: skip
    assert command("table", study, "--store", store, "--csv")[1].startswith("study,forget_set,")
    code, out, err = command("run", study, "--store", store, "--workers", 1)
    assert (code, err) == (0, "")
    assert out.startswith("small: 5 jobs computed here, 0 by others or before, 0 failed")
    assert command("run", study, "--store", store)[1].startswith("small: 0 jobs computed here, 5 by others")
    assert command("status", study, "--store", store)[1].splitlines()[1].split() == ["done", "5"]
    checked = command("status", study, "--store", store, "--check")[1].splitlines()[1:]
    assert [line.split() for line in checked] == [
        ["done", "5"], ["running", "0"], ["failed", "0"], ["damaged", "0"], ["left", "0"],
    ]  # fmt: skip
    code, out, _ = command("table", study, "--store", store)
    assert len(out.splitlines()) == 1 + 3 * (2 + 2 * 2)
    assert "rate=0.1" in out
    parquet = pytest.importorskip("pyarrow.parquet")
    assert command("table", study, "--store", store, "--parquet", tmp_path / "t.parquet") == (0, "", "")
    assert parquet.read_table(tmp_path / "t.parquet").num_rows == 3 * (2 + 2 * 2)
    code, out, _ = command("findings", study, "--store", store)
    assert (code, out.splitlines()[-1].count(" not decided")) == (0, 1)
    code, out, _ = command("findings", study, "--store", store, "--json")
    printed = json.loads(out)
    assert {entry["claim"] for entry in printed} >= {"da-fails"}
    assert set(printed[0]) == {"claim", "sentence", "where", "rule", "verdict", "measured"}
    code, out, _ = command("table", study, "--store", store, "--csv", "--estimator", "paper-reversed")
    assert out.count("paper-reversed") == 3 * (2 + 2 * 2)
    code, out, err = command("table", study, "--store", store, "--estimator", "best")
    assert (code, out) == (2, "")
    assert "--estimator 'best' is unknown" in err


def test_a_failed_job_is_told_and_changes_the_status(command, study, tmp_path, monkeypatch):
    from ascentcheck.empirics.study import members

    monkeypatch.setattr(members.methods, "unlearn", lambda *_: 1 / 0)
    code, out, err = command("run", study, "--store", tmp_path / "store", "--workers", 1)
    assert code == 1
    assert "2 failed" in out
    assert (
        err.splitlines()[-1]
        == "  ga random learning_rate=0.1: ZeroDivisionError: division by zero (failed 1 times)"
    )
    assert "failed       2" in command("status", study, "--store", tmp_path / "store")[1]


def test_memory_that_runs_out_in_another_process_is_told_once(command, study, tmp_path, monkeypatch):
    from ascentcheck.empirics.study import members

    train = members.ensemble.train

    def small_device(model, dataset, indices, config, seeds, *more, **named):
        if len(seeds) > 1:
            raise MemoryError
        return train(model, dataset, indices, config, seeds, *more, **named)

    monkeypatch.setattr(members.ensemble, "train", small_device)
    code, _, err = command("run", study, "--store", tmp_path / "store", "--workers", 1)
    assert code == 0
    told = "memory ran out; jobs that went on with fewer models at once: 1 (as few as 1); --at-once sets the number"
    assert told in err
    assert told not in command("run", study, "--store", tmp_path / "store", "--workers", 1)[2]


@pytest.mark.parametrize("name", ["run", "plan", "status", "table", "findings"])
def test_mistakes_about_a_study(refused, study, tmp_path, name):
    assert "no.toml: cannot be read: No such file" in refused(name, tmp_path / "no.toml")
    assert f"store {study}: is not a folder" in refused(name, study, "--store", study)
    study.write_text(STUDY.replace("size = 10", "size = 1437"))
    assert "size 1437" in refused(name, study, "--store", tmp_path / "store")
    study.write_text(STUDY.replace("epochs = [1, 3]", "epoch = [1, 3]"))
    assert "[[method]] 1: epochs is missing" in refused(name, study)


def test_other_mistakes(refused, study):
    assert "'rob' is unknown" in refused("table", study, "--estimator", "rob")
    assert "No such command 'scor'" in refused("scor")
    assert "--workers" in refused("run", study, "--workers", "0")


def test_what_reads_a_study_imports_nothing_that_it_does_not_use(small_study, tmp_path):
    code = (
        "import sys; from click.testing import CliRunner; from ascentcheck.empirics.__main__ import empirics; "
        "from ascentcheck.empirics.findings import outcome; from ascentcheck.empirics.study import sets, session; "
        "call = CliRunner(catch_exceptions=False).invoke; "
        "done = [call(empirics, [name, *sys.argv[1:]]).exit_code for name in ('plan', 'table', 'sets', 'status')]; "
        "print(done, sorted({'torch', 'sklearn', 'scipy.stats', 'jaxtyping', 'rich', 'PIL'} & set(sys.modules)))"
    )
    given = [str(small_study), "--store", str(tmp_path / "store")]
    assert subprocess.check_output([sys.executable, "-c", code, *given], text=True) == "[0, 0, 0, 0] []\n"

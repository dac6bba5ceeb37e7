"""Study files are read strictly; jobs are keyed by all that determines them; the store survives anything."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from empirics import engine
from empirics.engine import drain, unpack, workshop
from empirics.jobs import jobs
from empirics.session import open_session
from empirics.store import Store
from empirics.study import load_study
from empirics.table import SPLITS, as_csv
from theory.console import UserError

ROOT = Path(__file__).parents[2]
SMALL = """
name = "small"
n_models = 3
[data]
kind = "digits"
[model]
kind = "mlp"
hidden = [8]
[train]
epochs = 2
peak_epoch = 1
batch_size = 256
[[forget_set]]
kind = "random"
name = "ten"
size = 10
seed = 0
[[method]]
kind = "ga"
learning_rate = [1e-3, 1e30]
epochs = [1, 2]
[[method]]
kind = "gda"
learning_rate = 1e-2
ascent_epochs = [1]
epochs = [2]
"""


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return path


def changed(tmp_path, old, new):
    assert old in SMALL
    path = tmp_path / "changed.toml"
    path.write_text(SMALL.replace(old, new, 1))
    return path


def test_lists_are_a_grid(small):
    study = load_study(small)
    assert [t.method.kind for t in study.trajectories] == ["ga", "ga", "gda"]
    assert [t.method.learning_rate for t in study.trajectories] == [1e-3, 1e30, 1e-2]


@pytest.mark.parametrize("path", sorted((ROOT / "studies").glob("*.toml")), ids=lambda p: p.name)
def test_committed_studies_are_valid(path):
    assert load_study(path).trajectories


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("n_models = 3", "n_model = 3", r"n_model: unknown key \(did you mean n_models\?\); allowed are"),
        ("epochs = 2", "epoch = 2", r"train.epoch: unknown key \(did you mean epochs\?\)"),
        ("n_models = 3", 'n_models = "three"', 'n_models: .*integer, not "three"'),
        ("n_models = 3", "n_models = 1", "n_models: .*greater than or equal to 2, not 1"),
        ('kind = "ga"', 'kind = "gradient"', "method.0.*'ga', 'gda'"),
        ("size = 10", "size = 10\ncolour = 1", "forget_set.0.random.colour: unknown key; allowed are"),
        ("learning_rate = [1e-3, 1e30]", "learning_rate = []", "list is empty"),
        ("epochs = [1, 2]", "", "method.0.epochs: missing"),
        ("learning_rate = [1e-3, 1e30]", "learning_rate = [1e-3, 1e-3]", "there twice"),
        ("[data]", "[data", "is not TOML"),
        ("peak_epoch = 1", "peak_epoch = 9", "peak_epoch 9 is after"),
        ('name = "small"', 'name = "../up"', "name: "),
    ],
)
def test_mistakes_are_named(tmp_path, old, new, message):
    with pytest.raises(UserError, match=message) as error:
        load_study(changed(tmp_path, old, new))
    assert "changed.toml" in str(error.value)


def test_a_digest_changes_with_everything_that_determines_a_result(small, tmp_path, digits):
    usual = {job.digest for job in jobs(load_study(small), digits)}
    for old, new in (
        ("n_models = 3", "n_models = 4"),
        ("epochs = 2", "epochs = 3"),
        ("hidden = [8]", "hidden = [9]"),
        ('name = "small"', 'name = "small"\nseed = 5'),
    ):
        assert usual.isdisjoint(job.digest for job in jobs(load_study(changed(tmp_path, old, new)), digits))
    for old, new in (
        ("seed = 0", "seed = 1"),
        ("learning_rate = 1e-2", "learning_rate = 2e-2"),
        ("ascent_epochs = [1]", "ascent_epochs = [1]\nforget_batch = 7"),
        ("ascent_epochs = [1]", 'ascent_epochs = [1]\nbatch_norm = "frozen"'),
    ):
        other = {job.digest for job in jobs(load_study(changed(tmp_path, old, new)), digits)}
        assert usual - other
        assert other - usual
    renamed = {job.digest for job in jobs(load_study(changed(tmp_path, '"ten"', '"x"')), digits)}
    assert renamed == usual


def run_all(path, root):
    session = open_session(path, root)
    return session, drain(workshop(session.study, session.dataset, session.store), session.plan)


def test_a_study_runs_resumes_and_has_a_table(small, tmp_path):
    session, drained = run_all(small, tmp_path / "store")
    assert (drained.computed, drained.failed) == (6, 0)
    assert run_all(small, tmp_path / "store")[1].computed == 0
    rows = session.rows()
    assert {r.method for r in rows} == {"do-nothing", "held-out", "ga", "gda"}
    assert len(rows) == 3 * (2 + 2 * 2 + 1)
    assert {r.split for r in rows} == set(SPLITS)
    broken = [r for r in rows if r.learning_rate == 1e30]
    assert all(r.diverged_unlearned == 3 and r.p95 > 11 for r in broken)
    assert all(np.isfinite(r.p95) and np.isfinite(r.null_p95) for r in rows)
    one = next(r for r in rows if r.method == "ga" and r.epoch == 2)
    assert one.cost == pytest.approx(2 * 2 * 10 / (2 * 1427 * 2))
    text = as_csv(rows).splitlines()
    assert len(text) == len(rows) + 1
    assert as_csv(session.rows()).splitlines() == text


def test_a_run_is_the_same_twice(small, tmp_path):
    first, second = (run_all(small, tmp_path / name)[0] for name in ("one", "two"))
    for job in first.plan:
        a, b = first.store.get(job.digest), second.store.get(job.digest)
        for name in a.names():
            assert np.array_equal(a.array(name), b.array(name), equal_nan=True)


def test_a_flipped_bit_and_a_half_written_file_are_found_and_computed_again(small, tmp_path):
    session, _ = run_all(small, tmp_path / "store")
    flipped, torn = session.plan[1].digest, session.plan[4].digest
    before = np.array(session.store.get(flipped).array("train"))
    path = session.store.folder(flipped) / "train.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    (session.store.folder(torn) / "record.json").write_text('{"arrays": {"tr')
    again = open_session(small, tmp_path / "store")
    assert again.store.get(flipped) is None
    assert again.store.damaged(flipped)
    assert again.store.damaged(torn)
    assert run_all(small, tmp_path / "store")[1].computed == 2
    assert np.array_equal(Store(tmp_path / "store").get(flipped).array("train"), before)


def test_a_failed_job_stops_no_other(small, tmp_path, monkeypatch):
    real = engine.forget_sets.make

    def fails(config, *rest):
        raise ValueError("not today")

    monkeypatch.setattr(engine.forget_sets, "make", fails)
    session, drained = run_all(small, tmp_path / "store")
    assert (drained.computed, drained.failed) == (1, 5)
    assert "not today" in session.store.failure(session.plan[1].digest)
    monkeypatch.setattr(engine.forget_sets, "make", real)
    assert run_all(small, tmp_path / "store")[1].computed == 5
    assert session.store.failure(session.plan[1].digest) is None


def test_a_claim_is_exclusive_and_dies_with_its_process(tmp_path):
    store = Store(tmp_path)
    code = (
        "import sys, time; from pathlib import Path; from empirics.store import Store\n"
        f"with Store(Path({str(tmp_path)!r})).claim('x') as mine:\n    print(mine, flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert holder.stdout.readline().strip() == "True"
    with store.claim("x") as mine:
        assert not mine
    assert store.running("x")
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert not store.running("x")
    with store.claim("x") as mine:
        assert mine


def test_a_killed_run_goes_on_and_ends_the_same(small, tmp_path):
    reference, _ = run_all(small, tmp_path / "reference")
    command = [sys.executable, "-m", "empirics", "run", str(small), "--store", str(tmp_path / "killed")]
    for attempt in range(2):
        process = subprocess.Popen(
            [*command, "--workers", "1"], cwd=ROOT, stdout=-3, stderr=-3, start_new_session=True
        )
        deadline = time.monotonic() + 60
        while (
            len(list((tmp_path / "killed").glob("jobs/*/record.json"))) <= attempt
            and time.monotonic() < deadline
        ):
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    done = subprocess.run([*command, "--workers", "2"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    store = Store(tmp_path / "killed")
    for job in reference.plan:
        expected, found = reference.store.get(job.digest), store.get(job.digest)
        for name in expected.names():
            assert np.array_equal(expected.array(name), found.array(name), equal_nan=True)


def test_pretrained_models_come_back_whole(small, tmp_path):
    session, _ = run_all(small, tmp_path / "store")
    state = unpack(session.store.get(session.plan[0].digest))
    assert state.n_members == 3
    assert set(state.statistics) == {"mean0", "var0"}
    record = json.loads((session.store.folder(session.plan[0].digest) / "record.json").read_text())
    assert json.loads(record["settings"])["n_models"] == 3

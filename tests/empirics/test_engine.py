"""Draining a plan: order, failures, damage, rivals, and death."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from empirics import compute, engine, methods
from empirics.engine import Drained, drain, unpack, workshop
from empirics.ensemble import member_seeds, train
from empirics.forget_sets import make
from empirics.margins import margins
from empirics.session import open_session
from empirics.store import Store, StoreError

STUDY = """
name = "small"
n_models = 3
data = { kind = "digits" }
model = { kind = "mlp", hidden = [8] }
train = { epochs = 2, peak_epoch = 1, batch_size = 64 }

[[forget_set]]
kind = "random"
name = "random"
size = 10
seed = 0

[[forget_set]]
kind = "neighbours"
name = "near"
size = 10
point = 3

[[method]]
kind = "ga"
learning_rate = [1e-2, 1e30]
epochs = [1, 3]

[[method]]
kind = "gda"
learning_rate = 1e-2
ascent_epochs = 1
epochs = [2]
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "small.toml"
    path.write_text(STUDY)
    return path


@pytest.fixture
def session(path, tmp_path):
    return open_session(path, tmp_path / "store")


@pytest.fixture
def shop(session):
    return workshop(session.study, session.dataset, session.store)


def contents(session):
    """Every array of every job, and the passes counted."""
    found = {}
    for job in session.plan:
        result = session.store.get(job.digest)
        found[job.label] = {name: result.array(name).copy() for name in result.names()}
        found[job.label]["passes"] = result.record.get("passes")
    return found


def assert_equal_contents(one, other):
    assert one.keys() == other.keys()
    for label, arrays in one.items():
        for name, array in arrays.items():
            np.testing.assert_array_equal(array, other[label][name], err_msg=f"{label} {name}")


def test_a_plan_is_computed_once(session, shop):
    shares = []
    assert drain(shop, session.plan, lambda job, share: shares.append(share)) == Drained(computed=11)
    assert min(shares) > 0
    assert max(shares) == 1
    assert drain(shop, session.plan) == Drained(present=11)
    result = session.store.get(session.plan[0].digest)
    assert {"settings", "seconds", "versions", "device", "machine", "threads", "attempts"} <= set(
        result.record
    )


def test_results_are_those_of_the_training_side(session, shop):
    drain(shop, session.plan)
    study, data, model = session.study, session.dataset, shop.model
    pretrained, oracle = (session.store.get(job.digest) for job in session.plan[:2])
    forget = make(study.forget_sets[0], data, model, unpack(pretrained))
    np.testing.assert_array_equal(oracle.array("forget"), forget)
    retain = np.setdiff1d(np.arange(1437), forget)
    role = f"oracle/{forget.tobytes().hex()}"
    state = train(model, data, compute.torch.from_numpy(retain), study.train, member_seeds(0, role, 3))
    np.testing.assert_array_equal(oracle.array("train"), margins(model, state, data.train_x, data.train_y))
    np.testing.assert_array_equal(
        margins(model, unpack(pretrained), data.val_x, data.val_y), pretrained.array("validation")
    )


def test_no_two_ensembles_are_the_same_models(session, shop):
    drain(shop, session.plan)
    trained = [session.store.get(job.digest).array("train") for job in session.plan[:5]]
    rows = np.concatenate(trained)
    assert len(np.unique(rows, axis=0)) == len(rows)


def test_a_diverged_trajectory_is_a_result(session, shop):
    drain(shop, session.plan)
    (job,) = [j for j in session.plan if j.label == "ga random learning_rate=1e+30"]
    assert not np.isfinite(session.store.get(job.digest).array("train_3")).all()


def test_a_second_store_is_the_same_bit_for_bit(session, shop, path, tmp_path):
    drain(shop, session.plan)
    other = open_session(path, tmp_path / "other")
    drain(workshop(other.study, other.dataset, other.store), list(other.plan))
    assert_equal_contents(contents(session), contents(other))


def test_a_failing_job_is_remembered_and_the_rest_goes_on(session, shop, monkeypatch):
    whole = methods.unlearn

    def broken(model, dataset, retain, forget, pretrained, config, *rest):
        if config.kind == "gda":
            raise ZeroDivisionError("no")
        return whole(model, dataset, retain, forget, pretrained, config, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(compute.methods, "unlearn", broken)
        assert drain(shop, session.plan) == Drained(computed=9, failed=2)
        assert drain(shop, session.plan) == Drained(present=9, failed=2)
    failed = [job for job in session.plan if session.store.get(job.digest) is None]
    assert [job.method.kind for job in failed] == ["gda", "gda"]
    assert session.store.failure(failed[0].digest) == "ZeroDivisionError: no"
    assert session.store.failures(failed[0].digest) == 2
    assert drain(shop, session.plan) == Drained(computed=2, present=9)
    assert session.store.get(failed[0].digest).record["attempts"] == 3


def test_jobs_that_need_a_failed_one_are_blocked(session, shop, monkeypatch):
    whole = compute._trained
    monkeypatch.setattr(
        compute,
        "_trained",
        lambda s, indices, role, *rest, **more: (
            1 / 0 if role == "pretrained" else whole(s, indices, role, *rest, **more)
        ),
    )
    assert drain(shop, session.plan) == Drained(failed=1, blocked=10)
    assert sum(session.store.failure(job.digest) is not None for job in session.plan) == 1


def test_a_damaged_result_is_named_and_computed_again(session, shop, path, tmp_path):
    drain(shop, session.plan)
    before = contents(session)
    job = session.plan[3]
    (session.store.folder(job.digest) / "train.npy").write_bytes(b"")
    later = open_session(path, tmp_path / "store")
    drained = drain(workshop(later.study, later.dataset, later.store), later.plan)
    assert drained == Drained(computed=1, present=10, damaged=("oracle near",))
    assert_equal_contents(before, contents(later))


def test_a_full_disk_stops_the_drain(session, shop, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("empirics.store.np.save", full)
    with pytest.raises(StoreError, match="cannot be written: No space left on device"):
        drain(shop, session.plan)


def test_an_interrupt_passes_through_and_leaves_no_claim(session, shop):
    def interrupt(job, share):
        if job.kind == "held-out":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drain(shop, session.plan, interrupt)
    assert not any(session.store.running(job.digest) for job in session.plan)
    assert drain(shop, session.plan) == Drained(computed=9, present=2)


def test_a_job_held_elsewhere_is_waited_for(session, shop, monkeypatch):
    monkeypatch.setattr(engine, "POLL", 0.02)
    drained = []
    rival = Store(session.store.root)
    with rival.claim(session.plan[0].digest) as mine:
        assert mine
        waiting = threading.Thread(target=lambda: drained.append(drain(shop, session.plan)))
        waiting.start()
        time.sleep(1.0)
        assert waiting.is_alive()
    waiting.join(20)
    assert drained == [Drained(computed=11)]


def _run(path, store, *more):
    command = [sys.executable, "-m", "empirics", "run", str(path), "--store", str(store), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_killed_and_processes_side_by_side_give_the_same_results(session, shop, path, tmp_path):
    """A run killed on its way; then two runs at once, one of them with a helper; all as if by one process."""
    drain(shop, session.plan)
    store = tmp_path / "shared"
    with _run(path, store, "--workers", "1") as first:
        jobs = Path(store) / "jobs"
        while first.poll() is None and (not jobs.exists() or len(list(jobs.iterdir())) < 3):
            time.sleep(0.01)
        first.send_signal(signal.SIGKILL)
    with _run(path, store, "--workers", "2") as one, _run(path, store, "--workers", "1") as other:
        for process in (one, other):
            out, err = process.communicate(timeout=60)
            assert (process.returncode, err) == (0, "")
            assert "0 failed" in out
    shared = open_session(path, store)
    assert_equal_contents(contents(session), contents(shared))


def test_a_helper_ends_with_the_process_that_started_it(path, tmp_path):
    """Its parent is killed while both work; the helper must not go on alone."""
    slow = tmp_path / "slow.toml"
    slow.write_text(STUDY.replace("epochs = 2, peak_epoch = 1", "epochs = 5000, peak_epoch = 1"))
    with _run(slow, tmp_path / "store", "--workers", "2") as parent:
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
        if not children.exists():
            parent.kill()
            pytest.skip("the children of a process are listed on Linux only")
        held = tmp_path / "store" / "locks"
        while not children.read_text() or not held.exists() or len(list(held.iterdir())) < 1:
            time.sleep(0.05)
        (helper,) = children.read_text().split()
        parent.kill()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{helper}").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not Path(f"/proc/{helper}").exists()

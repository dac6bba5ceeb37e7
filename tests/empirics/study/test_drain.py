"""Draining a plan: order, failures, damage, and rivals."""

import threading
import time

import numpy as np
import pytest

from ascentcheck.empirics import methods
from ascentcheck.empirics.ensemble import member_seeds, train
from ascentcheck.empirics.forget_sets import make
from ascentcheck.empirics.margins import margins
from ascentcheck.empirics.npy import some
from ascentcheck.empirics.store import Store, StoreError
from ascentcheck.empirics.study import drain as draining
from ascentcheck.empirics.study import members
from ascentcheck.empirics.study.drain import Drained, drain, workshop
from ascentcheck.empirics.study.packing import unpack
from ascentcheck.empirics.study.session import open_session


@pytest.fixture
def session(small_study, tmp_path):
    return open_session(small_study, tmp_path / "store")


@pytest.fixture
def shop(session):
    return workshop(session.study, session.dataset, session.store)


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


def test_an_error_after_the_record_was_written_is_no_failure(session, shop, monkeypatch):
    compute = draining.compute

    def and_raises(*arguments):
        compute(*arguments)
        raise MemoryError

    monkeypatch.setattr(draining, "compute", and_raises)
    assert drain(shop, session.plan) == Drained(computed=11)
    assert not any(session.store.failures(job.digest) for job in session.plan)


def test_results_are_those_of_the_training_side(session, shop):
    drain(shop, session.plan)
    study, data, model = session.study, session.dataset, shop.model
    pretrained, oracle = (session.store.get(job.digest) for job in session.plan[:2])
    forget = make(study.forget_sets[0], data, model, unpack(pretrained))
    np.testing.assert_array_equal(oracle.array("forget"), forget)
    retain = np.setdiff1d(np.arange(1437), forget)
    role = f"oracle/{forget.tobytes().hex()}"
    state = train(model, data, members.torch.from_numpy(retain), study.train, member_seeds(0, role, 3))
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


def test_a_second_store_is_the_same_bit_for_bit(
    session, shop, small_study, tmp_path, contents, assert_equal_contents
):
    drain(shop, session.plan)
    other = open_session(small_study, tmp_path / "other")
    drain(workshop(other.study, other.dataset, other.store), list(other.plan))
    assert_equal_contents(contents(session), contents(other))


def test_a_failing_job_is_remembered_and_the_rest_goes_on(session, shop, monkeypatch):
    whole = methods.unlearn

    def broken(model, dataset, retain, forget, pretrained, config, *rest):
        if config.kind == "gda":
            raise ZeroDivisionError("no")
        return whole(model, dataset, retain, forget, pretrained, config, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(members.methods, "unlearn", broken)
        assert drain(shop, session.plan) == Drained(computed=9, failed=2)
        assert drain(shop, session.plan) == Drained(present=9, failed=2)
    failed = [job for job in session.plan if session.store.get(job.digest) is None]
    assert [job.method.kind for job in failed] == ["gda", "gda"]
    assert session.store.failure(failed[0].digest) == "ZeroDivisionError: no"
    assert session.store.failures(failed[0].digest) == 2
    assert drain(shop, session.plan) == Drained(computed=2, present=9)
    assert session.store.get(failed[0].digest).record["attempts"] == 3


def test_what_failed_is_said_where_rows_are_missing(session):
    """Beside what was never tried: to say that `run` computes it would be a promise that was broken before."""
    failed, later = session.plan[0], session.plan[1:]
    session.store.fail(failed.digest, "ValueError: no")
    assert session.lacking() == (
        "small: 11 of 11 jobs have no result, and what needs them is left out: "
        f"{some([job.label for job in session.plan])}; `run` tries them; 1 failed when last tried, and "
        f"{session.store.root / 'failed'} has why"
    )
    session.store.put(failed.digest, {}, {})
    assert session.lacking().endswith(f"{some([job.label for job in later])}; `run` computes them")


def test_jobs_that_need_a_failed_one_are_blocked(session, shop, monkeypatch):
    whole = members._trained
    monkeypatch.setattr(
        members,
        "_trained",
        lambda s, indices, role, *rest, **more: (
            1 / 0 if role == "pretrained" else whole(s, indices, role, *rest, **more)
        ),
    )
    assert drain(shop, session.plan) == Drained(failed=1, blocked=10)
    assert sum(session.store.failure(job.digest) is not None for job in session.plan) == 1


def test_a_damaged_result_is_named_and_computed_again(
    session, shop, small_study, tmp_path, contents, assert_equal_contents
):
    drain(shop, session.plan)
    before = contents(session)
    job = session.plan[3]
    (session.store.folder(job.digest) / "train.npy").write_bytes(b"")
    later = open_session(small_study, tmp_path / "store")
    drained = drain(workshop(later.study, later.dataset, later.store), later.plan)
    assert drained == Drained(computed=1, present=10, damaged=("oracle near",))
    assert_equal_contents(before, contents(later))


def test_a_full_disk_stops_the_drain(session, shop, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ascentcheck.empirics.store.np.save", full)
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


def test_a_job_held_elsewhere_is_waited_for(session, shop, until, monkeypatch):
    looks, drained, sleep = [], [], time.sleep
    monkeypatch.setattr(draining.time, "sleep", lambda _: (looks.append(1), sleep(0.02)))
    rival = Store(session.store.root)
    with rival.claim(session.plan[0].digest) as mine:
        assert mine
        waiting = threading.Thread(target=lambda: drained.append(drain(shop, session.plan)))
        waiting.start()
        until(lambda: len(looks) > 3)
        assert waiting.is_alive()
        assert drained == []
    until(lambda: not waiting.is_alive())
    assert drained == [Drained(computed=11)]

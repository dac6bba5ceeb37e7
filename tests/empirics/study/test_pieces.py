"""An ensemble in pieces: equal to the whole, resumed where it stopped, smaller where memory runs out."""

import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from ascentcheck.empirics.influence import Part
from ascentcheck.empirics.store import Store
from ascentcheck.empirics.study import compute as computing
from ascentcheck.empirics.study import matrices, members, pieces
from ascentcheck.empirics.study.drain import Drained, drain, workshop
from ascentcheck.empirics.study.job import Datamodels, pretrained_of
from ascentcheck.empirics.study.pieces import Room, discard_pieces, in_pieces
from ascentcheck.empirics.study.session import open_session
from tests.small_study import study_text

METHODS = """
[[method]]
kind = "ga"
learning_rate = 1e-2
epochs = [1, 3]

[[method]]
kind = "rewind"
rewind_epochs = 1
epochs = [1]

[[method]]
kind = "oracle-matching"
learning_rate = 1e-3
epochs = [1]
"""
STUDY = study_text(METHODS, name="pieces", n_models=5)

DATAMODELS = """
[influence]
kind = "datamodels"
n_models = 12
test_subsets = 3
test_repeats = 2
batch = 7
"""


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def numbers(calls, fails=lambda which: None):
    def compute(which):
        calls.append((which.start, which.stop))
        fails(which)
        return {"x": np.arange(10.0)[which], "y": np.arange(30).reshape(10, 3)[which]}, {"same": 1}

    return compute


@pytest.mark.parametrize("at_once", [1, 3, 9, 10, 11])
def test_pieces_join_in_order(store, at_once):
    calls = []
    whole = in_pieces(store, "job", 10, Room(at_once), numbers(calls))
    np.testing.assert_array_equal(whole.arrays["x"], np.arange(10.0))
    np.testing.assert_array_equal(whole.arrays["y"], np.arange(30).reshape(10, 3))
    assert whole.notes == {"same": 1}
    assert whole.largest == min(at_once, 10)
    assert calls == [(a, min(a + at_once, 10)) for a in range(0, 10, at_once)]


def test_an_interrupt_loses_one_piece(store):
    def fails(which):
        if which.start == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_pieces(store, "job", 10, Room(3), numbers([], fails))
    calls = []
    whole = in_pieces(Store(store.root), "job", 10, Room(2), numbers(calls))
    assert calls == [(6, 8), (8, 10)]
    np.testing.assert_array_equal(whole.arrays["x"], np.arange(10.0))
    discard_pieces(store, "job", 10)
    assert not list((store.root / "jobs").iterdir())


MANY = """
import resource, sys
from pathlib import Path
import numpy as np
from ascentcheck.empirics.store import Store
from ascentcheck.empirics.study.pieces import Room, in_pieces
def compute(which):
    return {name: np.arange(31.0)[which] for name in "ab"}, {}
for limit in (1024, 40):
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, 1024))
    whole = in_pieces(Store(Path(sys.argv[1])), "job", 31, Room(1), compute)
    assert all((whole.arrays[name] == np.arange(31.0)).all() for name in "ab")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits on descriptors are of Unix")
def test_many_pieces_need_few_descriptors(tmp_path):
    """Those of 2 arrays in 30 pieces would be 60, where 40 are allowed."""
    command = [sys.executable, "-c", MANY, str(tmp_path / "store")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_many_batches_of_datamodels_need_few_descriptors(store, monkeypatch):
    parts = [Part("fit", start, start + 1) for start in range(3)]
    for part in parts:
        store.put(str(part.start), {"mask": np.ones((1, 4), bool), "margin": np.full((1, 4), part.start)}, {})
    job = SimpleNamespace(config=None, trained=[SimpleNamespace(part=p, digest=str(p.start)) for p in parts])
    monkeypatch.setattr(matrices.influence, "estimate", lambda config, trained, told: trained)
    trained = matrices.of_datamodels(SimpleNamespace(store=store), job, None)
    assert [(part.start, margin.tolist()) for part, _, margin in trained] == [
        (i, [[i] * 4]) for i in range(3)
    ]
    assert not any(isinstance(array, np.memmap) for _, *arrays in trained for array in arrays)


def test_a_damaged_piece_is_computed_again(store):
    in_pieces(store, "job", 10, Room(4), numbers([]))
    for folder in (store.root / "jobs").iterdir():
        if np.load(folder / "x.npy")[0] == 4:
            (folder / "x.npy").write_bytes(b"")
    calls = []
    in_pieces(Store(store.root), "job", 10, Room(4), numbers(calls))
    assert calls == [(4, 8)]


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
        RuntimeError("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"),
        RuntimeError("GET was unable to find an engine to execute this computation"),
        RuntimeError("CUDA error: out of memory"),
    ],
)
def test_where_memory_runs_out_half_as_many_go_on(store, capsys, error):
    def fails(which):
        if which.stop - which.start > 3:
            raise error

    calls, room = [], Room(10)
    whole = in_pieces(store, "job", 10, room, numbers(calls, fails))
    np.testing.assert_array_equal(whole.arrays["x"], np.arange(10.0))
    assert calls[:3] == [(0, 10), (0, 5), (0, 2)]
    assert (room.members, whole.largest) == (2, 2)
    assert capsys.readouterr().err.splitlines() == [
        "memory ran out with 10 models at once: going on with 5",
        "memory ran out with 5 models at once: going on with 2",
    ]


@pytest.mark.parametrize(("failures", "waited"), [(2, [10.0, 60.0]), (9, [10.0, 60.0, 300.0])])
def test_one_member_waits_for_the_memory_of_a_gpu(store, monkeypatch, capsys, failures, waited):
    """Others on the same GPU may have it for a while."""
    slept, left = [], iter(range(failures))

    def taken(which):
        if next(left, None) is not None:
            raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: None)
    monkeypatch.setattr(pieces.time, "sleep", slept.append)
    if failures < 3:
        whole = in_pieces(store, "job", 2, Room(1), numbers([], taken))
        np.testing.assert_array_equal(whole.arrays["x"], np.arange(2.0))
        assert "with 1 models at once: trying again in 10 s" in capsys.readouterr().err
    else:
        with pytest.raises(torch.OutOfMemoryError):
            in_pieces(store, "job", 2, Room(1), numbers([], taken))
    assert slept == waited


def test_one_member_that_does_not_fit_is_an_error_and_so_is_any_other(store):
    def too_large(which):
        raise torch.OutOfMemoryError("CUDA out of memory")

    def other(which):
        raise RuntimeError("another thing")

    with pytest.raises(torch.OutOfMemoryError):
        in_pieces(store, "job", 10, Room(1), numbers([], too_large))
    calls = []
    with pytest.raises(RuntimeError, match="another"):
        in_pieces(store, "job", 10, Room(8), numbers(calls, other))
    assert calls == [(0, 8)]


@pytest.fixture
def open_at(tmp_path):
    path = tmp_path / "study.toml"

    def run(name, at_once=None, text=STUDY):
        path.write_text(text)
        session = open_session(path, tmp_path / name)
        return session, workshop(session.study, session.dataset, session.store, at_once)

    return run


@pytest.fixture
def shrink(monkeypatch):
    """Return a function that makes memory run out where more than three models are trained at once."""
    train = members.ensemble.train

    def small_device(model, dataset, indices, config, seeds, *more, **named):
        if len(seeds) > 3:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return train(model, dataset, indices, config, seeds, *more, **named)

    return lambda: monkeypatch.setattr(members.ensemble, "train", small_device)


def test_a_study_in_pieces_is_the_study(open_at):
    """Every kind of job, checkpoints and oracles' margins among them, with members 2 at once of 5."""
    one, shop = open_at("whole")
    assert drain(shop, one.plan) == Drained(computed=6, present=1)
    two, pieces = open_at("pieces", 2)
    assert drain(pieces, two.plan) == Drained(computed=6, present=1)
    for job in one.plan:
        expected, found = one.store.get(job.digest), two.store.get(job.digest)
        assert expected.names() == found.names()
        assert found.record["members_at_once"] == 2
        for key in ("passes", "epoch"):
            assert expected.record.get(key) == found.record.get(key)
        for name in expected.names():
            np.testing.assert_allclose(
                found.array(name), expected.array(name), atol=2e-4, err_msg=f"{job.label} {name}"
            )
    assert len(list((two.store.root / "jobs").iterdir())) == len(two.plan)


def test_memory_that_runs_out_in_training_changes_nothing_but_the_number_at_once(open_at, shrink):
    one, shop = open_at("whole")
    drain(shop, one.plan)
    shrink()
    two, pieces = open_at("small")
    assert drain(pieces, two.plan).failed == 0
    result = two.store.get(two.plan[0].digest)
    assert (result.record["members_at_once"], result.record["memory_ran_out"]) == (2, True)
    assert not one.store.get(one.plan[0].digest).record["memory_ran_out"]
    np.testing.assert_allclose(
        result.array("train"), one.store.get(one.plan[0].digest).array("train"), atol=2e-4
    )


def test_pieces_from_before_a_checkpoint_was_asked_for_are_used(open_at, monkeypatch):
    session, shop = open_at("store", 3)
    before = replace(pretrained_of(session.plan), kept=())

    def stop(job, share):
        if share > 0.6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        computing.compute(shop, before, stop)
    assert drain(shop, session.plan) == Drained(computed=7)
    (checkpoint,) = pretrained_of(session.plan).kept
    assert session.store.get(checkpoint.digest).array("parameter.weight0").shape[0] == 5


def test_datamodels_in_pieces_are_the_datamodels(open_at, shrink, capsys):
    one, shop = open_at("whole", text=STUDY + DATAMODELS)
    parts = [job for job in one.plan if isinstance(job, Datamodels)]
    for job in parts:
        computing.compute(shop, job)
    shrink()
    two, pieces = open_at("pieces", text=STUDY + DATAMODELS)
    shares = []
    for job in parts:
        computing.compute(pieces, job, lambda _, share: shares.append(share))
    assert "memory ran out with 7 models at once: going on with 3" in capsys.readouterr().err
    assert [job.part.stop - job.part.start for job in parts] == [7, 5, 6]
    assert shares[:6] == pytest.approx([1.5 / 7, 3 / 7, 4.5 / 7, 6 / 7, 6.5 / 7, 1])
    for job in parts:
        expected, found = one.store.get(job.digest), two.store.get(job.digest)
        assert expected.record["members_at_once"] == job.part.stop - job.part.start
        assert found.record["members_at_once"] == 3
        np.testing.assert_array_equal(found.array("mask"), expected.array("mask"))
        np.testing.assert_allclose(found.array("margin"), expected.array("margin"), atol=2e-4)
    assert len(list((two.store.root / "jobs").iterdir())) == len(parts)

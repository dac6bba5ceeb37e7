"""What a job computes: an ensemble trained or unlearned, and its margins at every point of the data."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from ascentcheck import __version__
from ascentcheck.empirics import ensemble, forget_sets, influence, methods
from ascentcheck.empirics.cores import cores
from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.device import described
from ascentcheck.empirics.ensemble import Checkpoint
from ascentcheck.empirics.forget_sets import ForgetSet
from ascentcheck.empirics.margins import margins
from ascentcheck.empirics.models import AT_ONCE, IN_CACHE, Model, State, build
from ascentcheck.empirics.store import Result, Store
from ascentcheck.empirics.study.jobs import Job, checkpoints
from ascentcheck.empirics.study.packing import pack, pack_checkpoint, unpack, unpack_checkpoint
from ascentcheck.empirics.study.pieces import Arrays, Notes, Room, discard_pieces, free_cache, in_pieces
from ascentcheck.empirics.study.settings import Study

Report = Callable[[Job, float], None]
"""Told a job and the share of it that is done, from 0 to 1."""

KEPT = "kept."
"""What the arrays of a checkpoint are called, before its epoch, while they are beside those of the trained models."""


@dataclass(frozen=True, eq=False)
class Workshop:
    """What every job of a study needs."""

    study: Study
    dataset: Dataset
    model: Model
    store: Store
    room: Room


def workshop(study: Study, dataset: Dataset, store: Store, at_once: int | None = None) -> Workshop:
    """Return what the jobs of a study need; `at_once` is how many members are computed at once.

    Where nothing is said it is what suits the network and the device. Raises UserError where the network does not fit the
    data.
    """
    model = build(study.model, dataset.shape, dataset.n_classes)
    small = IN_CACHE if dataset.device.type == "cpu" else sys.maxsize
    usual = getattr(study.model, "at_once", None) or AT_ONCE.get(study.model.kind, small)
    return Workshop(study, dataset, model, store, Room(at_once or usual))


def tell(report: Report | None, job: Job, share: float) -> None:
    """Report, if someone listens."""
    if report is not None:
        report(job, share)


def compute(shop: Workshop, job: Job, report: Report | None = None) -> None:
    """Compute one job and commit it. What it needs must be in the store."""
    start = time.perf_counter()
    if job.kind == "influence":
        with threadpool_limits(torch.get_num_threads()):  # numpy has threads of its own
            arrays, notes = _influence(shop, job, report)
        shop.store.put(job.digest, arrays, _record(shop, job, time.perf_counter() - start, notes))
        return
    n = shop.study.n_models if job.part is None else job.part.stop - job.part.start
    forget = _forget(shop, job)

    def piece(which: slice) -> tuple[Arrays, Notes]:
        def told(share: float) -> None:
            tell(report, job, (which.start + share * (which.stop - which.start)) / n)

        return _arrays(shop, job, forget, which, told)

    whole = in_pieces(shop.store, job.digest, n, shop.room, piece)
    notes = {**whole.notes, "members_at_once": whole.largest, "memory_ran_out": whole.halved}
    arrays = whole.arrays if forget is None else {**whole.arrays, "forget": forget}
    for kept in checkpoints(shop.study, job) if job.kind == "pretrained" else ():
        prefix = f"{KEPT}{kept.epoch}."
        mine = [name for name in arrays if name.startswith(prefix)]
        if not mine:  # pieces from before a method asked for it
            continue
        found = {name.removeprefix(prefix): arrays.pop(name) for name in mine}
        shop.store.put(kept.digest, found, _record(shop, kept, 0.0, {**notes, "epoch": kept.epoch}))
    shop.store.put(job.digest, arrays, _record(shop, job, whole.seconds, notes))
    discard_pieces(shop.store, job.digest, n)
    free_cache()


def _record(shop: Workshop, job: Job, seconds: float, notes: Notes) -> dict[str, Any]:
    return {
        "kind": job.kind,
        "label": job.label,
        "settings": job.settings,
        "seconds": seconds,
        "versions": {
            "python": platform.python_version(),
            **{p: version(p) for p in ("torch", "numpy", "scikit-learn")},
            "ascentcheck": __version__,
        },
        "device": described(shop.dataset.device),
        "machine": f"{platform.node()}, {platform.machine()}, {platform.system()}, {cores()} cores",
        "threads": torch.get_num_threads(),
        **notes,
    }


def _forget(shop: Workshop, job: Job) -> ForgetSet | None:
    """Return the job's forget set, if it has one."""
    if job.forget_set is None:
        return None
    first = unpack(_needed(shop.store, job.needs[0]), slice(0, 1))
    return forget_sets.make(job.forget_set, shop.dataset, shop.model, first, _projections(shop.store, job))


def _arrays(
    shop: Workshop, job: Job, forget: ForgetSet | None, which: slice, told: Callable[[float], None]
) -> tuple[Arrays, Notes]:
    """Return the arrays of some members of a job, [members, ...], and what is noted of all."""
    study, data = shop.study, shop.dataset
    everything = np.arange(len(data.train_y))
    if job.part is not None:
        return _datamodels(shop, job.part, which, told), {}
    if job.kind == "pretrained":
        kept: list[Checkpoint] = []
        at = {wanted.epoch for wanted in checkpoints(study, job) if wanted.epoch is not None}
        state = _trained(shop, everything, "pretrained", which, told, keep=kept.append, keep_at=at)
        beside = {
            f"{KEPT}{c.epoch}.{name}": array for c in kept for name, array in pack_checkpoint(c).items()
        }
        return {**_margins(shop, state), **pack(state), **beside}, {}
    if job.kind == "checkpoint" and job.epoch is not None:
        # not asked for when the models were trained: their first epochs again
        kept, until = [], job.epoch
        _trained(shop, everything, "pretrained", which, told, keep=kept.append, keep_at=(until,), stop=until)
        return pack_checkpoint(kept[0]), {"epoch": until}
    if forget is None:
        raise ValueError(f"a job of kind {job.kind} has no forget set")
    retain = np.setdiff1d(everything, forget)
    if job.trajectory is None:
        role = f"{job.kind}/{forget.tobytes().hex()}"
        return _margins(shop, _trained(shop, retain, role, which, told)), {}
    return _unlearned(shop, job, retain, forget, which, told)


def _unlearned(
    shop: Workshop,
    job: Job,
    retain: np.ndarray,
    forget: ForgetSet,
    which: slice,
    told: Callable[[float], None],
) -> tuple[Arrays, Notes]:
    study = shop.study
    if job.trajectory is None:
        raise ValueError(f"a job of kind {job.kind} has no trajectory")
    epochs = job.trajectory.epochs
    passes: Iterator[methods.Snapshot] = methods.unlearn(
        shop.model,
        shop.dataset,
        torch.from_numpy(retain),
        torch.from_numpy(forget),
        unpack(_needed(shop.store, job.needs[0]), which),
        job.trajectory.method,
        ensemble.member_seeds(study.seed, f"unlearn/{job.digest}", study.n_models)[which],
        epochs,
        _resources(shop, job, which),
        study.train.precision,
    )
    arrays: Arrays = {}
    cost = {}
    for snapshot in passes:
        arrays |= _margins(shop, snapshot.state, f"_{snapshot.epoch}")
        cost[str(snapshot.epoch)] = [snapshot.forward_samples, snapshot.backward_samples]
        told((snapshot.epoch + 1) / (max(epochs) + 1))
    return arrays, {"passes": cost}


def _datamodels(shop: Workshop, part: influence.Part, which: slice, told: Callable[[float], None]) -> Arrays:
    """Return the subsets and margins of some of the models of a part."""
    config = shop.study.influence
    if not isinstance(config, influence.DatamodelsConfig):
        raise ValueError("the study has no datamodels")
    some = replace(part, start=part.start + which.start, stop=part.start + which.stop)
    train, seed = shop.study.train, shop.study.seed
    return influence.train_part(
        config, some, shop.model, shop.dataset, train, seed, lambda done, total: told(done / total)
    )


def _influence(shop: Workshop, job: Job, report: Report | None) -> tuple[Arrays, Notes]:
    """Make the influence matrix of all datamodels, or TRAK's of the pretrained ones."""
    config = shop.study.influence
    if config is None:
        raise ValueError("the study has no [influence]")
    if isinstance(config, influence.TrakConfig):
        return influence.estimate_trak(
            config,
            shop.model,
            shop.dataset,
            unpack(_needed(shop.store, job.needs[0])),
            shop.study.seed,
            lambda share: tell(report, job, share),
        )
    trained = []
    for part, digest in zip(influence.parts(config), job.needs, strict=True):
        result = _needed(shop.store, digest)
        trained.append((part, result.array("mask"), result.array("margin")))
    return influence.estimate(config, trained, lambda share: tell(report, job, share))


def _needed(store: Store, digest: str) -> Result:
    result = store.get(digest)
    if result is None:
        raise ValueError(f"a result that the job needs is not in the store: {digest}")
    return result


def _projections(store: Store, job: Job) -> influence.Projections | None:
    """Return the projections of all points on the components, if the job's forget set is made of them."""
    if not isinstance(job.forget_set, forget_sets.ComponentConfig):
        return None
    return influence.projections(_needed(store, job.needs[1]))


def _resources(shop: Workshop, job: Job, which: slice) -> methods.Resources | None:
    """Return what the job's method uses beside the pretrained models."""
    if job.method is None or job.method.uses == "pretrained":
        return None
    used = _needed(shop.store, job.needs[-1])
    if job.method.uses == "oracles":
        of_oracles = torch.from_numpy(np.array(used.array("train")[which]))
        return methods.Resources(margins=of_oracles.to(shop.dataset.device))
    return methods.Resources(shop.study.train, unpack_checkpoint(used, which))


def _trained(
    shop: Workshop,
    indices: np.ndarray,
    role: str,
    which: slice,
    told: Callable[[float], None],
    keep: Callable[[Checkpoint], None] | None = None,
    keep_at: Collection[int] = (),
    stop: int | None = None,
) -> State:
    return ensemble.train(
        shop.model,
        shop.dataset,
        torch.from_numpy(indices),
        shop.study.train,
        ensemble.member_seeds(shop.study.seed, role, shop.study.n_models)[which],
        progress=lambda done, total: told(done / total),
        keep=keep,
        keep_at=keep_at,
        stop=stop,
    )


def _margins(shop: Workshop, state: State, suffix: str = "") -> Arrays:
    data = shop.dataset
    return {
        f"train{suffix}": margins(shop.model, state, data.train_x, data.train_y, ready=data.ready),
        f"validation{suffix}": margins(shop.model, state, data.val_x, data.val_y, ready=data.ready),
    }

"""What the members of an ensemble compute, for each kind of job: training, unlearning, and margins at every point."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch

from ascentcheck.empirics import ensemble, forget_sets, influence, methods
from ascentcheck.empirics.ensemble import Checkpoint
from ascentcheck.empirics.margins import margins
from ascentcheck.empirics.models import State
from ascentcheck.empirics.study.job import (
    Alone,
    Chosen,
    Datamodels,
    Ensemble,
    FromCheckpoint,
    FromOracles,
    HeldOut,
    Kept,
    OfComponent,
    Oracle,
    Pretrained,
    Unlearned,
)
from ascentcheck.empirics.study.packing import pack, pack_checkpoint, unpack, unpack_checkpoint
from ascentcheck.empirics.study.pieces import Arrays, Notes
from ascentcheck.empirics.study.workshop import Workshop, needed

if TYPE_CHECKING:
    from ascentcheck.empirics.forget_sets import ForgetSet

Told = Callable[[float], None]
"""Told the share that is done, from 0 to 1."""

KEPT = "kept."
"""What the arrays of a checkpoint are called, before its epoch, while they are beside those of the trained models."""


@dataclass(frozen=True)
class Members:
    """The `n` members of a job: `compute` returns the arrays of some of them, [members, ...], and what is noted of all;
    `beside` are arrays that are not of members.
    """

    n: int
    compute: Callable[[slice, Told], tuple[Arrays, Notes]]
    beside: Arrays


def members(shop: Workshop, job: Ensemble) -> Members:
    """Return the members of a job. What it needs must be in the store."""
    n = shop.study.n_models
    match job:
        case Pretrained():
            return Members(n, partial(_pretrained, shop, job), {})
        case Kept():
            return Members(n, partial(_kept, shop, job), {})
        case Datamodels():
            return Members(job.part.stop - job.part.start, partial(_datamodels, shop, job), {})
        case Oracle() | HeldOut():
            forget = _forget(shop, job.points)
            return Members(n, partial(_retrained, shop, job, forget), {"forget": forget})
        case Unlearned():
            forget = _forget(shop, job.points)
            return Members(n, partial(_unlearned, shop, job, forget), {"forget": forget})


def without_kept(job: Pretrained, arrays: Arrays) -> tuple[Arrays, list[tuple[Kept, Arrays]]]:
    """Return the arrays of trained models alone, and those of each checkpoint that was kept beside them.

    Pieces from before a method asked for a checkpoint have none.
    """
    left, found = dict(arrays), []
    for kept in job.kept:
        prefix = f"{KEPT}{kept.epoch}."
        mine = {name.removeprefix(prefix): left.pop(name) for name in arrays if name.startswith(prefix)}
        if mine:
            found.append((kept, mine))
    return left, found


def _pretrained(shop: Workshop, job: Pretrained, which: slice, told: Told) -> tuple[Arrays, Notes]:
    kept: list[Checkpoint] = []
    at = {one.epoch for one in job.kept}
    state = _trained(shop, _everything(shop), "pretrained", which, told, keep=kept.append, keep_at=at)
    beside = {f"{KEPT}{c.epoch}.{name}": array for c in kept for name, array in pack_checkpoint(c).items()}
    return {**_margins(shop, state), **pack(state), **beside}, {}


def _kept(shop: Workshop, job: Kept, which: slice, told: Told) -> tuple[Arrays, Notes]:
    """Train the first epochs again: the checkpoint was not asked for when the models were trained."""
    kept: list[Checkpoint] = []
    everything, until = _everything(shop), job.epoch
    _trained(shop, everything, "pretrained", which, told, keep=kept.append, keep_at=(until,), stop=until)
    return pack_checkpoint(kept[0]), {"epoch": until}


def _datamodels(shop: Workshop, job: Datamodels, which: slice, told: Told) -> tuple[Arrays, Notes]:
    some = replace(job.part, start=job.part.start + which.start, stop=job.part.start + which.stop)
    train, seed = shop.study.train, shop.study.seed
    arrays = influence.train_part(
        job.config, some, shop.model, shop.dataset, train, seed, lambda done, total: told(done / total)
    )
    return arrays, {}


def _retrained(
    shop: Workshop, job: Oracle | HeldOut, forget: ForgetSet, which: slice, told: Told
) -> tuple[Arrays, Notes]:
    role = f"{job.kind}/{forget.tobytes().hex()}"
    retain = np.setdiff1d(_everything(shop), forget)
    return _margins(shop, _trained(shop, retain, role, which, told)), {}


def _unlearned(
    shop: Workshop, job: Unlearned, forget: ForgetSet, which: slice, told: Told
) -> tuple[Arrays, Notes]:
    study = shop.study
    passes = methods.unlearn(
        shop.model,
        shop.dataset,
        torch.from_numpy(np.setdiff1d(_everything(shop), forget)),
        torch.from_numpy(forget),
        unpack(needed(shop.store, job.points.pretrained), which),
        job.method,
        ensemble.member_seeds(study.seed, f"unlearn/{job.digest}", study.n_models)[which],
        job.trajectory.epochs,
        _resources(shop, job, which),
        study.train.precision,
    )
    arrays: Arrays = {}
    cost = {}
    for snapshot in passes:
        arrays |= _margins(shop, snapshot.state, f"_{snapshot.epoch}")
        cost[str(snapshot.epoch)] = [snapshot.forward_samples, snapshot.backward_samples]
        told((snapshot.epoch + 1) / (max(job.epochs) + 1))
    return arrays, {"passes": cost}


def _resources(shop: Workshop, job: Unlearned, which: slice) -> methods.Resources | None:
    """Return what the job's method uses beside the pretrained models."""
    match job.uses:
        case Alone():
            return None
        case FromOracles(digest):
            margins = torch.from_numpy(np.array(needed(shop.store, digest).array("train")[which]))
            return methods.Resources(margins=margins.to(shop.dataset.device))
        case FromCheckpoint(digest):
            checkpoint = unpack_checkpoint(needed(shop.store, digest), which)
            return methods.Resources(shop.study.train, checkpoint)


def _forget(shop: Workshop, points: Chosen | OfComponent) -> ForgetSet:
    first = unpack(needed(shop.store, points.pretrained), slice(0, 1))
    match points:
        case Chosen():
            return forget_sets.make(points.config, shop.dataset, shop.model, first)
        case OfComponent():
            found = influence.projections(needed(shop.store, points.matrix))
            return forget_sets.make(points.config, shop.dataset, shop.model, first, found)


def _everything(shop: Workshop) -> np.ndarray:
    return np.arange(shop.dataset.n_train)


def _trained(
    shop: Workshop,
    indices: np.ndarray,
    role: str,
    which: slice,
    told: Told,
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

"""Where jobs run. The store is the record: whoever drains it claims a job, computes it and commits it.

`drain` runs in this process; any number of processes may drain one store at once, on one machine or on several
that share a disk. A process that dies, however it dies, leaves its job to the others. A job that raises is
remembered as failed and does not stop the rest; members that diverge are a result, not a failure.
"""

from __future__ import annotations

import os
import platform
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from empirics import ensemble, forget_sets, influence, methods
from empirics.data import Dataset
from empirics.ensemble import Checkpoint
from empirics.jobs import Job, checkpoints
from empirics.margins import margins
from empirics.models import Model, State, build
from empirics.store import Result, Store, StoreError
from empirics.study import Study

Arrays = dict[str, np.ndarray]
Outcome = Literal["computed", "present", "failed", "blocked"]
Report = Callable[[Job, float], None]
"""Told a job and the share of it that is done, from 0 to 1."""
POLL = 0.5
"""Seconds between two looks at jobs that another process holds."""


@dataclass(frozen=True)
class Drained:
    """What a drain did: jobs computed here, found in the store, failed, and blocked by one that failed.

    `damaged` names jobs whose stored result did not match its checksums and was computed again.
    """

    computed: int = 0
    present: int = 0
    failed: int = 0
    blocked: int = 0
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Workshop:
    """What every job of a study needs."""

    study: Study
    dataset: Dataset
    model: Model
    store: Store


def workshop(study: Study, dataset: Dataset, store: Store) -> Workshop:
    """Return what the jobs of a study need. Raises UserError where the network does not fit the data."""
    return Workshop(study, dataset, build(study.model, dataset.shape, dataset.n_classes), store)


def drain(shop: Workshop, plan: Sequence[Job], report: Report | None = None) -> Drained:
    """Compute every job of `plan` that is not in the store, sharing the work with whoever else drains it.

    Jobs that another process holds are waited for, and taken over if that process dies. A job that fails is not
    tried again, here or by the others, until the next drain. Raises StoreError where results cannot be written.
    """
    known = {job.digest: shop.store.failures(job.digest) for job in plan}
    outcome: dict[str, Outcome] = {}
    damaged: list[str] = []
    while len(outcome) < len(known):
        worked = False
        for job in plan:
            if job.digest in outcome:
                continue
            needed = [outcome.get(digest) for digest in job.needs]
            if "failed" in needed or "blocked" in needed:
                outcome[job.digest] = "blocked"
            elif None not in needed:
                came = _attempt(shop, job, known[job.digest], report, damaged)
                if came is not None:
                    outcome[job.digest] = came
            if job.digest in outcome:
                _tell(report, job, 1.0)
            worked = outcome.get(job.digest) in ("computed", "failed")
            if worked:  # look from the top: other processes have finished jobs meanwhile
                break
        if not worked and len(outcome) < len(known):
            time.sleep(POLL)
    return Drained(**Counter(outcome.values()), damaged=tuple(damaged))


def _attempt(
    shop: Workshop, job: Job, failures: int, report: Report | None, damaged: list[str]
) -> Outcome | None:
    """Compute a job unless it is there or has failed more than `failures` times; None when another has it."""
    if shop.store.get(job.digest) is not None:
        return "present"
    with shop.store.claim(job.digest) as mine:
        if not mine:
            return None
        if shop.store.get(job.digest) is not None:
            return "present"
        if shop.store.failures(job.digest) > failures:
            return "failed"
        if shop.store.damaged(job.digest):
            damaged.append(job.label)
        try:
            compute(shop, job, report)
        except StoreError:
            raise
        except Exception as error:
            shop.store.fail(job.digest, f"{type(error).__name__}: {error}")
            return "failed"
        return "computed"


def _tell(report: Report | None, job: Job, share: float) -> None:
    if report is not None:
        report(job, share)


def compute(shop: Workshop, job: Job, report: Report | None = None) -> None:
    """Compute one job and commit it. What it needs must be in the store."""
    start = time.perf_counter()
    arrays, notes = _arrays(shop, job, report)
    shop.store.put(job.digest, arrays, _record(shop, job, start, notes))


def _record(shop: Workshop, job: Job, start: float, notes: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": job.kind,
        "label": job.label,
        "settings": job.settings,
        "seconds": time.perf_counter() - start,
        "versions": {
            "python": platform.python_version(),
            **{p: version(p) for p in ("torch", "numpy", "scikit-learn", "ascentcheck")},
        },
        "device": str(shop.dataset.train_x.device),
        "machine": f"{platform.node()}, {platform.machine()}, {platform.system()}, {os.cpu_count()} cores",
        "threads": torch.get_num_threads(),
        **notes,
    }


def _arrays(shop: Workshop, job: Job, report: Report | None) -> tuple[Arrays, dict[str, Any]]:
    study, data = shop.study, shop.dataset
    everything = np.arange(len(data.train_y))
    if job.kind in ("datamodels", "influence"):
        with threadpool_limits(torch.get_num_threads()):  # numpy has threads of its own
            return _influence(shop, job, report)
    if job.kind == "pretrained":
        wanted = {kept.epoch: kept for kept in checkpoints(study, job)}

        def keep(checkpoint: Checkpoint) -> None:
            kept, now = wanted[checkpoint.epoch], time.perf_counter()
            arrays, notes = _pack_checkpoint(checkpoint)
            shop.store.put(kept.digest, arrays, _record(shop, kept, now, notes))

        state = _trained(shop, job, everything, "pretrained", report, keep=keep, keep_at=wanted)
        return {**_margins(shop, state), **_pack(state)}, {}
    if job.kind == "checkpoint":  # not asked for when the models were trained: their first epochs again
        again: list[Checkpoint] = []
        at = {"keep": again.append, "keep_at": (job.epoch,), "stop": job.epoch}
        _trained(shop, job, everything, "pretrained", report, **at)
        return _pack_checkpoint(again[0])
    source = shop.store.get(job.needs[0])
    if source is None or job.forget_set is None:
        raise ValueError("the pretrained models are not in the store")
    forget = forget_sets.make(job.forget_set, data, shop.model, unpack(source), _projections(shop.store, job))
    retain = np.setdiff1d(everything, forget)
    if job.trajectory is None:
        state = _trained(shop, job, retain, f"{job.kind}/{forget.tobytes().hex()}", report)
        return {**_margins(shop, state), "forget": forget}, {}
    epochs = job.trajectory.epochs
    passes = methods.unlearn(
        shop.model,
        data,
        torch.from_numpy(retain),
        torch.from_numpy(forget),
        unpack(source),
        job.trajectory.method,
        ensemble.member_seeds(study.seed, f"unlearn/{job.digest}", study.n_models),
        epochs,
        _resources(shop, job),
    )
    arrays: Arrays = {"forget": forget}
    cost = {}
    for snapshot in passes:
        arrays |= _margins(shop, snapshot.state, f"_{snapshot.epoch}")
        cost[str(snapshot.epoch)] = [snapshot.forward_samples, snapshot.backward_samples]
        _tell(report, job, (snapshot.epoch + 1) / (max(epochs) + 1))
    return arrays, {"passes": cost}


def _influence(shop: Workshop, job: Job, report: Report | None) -> tuple[Arrays, dict[str, Any]]:
    """Train a batch of datamodels, or make the influence matrix of all of them."""
    config = shop.study.influence
    if config is None:
        raise ValueError("the study has no [influence]")
    if isinstance(config, influence.TrakConfig):
        source = shop.store.get(job.needs[0])
        if source is None:
            raise ValueError("the pretrained models are not in the store")
        return influence.estimate_trak(
            config,
            shop.model,
            shop.dataset,
            unpack(source),
            shop.study.seed,
            lambda share: _tell(report, job, share),
        )
    if job.part is not None:
        return influence.train_part(
            config,
            job.part,
            shop.model,
            shop.dataset,
            shop.study.train,
            shop.study.seed,
            lambda done, total: _tell(report, job, done / total),
        ), {}
    trained = []
    for part, digest in zip(influence.parts(config), job.needs, strict=True):
        result = shop.store.get(digest)
        if result is None:
            raise ValueError("the datamodels are not in the store")
        trained.append((part, result.array("mask"), result.array("margin")))
    return influence.estimate(config, trained, lambda share: _tell(report, job, share))


def _projections(store: Store, job: Job) -> influence.Projections | None:
    """Return the projections of all points on the components, if the job's forget set is made of them."""
    if not isinstance(job.forget_set, forget_sets.ComponentConfig):
        return None
    matrix = store.get(job.needs[1])
    if matrix is None:
        raise ValueError("the influence matrix is not in the store")
    return influence.projections(matrix)


def _resources(shop: Workshop, job: Job) -> methods.Resources | None:
    """Return what the job's method uses beside the pretrained models."""
    if job.method is None or job.method.uses == "pretrained":
        return None
    used = shop.store.get(job.needs[-1])
    if used is None:
        raise ValueError(f"what {job.method.kind} uses is not in the store")
    if job.method.uses == "oracles":
        device = shop.dataset.train_x.device
        return methods.Resources(margins=torch.from_numpy(np.array(used.array("train"))).to(device))
    velocities = {
        name.removeprefix("velocity."): torch.from_numpy(np.array(used.array(name)))
        for name in used.names()
        if name.startswith("velocity.")
    }
    checkpoint = Checkpoint(used.record["epoch"], unpack(used), velocities)
    return methods.Resources(shop.study.train, checkpoint)


def _trained(
    shop: Workshop, job: Job, indices: np.ndarray, role: str, report: Report | None, **checkpoints: Any
) -> State:
    seeds = ensemble.member_seeds(shop.study.seed, role, shop.study.n_models)
    return ensemble.train(
        shop.model,
        shop.dataset,
        torch.from_numpy(indices),
        shop.study.train,
        seeds,
        progress=lambda done, total: _tell(report, job, done / total),
        **checkpoints,
    )


def _margins(shop: Workshop, state: State, suffix: str = "") -> Arrays:
    data = shop.dataset
    return {
        f"train{suffix}": margins(shop.model, state, data.train_x, data.train_y),
        f"validation{suffix}": margins(shop.model, state, data.val_x, data.val_y),
    }


def _pack(state: State) -> Arrays:
    parts = {"parameter": state.parameters, "statistic": state.statistics}
    return {f"{kind}.{name}": t.cpu().numpy() for kind, part in parts.items() for name, t in part.items()}


def _pack_checkpoint(checkpoint: Checkpoint) -> tuple[Arrays, dict[str, Any]]:
    velocities = {f"velocity.{name}": v.cpu().numpy() for name, v in checkpoint.velocities.items()}
    return {**_pack(checkpoint.state), **velocities}, {"epoch": checkpoint.epoch}


def unpack(result: Result) -> State:
    """Return the models that a job of kind `pretrained` or `checkpoint` stored."""
    parts: dict[str, dict[str, torch.Tensor]] = {"parameter": {}, "statistic": {}}
    for name in result.names():
        kind, _, rest = name.partition(".")
        if kind in parts:
            parts[kind][rest] = torch.from_numpy(np.array(result.array(name)))
    return State(parts["parameter"], parts["statistic"])

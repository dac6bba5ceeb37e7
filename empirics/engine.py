"""Where jobs run. The store is the record: whoever drains it claims a job, computes it and commits it.

`drain` runs here, in this process; any number of processes may drain one store at once, and a process that
dies leaves its job to the others. A job that raises is remembered as failed and does not stop the rest; a
member that diverges is a result, not a failure.
"""

from __future__ import annotations

import platform
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import torch

from empirics import ensemble, forget_sets, methods
from empirics.data import Dataset
from empirics.jobs import Job
from empirics.margins import margins
from empirics.models import Model, State, build
from empirics.store import Result, Store
from empirics.study import Study
from theory.console import UserError

Arrays = dict[str, np.ndarray]
PAUSE = 0.5
"""Seconds between two looks at jobs that other processes hold."""

Report = Callable[[Job, float], None]
"""Told a job and the share of it that is done, from 0 to 1."""


@dataclass(frozen=True)
class Drained:
    """What draining did: how many jobs this process computed, found in the store, or saw fail."""

    computed: int
    present: int
    failed: int


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
    """Compute every job that is not in the store yet, sharing the work with whoever else drains the store.

    Returns when each job has a result or has failed: jobs that another process holds are waited for, and are
    taken over if that process dies.
    """
    outcome = dict.fromkeys((job.digest for job in plan), "")
    while True:
        for job in plan:
            if not outcome[job.digest]:
                outcome[job.digest] = _attempt(shop, job, outcome, report)
                if outcome[job.digest]:
                    _tell(report, job, 1.0)
        if all(outcome.values()):
            counts = Counter(outcome.values())
            return Drained(counts["computed"], counts["present"], counts["failed"])
        time.sleep(PAUSE)


def _attempt(shop: Workshop, job: Job, outcome: Mapping[str, str], report: Report | None) -> str:
    """Return computed, present or failed; "" when the job or one that it needs is held by another process."""
    store = shop.store
    if store.get(job.digest) is not None:
        return "present"
    with store.claim(job.digest) as mine:
        if not mine:
            return ""
        if store.get(job.digest) is not None:
            return "present"
        if any(outcome.get(needed) == "failed" for needed in job.needs):
            store.fail(job.digest, "a job that it starts from failed")
            return "failed"
        if any(store.get(needed) is None for needed in job.needs):
            return ""
        try:
            _compute(shop, job, report)
        except (UserError, ValueError, RuntimeError, MemoryError) as error:
            store.fail(job.digest, f"{type(error).__name__}: {error}")
            return "failed"
    return "computed"


def _tell(report: Report | None, job: Job, share: float) -> None:
    if report is not None:
        report(job, share)


def _compute(shop: Workshop, job: Job, report: Report | None) -> None:
    start = time.perf_counter()
    arrays, notes = _arrays(shop, job, report)
    record = {
        "kind": job.kind,
        "label": job.label,
        "settings": job.settings,
        "seconds": time.perf_counter() - start,
        "versions": {p: version(p) for p in ("torch", "numpy", "scikit-learn", "ascentcheck")},
        "machine": f"{platform.machine()}, {torch.get_num_threads()} threads, {platform.system()}",
        **notes,
    }
    shop.store.put(job.digest, arrays, record)


def _arrays(shop: Workshop, job: Job, report: Report | None) -> tuple[Arrays, dict[str, Any]]:
    study, data = shop.study, shop.dataset
    if job.kind == "pretrained":
        state = _trained(shop, job, np.arange(len(data.train_y)), "pretrained", report)
        return {**_margins(shop, state), **_pack(state)}, {}
    source = shop.store.get(job.needs[0])
    if source is None or job.forget_set is None:
        raise ValueError("the pretrained models are not in the store")
    forget = forget_sets.make(job.forget_set, data, shop.model, unpack(source))
    retain = np.setdiff1d(np.arange(len(data.train_y)), forget)
    if job.trajectory is None:
        state = _trained(shop, job, retain, f"{job.kind}/{forget.tobytes().hex()}", report)
        return {**_margins(shop, state), "forget": forget}, {}
    seeds = ensemble.member_seeds(study.seed, f"unlearn/{job.digest}", study.n_models)
    epochs = sorted(set(job.trajectory.epochs))
    passes = methods.unlearn(
        shop.model,
        data,
        torch.from_numpy(retain),
        torch.from_numpy(forget),
        unpack(source),
        job.trajectory.method,
        seeds,
        epochs,
    )
    arrays: Arrays = {"forget": forget}
    cost = {}
    for snapshot in passes:
        arrays |= _margins(shop, snapshot.state, f"_{snapshot.epoch}")
        cost[str(snapshot.epoch)] = [snapshot.forward_samples, snapshot.backward_samples]
        _tell(report, job, (snapshot.epoch + 1) / (epochs[-1] + 1))
    return arrays, {"passes": cost}


def _trained(shop: Workshop, job: Job, indices: np.ndarray, role: str, report: Report | None) -> State:
    seeds = ensemble.member_seeds(shop.study.seed, role, shop.study.n_models)
    return ensemble.train(
        shop.model,
        shop.dataset,
        torch.from_numpy(indices),
        shop.study.train,
        seeds,
        progress=lambda done, total: _tell(report, job, done / total),
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


def unpack(result: Result) -> State:
    """Return the models that a job of kind `pretrained` stored."""
    parts: dict[str, dict[str, torch.Tensor]] = {"parameter": {}, "statistic": {}}
    for name in result.names():
        kind, _, rest = name.partition(".")
        if kind in parts:
            parts[kind][rest] = torch.from_numpy(np.array(result.array(name)))
    return State(parts["parameter"], parts["statistic"])

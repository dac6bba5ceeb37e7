"""What a study will take, before anything runs: models, passes over samples, bytes and time; and how far it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from empirics.data import Dataset
from empirics.influence import DatamodelsConfig, TrakConfig
from empirics.influence.datamodels import subset_size
from empirics.jobs import Job
from empirics.methods import DoNothingConfig, GaConfig, NegGradPlusConfig, OracleMatchingConfig, RewindConfig
from empirics.store import Store
from empirics.study import Study, Trajectory


@dataclass(frozen=True)
class Estimate:
    """Work of some jobs. `passes` are samples forward and backward over all models; `bytes` what is stored."""

    jobs: int
    models: int
    passes: int
    bytes: int


def set_size(study: Study, job: Job, n_train: int) -> int:
    """Return |F| of a job's forget set; a set read from a file is counted as a tenth of the data."""
    return getattr(job.forget_set, "size", n_train // 10) if job.forget_set is not None else 0


def unlearning_passes(study: Study, trajectory: Trajectory, n_retain: int, n_forget: int) -> int:
    """Return the passes of one member along a trajectory, forward and backward together."""
    method, epochs = trajectory.method, max(trajectory.epochs)
    match method:
        case DoNothingConfig():
            return 0
        case GaConfig():
            return 2 * epochs * n_forget
        case RewindConfig():
            return 2 * epochs * study.train.passed(n_retain)
    share = getattr(method, "retain_share", 1.0)
    once = math.ceil(share * n_retain)
    if isinstance(method, NegGradPlusConfig | OracleMatchingConfig):  # a batch of F beside each of R
        steps = -(-once // method.batch_size)
        once += steps * min(method.forget_batch, n_forget)
    ascent = min(getattr(method, "ascent_epochs", 0), epochs)
    each = {"scrub": 3, "statistics-only": 1}.get(method.kind, 2)  # a teacher's passes; none backward
    return each * (epochs * once + ascent * n_forget)


def estimate(study: Study, dataset: Dataset, plan: Sequence[Job]) -> Estimate:
    """Return the work of the jobs given."""
    n_train, n_points = len(dataset.train_y), len(dataset.train_y) + len(dataset.val_y)
    models = passes = stored = 0
    for job in plan:
        if isinstance(study.influence, DatamodelsConfig) and job.part is not None:
            count = job.part.stop - job.part.start
            models += count
            passes += count * (2 * study.train.epochs * subset_size(study.influence, n_train) + n_train)
            stored += 5 * count * n_train
            continue
        if job.kind == "influence":
            stored += 4 * n_train**2
            if isinstance(study.influence, TrakConfig):
                passes += 4 * study.influence.checkpoints * n_train  # each point as a source and as a target
            continue
        if job.kind == "checkpoint":  # kept by who trains the pretrained models
            continue
        size = set_size(study, job, n_train)
        models += study.n_models
        snapshots = 1
        if job.trajectory is None:
            passes += 2 * study.n_models * study.train.epochs * (n_train - size)
        else:
            snapshots = len(set(job.trajectory.epochs))
            passes += study.n_models * unlearning_passes(study, job.trajectory, n_train - size, size)
        passes += study.n_models * snapshots * n_points
        stored += 4 * study.n_models * snapshots * n_points
    return Estimate(len(plan), models, passes, stored)


@dataclass(frozen=True)
class Status:
    """How far the jobs are."""

    done: int
    running: int
    failed: int
    damaged: int
    left: int
    seconds: float
    passes_done: int


def status(study: Study, dataset: Dataset, plan: Sequence[Job], store: Store) -> Status:
    """Return how many jobs are done, running in some process, failed, damaged, or left."""
    done = running = failed = damaged = 0
    seconds, finished = 0.0, []
    for job in plan:
        result = store.get(job.digest)
        if result is not None:
            done += 1
            seconds += float(result.record.get("seconds", 0.0))
            finished.append(job)
        elif store.running(job.digest):
            running += 1
        elif store.failure(job.digest) is not None:
            failed += 1
        elif store.damaged(job.digest):
            damaged += 1
    left = len(plan) - done - running - failed
    return Status(done, running, failed, damaged, left, seconds, estimate(study, dataset, finished).passes)

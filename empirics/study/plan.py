"""What a study will take, before anything runs: models, passes over samples, bytes and time; and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.forget_sets import ForgetSetConfig
from ascentcheck.empirics.influence.datamodels import subset_size
from ascentcheck.empirics.store import Glance, Store
from ascentcheck.empirics.study.job import (
    Datamodels,
    DatamodelsMatrix,
    HeldOut,
    Job,
    Kept,
    Oracle,
    Pretrained,
    TrakMatrix,
    Unlearned,
)
from ascentcheck.empirics.study.plugins import without_exit
from ascentcheck.empirics.study.settings import Study, Trajectory


@dataclass(frozen=True)
class Estimate:
    """Work of some jobs: `models` of all kinds; samples passed `forward` and `backward` to train and unlearn them, and
    `scored`, passed forward for their margins; `bytes` stored.
    """

    jobs: int = 0
    models: int = 0
    forward: int = 0
    backward: int = 0
    scored: int = 0
    bytes: int = 0

    @property
    def passes(self) -> int:
        """Samples passed, of all three kinds together."""
        return self.forward + self.backward + self.scored

    def flops(self, trained: int, scored: int) -> int:
        """Return the FLOPs of all passes, with those of one sample forward as it is trained on and as it is scored.

        A pass backward takes twice as many as one forward.
        """
        return trained * (self.forward + 2 * self.backward) + scored * self.scored


def set_size(chosen: ForgetSetConfig, n_train: int) -> int:
    """Return |F| of a forget set; a file that does not say its size is counted as a tenth of the data."""
    return chosen.size or n_train // 10


def unlearning_passes(study: Study, trajectory: Trajectory, n_retain: int, n_forget: int) -> tuple[int, int]:
    """Return the samples that one member passes forward and backward along a trajectory, scoring apart."""
    with without_exit(f"method {trajectory.method.kind}"):
        return trajectory.method.passes(n_retain, n_forget, max(trajectory.epochs), study.train)


def estimate(study: Study, dataset: Dataset, plan: Sequence[Job]) -> Estimate:
    """Return the work of the jobs given."""
    parts = [_of_job(study, dataset, job) for job in plan]
    return Estimate(*(sum(getattr(part, field.name) for part in parts) for field in fields(Estimate)))


def by_kind(study: Study, dataset: Dataset, plan: Sequence[Job]) -> dict[str, Estimate]:
    """Return the work of each kind of job, that of unlearning by its method, in the plan's order."""
    kinds: dict[str, list[Job]] = {}
    for job in plan:
        kinds.setdefault(job.name, []).append(job)
    return {kind: estimate(study, dataset, some) for kind, some in kinds.items()}


def _of_job(study: Study, dataset: Dataset, job: Job) -> Estimate:
    n_train = dataset.n_train
    match job:
        case Kept():  # by who trains the pretrained models
            return Estimate(1)
        case Pretrained():
            return _training(study, dataset, n_train)
        case Oracle() | HeldOut():
            return _training(study, dataset, n_train - set_size(job.forget_set, n_train))
        case Datamodels():
            count = job.part.stop - job.part.start
            trained = count * study.train.epochs * study.train.passed(subset_size(job.config, n_train))
            return Estimate(1, count, trained, trained, count * n_train, 5 * count * n_train)
        case DatamodelsMatrix():
            return Estimate(1, bytes=4 * n_train**2)
        case TrakMatrix():
            both = 2 * job.config.checkpoints * n_train  # each point as a source and as a target
            return Estimate(1, 0, both, both, 0, 4 * n_train**2)
        case Unlearned():
            size = set_size(job.forget_set, n_train)
            passed = unlearning_passes(study, job.trajectory, n_train - size, size)
            return _of_members(study, dataset, *passed, snapshots=len(job.epochs))


def _training(study: Study, dataset: Dataset, points: int) -> Estimate:
    passed = study.train.epochs * study.train.passed(points)
    return _of_members(study, dataset, passed, passed, snapshots=1)


def _of_members(study: Study, dataset: Dataset, forward: int, backward: int, snapshots: int) -> Estimate:
    n = study.n_models
    scored = n * snapshots * (dataset.n_train + dataset.n_validation)
    return Estimate(1, n, n * forward, n * backward, scored, 4 * scored)


@dataclass(frozen=True)
class Taken:
    """What the jobs that are done have taken: `seconds` of a worker, and work."""

    done: int
    seconds: float
    worked: Estimate


def taken(study: Study, dataset: Dataset, plan: Sequence[Job], store: Store) -> Taken:
    """Return what the jobs of a plan that are done have taken. Reads every result."""
    results = [(job, result) for job in plan if (result := store.get(job.digest)) is not None]
    seconds = sum(float(result.record.get("seconds", 0.0)) for _, result in results)
    return Taken(len(results), seconds, estimate(study, dataset, [job for job, _ in results]))


def counts(plan: Sequence[Job], store: Store, seen: Glance, check: bool = False) -> dict[str, int]:
    """Return how many jobs are done, running in some process, failed and left, by what names in the store tell.

    With `check` every result is read, and those that are `damaged` are counted, which are left.
    """
    digests = {job.digest for job in plan}
    done = digests & seen.finished
    running = digests & seen.held.keys() - done
    failed = digests & seen.failed - done - running
    found = {"done": len(done), "running": len(running), "failed": len(failed)}
    if check:
        found["damaged"] = sum(store.get(digest) is None for digest in done)
        found["done"] -= found["damaged"]
    return found | {"left": len(digests) - found["done"] - len(running) - len(failed)}

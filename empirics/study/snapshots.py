"""What is finished of a study, snapshot by snapshot: its margins by split, and its scores, which the store keeps.

Scores are computed once, by whoever finds that they are missing. Several processes share them as they share jobs: who scores a
snapshot holds its job for that time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ascentcheck.empirics.store import Result, Store
from ascentcheck.empirics.study.job import HeldOut, Job, OnSet, Unlearned, oracle_of, pretrained_of
from ascentcheck.empirics.study.scoring import Record, Split, energy_record, klom_record
from ascentcheck.empirics.study.settings import Study
from ascentcheck.theory.console import UserError

SPLITS = ("retain", "validation", "forget")
SCORE_CODE = 2
"""Raise it when KLoM would come out differently."""
ENERGY_CODE = 1
"""Raise it when the energy score would."""
POLL = 0.2
"""Seconds between two looks at scores that other processes are at."""

Scores = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Oracles:
    """The oracles of a forget set, and their job."""

    result: Result
    job: str

    @cached_property
    def forget(self) -> np.ndarray:
        """Whether each training point is to be forgotten."""
        mask = np.zeros(self.n_train, dtype=bool)
        mask[self.result.array("forget")] = True
        return mask

    @cached_property
    def n_train(self) -> int:
        """The number of training points."""
        return int(self.result.array("train").shape[1])

    @cached_property
    def n_validation(self) -> int:
        """The number of validation points."""
        return int(self.result.array("validation").shape[1])


@dataclass(frozen=True)
class Snapshot:
    """A finished job's models after an epoch; `suffix` tells its arrays from those of other epochs."""

    method: str
    settings: dict[str, object]
    epoch: int
    suffix: str
    result: Result
    passes: tuple[int, int]
    job: str


@dataclass(frozen=True)
class Margins:
    """A finished snapshot: what it is of, and its margins [models, points] by split."""

    method: str
    hyperparameters: str
    epoch: int
    splits: dict[str, np.ndarray]


def finished(
    study: Study, plan: Sequence[Job], store: Store
) -> Iterator[tuple[str, Oracles | None, list[Snapshot]]]:
    """Yield each forget set's name, its oracles if they are done, and its finished snapshots, controls first.

    Raises UserError where a job forgot other points than the oracles did.
    """
    for chosen in study.forget_sets:
        of_set = [job for job in plan if isinstance(job, OnSet) and job.forget_set == chosen]
        job = oracle_of(of_set, chosen)
        result = store.get(job.digest)
        if result is None:
            yield chosen.name, None, []
            continue
        oracles = Oracles(result, job.digest)
        yield chosen.name, oracles, list(_snapshots(plan, of_set, oracles, store))


def margins_of(
    study: Study, plan: Sequence[Job], store: Store
) -> Iterator[tuple[str, dict[str, np.ndarray], Margins]]:
    """Yield the set's name, the margins of its oracles by split and those of a snapshot, for every finished snapshot."""
    for name, oracles, some in finished(study, plan, store):
        for snapshot in some if oracles is not None else ():
            parts = splits(oracles, snapshot)
            own = {split: part.unlearned for split, part in parts.items()}
            given = json.dumps(snapshot.settings, sort_keys=True)
            yield (
                name,
                {split: part.oracle for split, part in parts.items()},
                Margins(snapshot.method, given, snapshot.epoch, own),
            )


def _snapshots(
    plan: Sequence[Job], of_set: Sequence[OnSet], oracles: Oracles, store: Store
) -> Iterator[Snapshot]:
    pretrained = pretrained_of(plan)
    if (result := store.get(pretrained.digest)) is not None:
        yield Snapshot("do-nothing", {}, 0, "", result, (0, 0), pretrained.digest)
    for held_out in (job for job in of_set if isinstance(job, HeldOut)):
        if (result := store.get(held_out.digest)) is not None:
            _check_same_points(oracles, result, held_out)
            yield Snapshot(held_out.name, {}, 0, "", result, (0, 0), held_out.digest)
    for job in (job for job in of_set if isinstance(job, Unlearned)):
        if (result := store.get(job.digest)) is None:
            continue
        _check_same_points(oracles, result, job)
        settings = job.method.model_dump(mode="json", exclude={"kind"})
        for epoch in job.epochs:
            forward, backward = result.record["passes"][str(epoch)]
            yield Snapshot(job.name, settings, epoch, f"_{epoch}", result, (forward, backward), job.digest)


def _check_same_points(oracles: Oracles, result: Result, job: OnSet) -> None:
    """A set of neighbours is found anew in each job: where one ran on another device, a tie may be broken otherwise."""
    if not np.array_equal(result.array("forget"), oracles.result.array("forget")):
        raise UserError(
            f"{job.label}: forgot other points than the oracles did, on {result.record['device']} and "
            f"{oracles.result.record['device']}; remove {result.folder} and run again on the oracles' device"
        )


def splits(oracles: Oracles, snapshot: Snapshot) -> dict[str, Split]:
    """Return the margins of oracles and snapshot by split."""
    forget = oracles.forget
    train, validation = (
        [oracles.result.array(name), snapshot.result.array(f"{name}{snapshot.suffix}")]
        for name in ("train", "validation")
    )
    parts = {
        "retain": [array[:, ~forget] for array in train],
        "validation": validation,
        "forget": [array[:, forget] for array in train],
    }
    return {name: Split(*map(np.asarray, both)) for name, both in parts.items()}


def scores(estimator: str, oracles: Oracles, snapshot: Snapshot, store: Store) -> Scores:
    """Return a snapshot's scores by split: from the store, or computed now and kept there."""
    result: Scores = {split: {} for split in SPLITS}
    for key, way in _ways(estimator, oracles, snapshot):
        known = store.remembered(key, lambda way=way: _scored(way, oracles, snapshot))
        for split in SPLITS:
            result[split] |= known[split]
    return result


def score(
    study: Study, plan: Sequence[Job], store: Store, progress: Callable[[int, int], None] | None = None
) -> None:
    """Score every finished snapshot that is not, and share that with whoever else does; return when nothing is left.

    `progress(done, total)` is called after each. Raises StoreError where the store cannot be written.
    """
    left = [
        (oracles, snapshot)
        for _, oracles, some in finished(study, plan, store)
        for snapshot in some
        if oracles
    ]
    done, total = 0, len(left)
    while left:
        taken = []
        for oracles, snapshot in left:
            if not all(store.knows(key) for key, _ in _ways(study.estimator, oracles, snapshot)):
                with store.claim(snapshot.job) as mine:
                    if mine:
                        scores(study.estimator, oracles, snapshot, store)
                    else:
                        taken.append((oracles, snapshot))
                        continue
            done += 1
            if progress is not None:
                progress(done, total)
        if len(taken) == len(left):
            time.sleep(POLL)
        left = taken


def _ways(
    estimator: str, oracles: Oracles, snapshot: Snapshot
) -> tuple[tuple[str, Callable[[Split], Record]], ...]:
    of = [oracles.job, snapshot.job, snapshot.epoch]
    return (
        (json.dumps(["score", SCORE_CODE, *of, estimator]), lambda split: klom_record(split, estimator)),
        (json.dumps(["energy", ENERGY_CODE, *of]), energy_record),
    )


def _scored(way: Callable[[Split], Record], oracles: Oracles, snapshot: Snapshot) -> dict[str, Any]:
    return {name: way(split) for name, split in splits(oracles, snapshot).items()}

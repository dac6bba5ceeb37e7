"""What every job of a study needs, and what a job takes from the store."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.models import ALONE, AT_ONCE, IN_CACHE, Cnn, Model, build
from ascentcheck.empirics.models.flops import forward_flops
from ascentcheck.empirics.store import Result, Store
from ascentcheck.empirics.study.pieces import Room
from ascentcheck.empirics.study.plugins import without_exit
from ascentcheck.empirics.study.settings import Study


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
    with without_exit(f"network {study.model.kind}"):
        model = build(study.model, dataset.shape, dataset.n_classes)
    usual = getattr(study.model, "at_once", None) or AT_ONCE.get(study.model.kind) or _small(model, dataset)
    return Workshop(study, dataset, model, store, Room(at_once or usual))


def _small(model: Model, dataset: Dataset) -> int:
    """Return how many members of a small network are fastest at once."""
    if dataset.device.type != "cpu":
        return sys.maxsize
    alone = isinstance(model, Cnn) and forward_flops(model, dataset.shape) >= ALONE
    return 1 if alone else IN_CACHE


def needed(store: Store, digest: str) -> Result:
    """Return a result that a job needs. Raises ValueError where it is not in the store."""
    result = store.get(digest)
    if result is None:
        raise ValueError(f"a result that the job needs is not in the store: {digest}")
    return result

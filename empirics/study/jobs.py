"""The jobs of a study in order, each with a digest of everything that determines its result.

A digest covers the data, the network, training, seeds, N, the forget set, the digests of the jobs it starts from, the version
of torch, and a version of the code that computes it, or of a plug-in's. Names that only people read are left out, and the
content of a file stands for its path. Configurations that are the same computation on a set, with forget batches of |F|
points or more, are one job, under the first of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ascentcheck.empirics.config import Config
from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.forget_sets import (
    ComponentConfig,
    FileConfig,
    ForgetSetConfig,
    check,
    make,
)
from ascentcheck.empirics.influence import DatamodelsConfig, TrakConfig, parts
from ascentcheck.empirics.methods import Method
from ascentcheck.empirics.models import CnnConfig
from ascentcheck.empirics.study.job import (
    Alone,
    Chosen,
    Datamodels,
    DatamodelsMatrix,
    FromCheckpoint,
    FromOracles,
    HeldOut,
    Job,
    Kept,
    OfComponent,
    Oracle,
    Pretrained,
    TrakMatrix,
    Unlearned,
    Uses,
)
from ascentcheck.empirics.study.plugins import identity
from ascentcheck.empirics.study.settings import Study, Trajectory
from ascentcheck.theory.console import UserError

TRAIN_LATER = {"label_smoothing": 0.0, "decayed": "all", "precision": "float32"}
CNN_LATER = {"first_kernel": 3, "first_stride": 1, "head": "average"}
SETS_LATER: Mapping[str, Mapping[str, object]] = {
    "neighbours": {"space": "features", "same_class": False},
    "ranked": {"among": None, "seed": 0},
    "copied": {"seed": 0},
}
"""Settings that came later, each with the only value there was before."""

Settings = dict[str, object]


@dataclass(frozen=True)
class _OfSet:
    """What the jobs on a forget set have in common: how its points are found, and the settings that say so."""

    points: Chosen | OfComponent
    settings: Settings
    held_out: HeldOut


def jobs(study: Study, dataset: Dataset, data_absent: bool = False) -> tuple[Job, ...]:
    """Return the jobs of a study in an order in which each comes after those it needs.

    Where the data are absent, and `dataset` has their sizes alone, files of forget sets are not read.
    """
    base = {
        "data": dataset.digest,
        "model": _settings(study.model, CNN_LATER if isinstance(study.model, CnnConfig) else {}),
        "train": _settings(study.train, TRAIN_LATER),
        "seed": study.seed,
        "n_models": study.n_models,
        "torch": version("torch"),
        **_code("model code", study.model),
    }
    pretrained = _pretrained(study, base)
    influence = _influence(study, base, dataset, pretrained)
    of_sets, trained = [], []
    for chosen in study.forget_sets:
        _check(chosen, study, dataset, data_absent)
        settings = {**base, "pretrained": pretrained.digest, "forget_set": _identity(chosen, data_absent)}
        points: Chosen | OfComponent = Chosen(chosen, pretrained.digest)
        if isinstance(chosen, ComponentConfig):
            matrix = influence[-1].digest
            settings["influence"] = matrix
            points = OfComponent(chosen, pretrained.digest, matrix)
        held_out = HeldOut(*_key(HeldOut, settings), points)
        of_sets.append(_OfSet(points, settings, held_out))
        trained += [Oracle(*_key(Oracle, settings), points), held_out]
    distinct_at = cache(partial(distinct, study.trajectories))  # most sets are of a few sizes
    unlearned = [
        _unlearned(study, pretrained, of_set, trajectory)
        for of_set in of_sets
        for trajectory in distinct_at(_size(of_set.points.config, dataset, data_absent))
    ]
    return (pretrained, *pretrained.kept, *influence, *trained, *unlearned)


def _key(kind: type[Job], settings: Settings) -> tuple[str, str]:
    """Return the digest of a job and its settings as JSON."""
    text = json.dumps({"kind": kind.kind, "code": kind.code, **settings}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest(), text


def _pretrained(study: Study, base: Settings) -> Pretrained:
    """Return the job of the pretrained models, with each checkpoint that the study's methods go back to."""
    digest, settings = _key(Pretrained, base)
    methods = [trajectory.method for trajectory in study.trajectories]
    epochs = sorted({_rewound(study, method) for method in methods if method.uses == "checkpoint"})
    kept = (Kept(*_key(Kept, {"pretrained": digest, "epoch": epoch}), digest, epoch) for epoch in epochs)
    return Pretrained(digest, settings, tuple(kept))


def _unlearned(study: Study, pretrained: Pretrained, of_set: _OfSet, trajectory: Trajectory) -> Unlearned:
    settings = {
        **of_set.settings,
        "method": trajectory.method.model_dump(mode="json"),
        "epochs": sorted(set(trajectory.epochs)),
        **_code("method code", trajectory.method),
    }
    uses: Uses = Alone()
    match trajectory.method.uses:
        case "checkpoint":
            epoch = _rewound(study, trajectory.method)
            uses = FromCheckpoint(next(job.digest for job in pretrained.kept if job.epoch == epoch))
        case "oracles":
            uses = FromOracles(of_set.held_out.digest)
    settings |= {"uses": uses.digests} if uses.digests else {}
    return Unlearned(*_key(Unlearned, settings), of_set.points, trajectory, uses)


def distinct(trajectories: Sequence[Trajectory], size: int) -> list[Trajectory]:
    """Return the trajectories that differ on a forget set of that size: from |F| on, batches of F are all of it."""
    kept: dict[str, Trajectory] = {}
    for trajectory in trajectories:
        settings = whole_batches(trajectory.method.model_dump(mode="json"), size)
        kept.setdefault(json.dumps([settings, sorted(set(trajectory.epochs))], sort_keys=True), trajectory)
    return list(kept.values())


def whole_batches(settings: Mapping[str, Any], size: int) -> dict[str, Any]:
    """Return a method's settings as they are on a forget set of that size: no batch of F is larger."""
    batch = {"forget_batch": min(settings["forget_batch"], size)} if "forget_batch" in settings else {}
    return {**settings, **batch}


def _size(chosen: ForgetSetConfig, dataset: Dataset, data_absent: bool) -> int:
    if chosen.size is not None:
        return chosen.size
    return dataset.n_train // 10 if data_absent else len(make(chosen, dataset))


def _code(name: str, settings: Config) -> dict[str, object]:
    """Return what tells the code of a plug-in; nothing for the project's own, whose jobs have numbers of their code."""
    found = identity(settings)
    return {} if found is None else {name: found}


def _settings(config: Config, later: Mapping[str, object]) -> dict[str, object]:
    """Return what determines a result. Settings that came `later` count where they have another value than the only one
    there was before, so that results from before keep their keys.
    """
    settings = config.model_dump(mode="json", exclude={"name"})
    return {key: value for key, value in settings.items() if key not in later or value != later[key]}


def _rewound(study: Study, method: Method) -> int:
    """Return the epoch of pretraining that a method goes back to."""
    back, epochs = getattr(method, "rewind_epochs", 0), study.train.epochs
    if back > epochs:
        raise UserError(f"method {method.kind}: rewind_epochs {back}: pretraining has {epochs} epochs")
    return epochs - back


def _influence(study: Study, base: Settings, dataset: Dataset, pretrained: Pretrained) -> tuple[Job, ...]:
    """Return the jobs of the study's influence matrix, itself last; none where the study has none."""
    if study.influence is None:
        return ()
    most = dataset.n_train - 2
    if study.influence.components > most:
        raise UserError(f"[influence] components {study.influence.components}: allowed is 1 to {most}")
    if isinstance(study.influence, TrakConfig):
        settings = {
            **base,
            "influence": study.influence.model_dump(mode="json"),
            "pretrained": pretrained.digest,
        }
        return (TrakMatrix(*_key(TrakMatrix, settings), study.influence, pretrained.digest),)
    return _datamodels(study.influence, {key: value for key, value in base.items() if key != "n_models"})


def _datamodels(config: DatamodelsConfig, base: Settings) -> tuple[Job, ...]:
    """Return the jobs of datamodels: they do not depend on N, and a batch of them not on how many batches there are."""
    shared = {"fit": {"share": config.share}}
    shared["test"] = {**shared["fit"], "test_repeats": config.test_repeats}
    trained = tuple(
        Datamodels(*_key(Datamodels, {**base, **shared[part.role], **asdict(part)}), config, part)
        for part in parts(config)
    )
    settings = {
        **base,
        "influence": config.model_dump(mode="json"),
        "datamodels": tuple(job.digest for job in trained),
    }
    return (*trained, DatamodelsMatrix(*_key(DatamodelsMatrix, settings), config, trained))


def _check(chosen: ForgetSetConfig, study: Study, dataset: Dataset, data_absent: bool) -> None:
    """Raise UserError for a set that cannot be made on this data, before anything is trained."""
    if isinstance(chosen, FileConfig):
        if not data_absent:
            make(chosen, dataset)
        return
    if isinstance(chosen, ComponentConfig):
        if study.influence is None:
            raise UserError(f"forget set {chosen.name}: a component needs the table [influence] in the study")
        kept = study.influence.components
        if chosen.component > kept:
            raise UserError(
                f"forget set {chosen.name}: component {chosen.component}: [influence] keeps components 1 to {kept}"
            )
    check(chosen, dataset, data_absent)


def _identity(chosen: ForgetSetConfig, data_absent: bool) -> dict[str, object]:
    """Return what determines a set: not its name; of a file its content and not its path."""
    if not isinstance(chosen, FileConfig):
        return _settings(chosen, SETS_LATER.get(chosen.kind, {}))
    if data_absent:
        return {"kind": "file", "path": chosen.path}
    return {"kind": "file", "content": hashlib.sha256(Path(chosen.path).read_bytes()).hexdigest()}

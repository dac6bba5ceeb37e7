"""The jobs of a study, each with a digest of everything that determines its result.

`pretrained` trains N models on all of D. For each forget set, `oracle` trains N on R, and `held-out` another N on
R, the control that shows what a perfect method would score. `unlearn` runs one trajectory from the pretrained
models. Where a method goes back to a checkpoint of pretraining, `checkpoint` is one. Where a study has an
`[influence]`, `datamodels` train models on subsets, a batch each, and `influence` makes one matrix of them. A digest
covers the data, the network, training, seeds, N, the forget set, the digests of the jobs it starts from, the version
of torch, and a version of the code that computes it, or of a plug-in's. Names that only people read are left out, and the
content of a file stands for its path. Configurations that are the same computation on a set, with forget batches of |F|
points or more, are one job, under the first of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from ascentcheck.empirics.config import Config
from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.forget_sets import (
    ComponentConfig,
    FileConfig,
    ForgetSetConfig,
    check,
    make,
)
from ascentcheck.empirics.influence import Part, TrakConfig, parts
from ascentcheck.empirics.methods import Method
from ascentcheck.empirics.study.plugins import identity
from ascentcheck.empirics.study.settings import Study, Trajectory
from ascentcheck.theory.console import UserError

CODE = {
    "pretrained": 1,
    "checkpoint": 1,
    "datamodels": 1,
    "influence": 1,
    "oracle": 1,
    "held-out": 1,
    "unlearn": 1,
}
"""Raise a number when the code behind that kind of job changes its results."""

TRAIN_LATER = {"label_smoothing": 0.0, "decayed": "all", "precision": "float32"}
CNN_LATER = {"first_kernel": 3, "first_stride": 1, "head": "average"}
NEIGHBOURS_LATER = {"space": "features", "same_class": False}
"""Settings that came later, each with the only value there was before."""

Kind = Literal["pretrained", "checkpoint", "datamodels", "influence", "oracle", "held-out", "unlearn"]


@dataclass(frozen=True)
class Job:
    """One ensemble to compute. `settings` is all that determines it, as canonical JSON; `digest` its sha256.

    `part` says which models a job of kind `datamodels` trains, `epoch` after which one of kind `checkpoint` is.
    """

    kind: Kind
    digest: str
    settings: str
    needs: tuple[str, ...] = ()
    forget_set: ForgetSetConfig | None = None
    trajectory: Trajectory | None = None
    part: Part | None = None
    epoch: int | None = None

    @property
    def method(self) -> Method | None:
        """The unlearning method, if it is one."""
        return None if self.trajectory is None else self.trajectory.method

    @property
    def label(self) -> str:
        """A short name for people."""
        words = [self.kind] if self.trajectory is None else [self.trajectory.method.kind]
        if self.forget_set is not None:
            words.append(self.forget_set.name)
        if self.part is not None:
            words.append(f"{self.part.role} {self.part.start} to {self.part.stop - 1}")
        if self.epoch is not None:
            words.append(f"epoch {self.epoch}")
        if self.trajectory is not None:
            given = self.trajectory.method.model_dump(exclude={"kind"}, exclude_defaults=True)
            words += [f"{key}={value}" for key, value in given.items()]
        return " ".join(words)


def jobs(study: Study, dataset: Dataset, data_absent: bool = False) -> tuple[Job, ...]:
    """Return the jobs of a study in an order in which each comes after those it needs.

    Where the data are absent, and `dataset` has their sizes alone, files of forget sets are not read.
    """
    base = {
        "data": dataset.digest,
        "model": _settings(study.model, CNN_LATER if study.model.kind == "cnn" else {}),
        "train": _settings(study.train, TRAIN_LATER),
        "seed": study.seed,
        "n_models": study.n_models,
        "torch": version("torch"),
        **_code("model code", study.model),
    }
    pretrained = _job("pretrained", base)
    influence = _influence(study, base, dataset, pretrained)
    kept = {job.epoch: job for job in checkpoints(study, pretrained)}
    held_out: dict[str, Job] = {}
    result = [pretrained, *kept.values(), *influence]

    def start(chosen: ForgetSetConfig) -> tuple[dict[str, object], tuple[str, ...]]:
        """Return what describes the jobs of a set, and what they need."""
        described = {**base, "pretrained": pretrained.digest, "forget_set": _identity(chosen, data_absent)}
        if not isinstance(chosen, ComponentConfig):
            return described, (pretrained.digest,)
        matrix = influence[-1].digest
        return {**described, "influence": matrix}, (pretrained.digest, matrix)

    for chosen in study.forget_sets:
        _check(chosen, study, dataset, data_absent)
        described, needs = start(chosen)
        held_out[chosen.name] = _job("held-out", described, needs, chosen)
        result += [_job("oracle", described, needs, chosen), held_out[chosen.name]]
    for chosen in study.forget_sets:
        described, needs = start(chosen)
        for trajectory in distinct(study.trajectories, _size(chosen, dataset, data_absent)):
            settings = {
                **described,
                "method": trajectory.method.model_dump(mode="json"),
                "epochs": sorted(set(trajectory.epochs)),
                **_code("method code", trajectory.method),
            }
            match trajectory.method.uses:
                case "checkpoint":
                    used = (kept[_rewound(study, trajectory.method)].digest,)
                case "oracles":
                    used = (held_out[chosen.name].digest,)
                case "pretrained":
                    used = ()
            settings |= {"uses": used} if used else {}
            result.append(_job("unlearn", settings, (*needs, *used), chosen, trajectory))
    return tuple(result)


def distinct(trajectories: Sequence[Trajectory], size: int) -> list[Trajectory]:
    """Return the trajectories that differ on a forget set of that size: from |F| on, batches of F are all of it."""
    kept: dict[str, Trajectory] = {}
    for trajectory in trajectories:
        settings = trajectory.method.model_dump(mode="json")
        if "forget_batch" in settings:
            settings["forget_batch"] = min(settings["forget_batch"], size)
        kept.setdefault(json.dumps([settings, sorted(set(trajectory.epochs))], sort_keys=True), trajectory)
    return list(kept.values())


def _size(chosen: ForgetSetConfig, dataset: Dataset, data_absent: bool) -> int:
    if chosen.size is not None:
        return chosen.size
    return dataset.n_train // 10 if data_absent else len(make(chosen, dataset))


def _code(name: str, settings: Config) -> dict[str, object]:
    """Return what tells the code of a plug-in; nothing for the project's own, whose code has the numbers of CODE."""
    found = identity(settings)
    return {} if found is None else {name: found}


def _settings(config: Config, later: Mapping[str, object]) -> dict[str, object]:
    """Return what determines a result. Settings that came `later` count where they have another value than the only one
    there was before, so that results from before keep their keys.
    """
    settings = config.model_dump(mode="json", exclude={"name"})
    return {key: value for key, value in settings.items() if key not in later or value != later[key]}


def checkpoints(study: Study, pretrained: Job) -> tuple[Job, ...]:
    """Return a job for each checkpoint of pretraining that the study's methods go back to, in order.

    They need the pretrained models only to come after them: who computes those keeps the checkpoints as well.
    """
    methods = [trajectory.method for trajectory in study.trajectories]
    epochs = sorted({_rewound(study, method) for method in methods if method.uses == "checkpoint"})
    needs = (pretrained.digest,)
    return tuple(
        _job("checkpoint", {"pretrained": pretrained.digest, "epoch": epoch}, needs, epoch=epoch)
        for epoch in epochs
    )


def _rewound(study: Study, method: Method) -> int:
    """Return the epoch of pretraining that a method goes back to."""
    back, epochs = getattr(method, "rewind_epochs", 0), study.train.epochs
    if back > epochs:
        raise UserError(f"method {method.kind}: rewind_epochs {back}: pretraining has {epochs} epochs")
    return epochs - back


def _influence(study: Study, base: dict[str, object], dataset: Dataset, pretrained: Job) -> tuple[Job, ...]:
    """Return the jobs of the study's influence matrix, itself last; none where the study has none.

    Datamodels do not depend on N, and a batch of them not on how many batches there are.
    """
    if study.influence is None:
        return ()
    most = dataset.n_train - 2
    if study.influence.components > most:
        raise UserError(f"[influence] components {study.influence.components}: allowed is 1 to {most}")
    if isinstance(study.influence, TrakConfig):
        described = {
            **base,
            "influence": study.influence.model_dump(mode="json"),
            "pretrained": pretrained.digest,
        }
        return (_job("influence", described, (pretrained.digest,)),)
    base = {key: value for key, value in base.items() if key != "n_models"}
    shared = {"fit": {"share": study.influence.share}}
    shared["test"] = {**shared["fit"], "test_repeats": study.influence.test_repeats}
    batches = [
        _job("datamodels", {**base, **shared[part.role], **asdict(part)}, part=part)
        for part in parts(study.influence)
    ]
    needs = tuple(job.digest for job in batches)
    described = {**base, "influence": study.influence.model_dump(mode="json"), "datamodels": needs}
    return (*batches, _job("influence", described, needs))


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
    check(chosen, dataset)


def _identity(chosen: ForgetSetConfig, data_absent: bool) -> dict[str, object]:
    """Return what determines a set: not its name; of a file its content and not its path."""
    if not isinstance(chosen, FileConfig):
        return _settings(chosen, NEIGHBOURS_LATER if chosen.kind == "neighbours" else {})
    if data_absent:
        return {"kind": "file", "path": chosen.path}
    return {"kind": "file", "content": hashlib.sha256(Path(chosen.path).read_bytes()).hexdigest()}


def _job(
    kind: Kind,
    described: dict[str, object],
    needs: tuple[str, ...] = (),
    forget_set: ForgetSetConfig | None = None,
    trajectory: Trajectory | None = None,
    part: Part | None = None,
    epoch: int | None = None,
) -> Job:
    settings = json.dumps({"kind": kind, "code": CODE[kind], **described}, sort_keys=True)
    digest = hashlib.sha256(settings.encode()).hexdigest()
    return Job(kind, digest, settings, needs, forget_set, trajectory, part, epoch)

"""The jobs of a study, each with a digest of everything that determines its result.

`pretrained` trains N models on all of D. For each forget set, `oracle` trains N on R, and `held-out` another N on
R, the control that shows what a perfect method would score. `unlearn` runs one trajectory from the pretrained
models. A digest covers the data, the network, training, seeds, N, the forget set, the digests of the jobs it
starts from, the version of torch, and a version of the code that computes it. Names that only people read are
left out, and the content of a file stands for its path.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from empirics.data import Dataset
from empirics.forget_sets import FileConfig, ForgetSetConfig, NeighboursConfig, make
from empirics.methods import Method
from empirics.study import Study, Trajectory
from theory.console import UserError

CODE = {"pretrained": 1, "oracle": 1, "held-out": 1, "unlearn": 1}
"""Raise a number when the code behind that kind of job changes its results."""

Kind = Literal["pretrained", "oracle", "held-out", "unlearn"]


@dataclass(frozen=True)
class Job:
    """One ensemble to compute. `settings` is all that determines it, as canonical JSON; `digest` its sha256."""

    kind: Kind
    digest: str
    settings: str
    needs: tuple[str, ...] = ()
    forget_set: ForgetSetConfig | None = None
    trajectory: Trajectory | None = None

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
        if self.trajectory is not None:
            given = self.trajectory.method.model_dump(exclude={"kind"}, exclude_defaults=True)
            words += [f"{key}={value}" for key, value in given.items()]
        return " ".join(words)


def jobs(study: Study, dataset: Dataset) -> tuple[Job, ...]:
    """Return the jobs of a study in an order in which each comes after those it needs."""
    base = {
        "data": dataset.digest,
        "model": study.model.model_dump(mode="json"),
        "train": study.train.model_dump(mode="json"),
        "seed": study.seed,
        "n_models": study.n_models,
        "torch": version("torch"),
    }
    pretrained = _job("pretrained", base)
    result = [pretrained]
    for chosen in study.forget_sets:
        _check(chosen, dataset)
        described = {**base, "pretrained": pretrained.digest, "forget_set": _identity(chosen)}
        result += [_job(kind, described, (pretrained.digest,), chosen) for kind in ("oracle", "held-out")]
    for chosen in study.forget_sets:
        described = {**base, "pretrained": pretrained.digest, "forget_set": _identity(chosen)}
        for trajectory in study.trajectories:
            settings = {
                **described,
                "method": trajectory.method.model_dump(mode="json"),
                "epochs": sorted(set(trajectory.epochs)),
            }
            result.append(_job("unlearn", settings, (pretrained.digest,), chosen, trajectory))
    return tuple(result)


def _check(chosen: ForgetSetConfig, dataset: Dataset) -> None:
    """Raise UserError for a set that cannot be made on this data, before anything is trained."""
    last = len(dataset.train_y) - 1
    if not isinstance(chosen, NeighboursConfig):
        make(chosen, dataset, None, None)  # only neighbours need a network
    elif chosen.size > last:
        raise UserError(f"forget set {chosen.name}: size {chosen.size}: allowed is 1 to {last}")
    elif chosen.point > last:
        raise UserError(
            f"forget set {chosen.name}: point {chosen.point}: the training points are 0 to {last}"
        )


def _identity(chosen: ForgetSetConfig) -> dict[str, object]:
    """Return what determines a set: not its name; of a file its content and not its path."""
    described = chosen.model_dump(mode="json", exclude={"name"})
    if isinstance(chosen, FileConfig):
        described = {"kind": "file", "content": hashlib.sha256(Path(chosen.path).read_bytes()).hexdigest()}
    return described


def _job(
    kind: Kind,
    described: dict[str, object],
    needs: tuple[str, ...] = (),
    forget_set: ForgetSetConfig | None = None,
    trajectory: Trajectory | None = None,
) -> Job:
    settings = json.dumps({"kind": kind, "code": CODE[kind], **described}, sort_keys=True)
    digest = hashlib.sha256(settings.encode()).hexdigest()
    return Job(kind, digest, settings, needs, forget_set, trajectory)

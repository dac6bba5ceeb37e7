"""The jobs of a study, one class a kind: what each starts from, and what it leaves in the store.

Margins are the arrays `train` and `validation` [N, points]; jobs on a forget set leave its indices, `forget`, beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from ascentcheck.empirics.forget_sets import ComponentConfig, ForgetSetConfig
from ascentcheck.empirics.influence import DatamodelsConfig, Part, TrakConfig
from ascentcheck.empirics.methods import Method
from ascentcheck.empirics.study.settings import Trajectory


@dataclass(frozen=True)
class _Identified:
    """`settings` is all that determines the result, as canonical JSON; `digest` its sha256, under which it is stored.

    `kind` is what settings and records call it; `code` is raised when the code behind it changes its results.
    """

    kind: ClassVar[str]
    code: ClassVar[int] = 1
    digest: str
    settings: str

    @property
    def name(self) -> str:
        """What it does, in a word."""
        return self.kind

    @property
    def label(self) -> str:
        """A short name for people."""
        return self.name

    @property
    def needs(self) -> tuple[str, ...]:
        """The digests of the jobs that come before it."""
        return ()


@dataclass(frozen=True)
class Kept(_Identified):
    """The checkpoint of pretraining after `epoch` epochs: models and velocities, [N, ...] each.

    Who trains the pretrained models keeps it as well, so that it needs them only to come before it.
    """

    kind: ClassVar[str] = "checkpoint"
    pretrained: str
    epoch: int

    @property
    def label(self) -> str:
        """A short name for people."""
        return f"{self.kind} epoch {self.epoch}"

    @property
    def needs(self) -> tuple[str, ...]:
        """The pretrained models."""
        return (self.pretrained,)


@dataclass(frozen=True)
class Pretrained(_Identified):
    """N models trained on all of D: their margins, and the models, [N, ...] each; `kept` are the checkpoints on the way."""

    kind: ClassVar[str] = "pretrained"
    kept: tuple[Kept, ...]


@dataclass(frozen=True)
class Datamodels(_Identified):
    """The models of one `part`, trained on subsets: `mask` and `margin` [models, training points]."""

    kind: ClassVar[str] = "datamodels"
    config: DatamodelsConfig
    part: Part

    @property
    def label(self) -> str:
        """A short name for people."""
        return f"{self.kind} {self.part.role} {self.part.start} to {self.part.stop - 1}"


@dataclass(frozen=True)
class DatamodelsMatrix(_Identified):
    """The influence matrix of all datamodels, by its components."""

    kind: ClassVar[str] = "influence"
    config: DatamodelsConfig
    trained: tuple[Datamodels, ...]

    @property
    def needs(self) -> tuple[str, ...]:
        """All models on subsets."""
        return tuple(job.digest for job in self.trained)


@dataclass(frozen=True)
class TrakMatrix(_Identified):
    """The influence matrix that TRAK makes of the pretrained models, by its components."""

    kind: ClassVar[str] = "influence"
    config: TrakConfig
    pretrained: str

    @property
    def needs(self) -> tuple[str, ...]:
        """The pretrained models."""
        return (self.pretrained,)


@dataclass(frozen=True)
class Chosen:
    """A forget set that is found with no more than the data and the pretrained models."""

    config: ForgetSetConfig
    pretrained: str

    @property
    def needs(self) -> tuple[str, ...]:
        """The pretrained models."""
        return (self.pretrained,)


@dataclass(frozen=True)
class OfComponent:
    """A forget set of a component of the influence matrix."""

    config: ComponentConfig
    pretrained: str
    matrix: str

    @property
    def needs(self) -> tuple[str, ...]:
        """The pretrained models and the matrix."""
        return self.pretrained, self.matrix


@dataclass(frozen=True)
class _OnSet(_Identified):
    points: Chosen | OfComponent

    @property
    def forget_set(self) -> ForgetSetConfig:
        """The forget set's settings."""
        return self.points.config

    @property
    def label(self) -> str:
        """A short name for people."""
        return f"{self.name} {self.forget_set.name}"

    @property
    def needs(self) -> tuple[str, ...]:
        """What its forget set is found with."""
        return self.points.needs


@dataclass(frozen=True)
class Oracle(_OnSet):
    """N models trained on R: their margins."""

    kind: ClassVar[str] = "oracle"


@dataclass(frozen=True)
class HeldOut(_OnSet):
    """Another N trained on R, the control that shows what a perfect method would score: their margins."""

    kind: ClassVar[str] = "held-out"


@dataclass(frozen=True)
class Alone:
    """A method that starts from the pretrained models, with nothing beside them."""

    digests: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True)
class FromCheckpoint:
    """A method that goes back to a checkpoint of pretraining."""

    checkpoint: str

    @property
    def digests(self) -> tuple[str, ...]:
        """What it takes from the store."""
        return (self.checkpoint,)


@dataclass(frozen=True)
class FromOracles:
    """A method that is told the margins of held-out oracles."""

    held_out: str

    @property
    def digests(self) -> tuple[str, ...]:
        """What it takes from the store."""
        return (self.held_out,)


Uses = Alone | FromCheckpoint | FromOracles


@dataclass(frozen=True)
class Unlearned(_OnSet):
    """The N pretrained models unlearned along one trajectory: margins as `train_3` and `validation_3` after epoch 3."""

    kind: ClassVar[str] = "unlearn"
    trajectory: Trajectory
    uses: Uses

    @property
    def method(self) -> Method:
        """The unlearning method."""
        return self.trajectory.method

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs at which it is looked at, in order."""
        return tuple(sorted(set(self.trajectory.epochs)))

    @property
    def name(self) -> str:
        """The method's name."""
        return self.method.kind

    @property
    def label(self) -> str:
        """A short name for people."""
        given = self.method.model_dump(exclude={"kind"}, exclude_defaults=True)
        return " ".join([super().label, *(f"{key}={value}" for key, value in given.items())])

    @property
    def needs(self) -> tuple[str, ...]:
        """What its forget set is found with, and what the method uses."""
        return (*super().needs, *self.uses.digests)


OnSet = Oracle | HeldOut | Unlearned
Ensemble = Pretrained | Kept | Datamodels | OnSet
"""Jobs that compute members which do not depend on each other."""
Matrix = DatamodelsMatrix | TrakMatrix
Job = Ensemble | Matrix


def pretrained_of(plan: Iterable[Job]) -> Pretrained:
    """Return the job of a plan that trains the pretrained models."""
    return next(job for job in plan if isinstance(job, Pretrained))


def oracle_of(plan: Iterable[Job], forget_set: ForgetSetConfig) -> Oracle:
    """Return the job of a plan that trains the oracles of a forget set."""
    return next(job for job in plan if isinstance(job, Oracle) and job.forget_set == forget_set)


def held_out_of(plan: Iterable[Job], forget_set: ForgetSetConfig) -> HeldOut:
    """Return the job of a plan that trains the held-out oracles of a forget set."""
    return next(job for job in plan if isinstance(job, HeldOut) and job.forget_set == forget_set)

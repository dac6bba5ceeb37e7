"""What every unlearning method is: settings with a function for one epoch, acting on one trajectory.

The N members of a trajectory start from the N pretrained members and go their way together, each with its own
batch orders. A trajectory is run once; its state after the epochs asked for is copied as it passes by.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ascentcheck.empirics.config import Config
from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.device import Precision, autocast
from ascentcheck.empirics.ensemble import Checkpoint, TrainConfig, batches
from ascentcheck.empirics.later import no_grad, torch
from ascentcheck.empirics.methods.promises import Promise
from ascentcheck.empirics.models import Mode, Model, State
from ascentcheck.empirics.randomness import normals, streams
from ascentcheck.empirics.step import Parts, Sgd, Step, keep

if TYPE_CHECKING:
    from jaxtyping import Float, Int64
    from torch import Tensor

BatchNorm = Literal["running", "frozen"]
"""`running`: train mode, which normalises by the batch and drags the running statistics along; `frozen`: the
statistics at the start, pretrained or a checkpoint's, normalise and stay. Gains and shifts are trained in both."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The members after `epoch` epochs, and what each of them has cost so far, in samples passed.

    `forward_samples` includes the passes of a teacher; `backward_samples` is each pass backward.
    """

    epoch: int
    state: State
    forward_samples: int
    backward_samples: int


@dataclass(frozen=True, eq=False)
class Resources:
    """What some methods start from beside the pretrained members; see `Method.uses`.

    `checkpoint` is of pretraining by the recipe `train`; `margins` are those of oracles at the training points.
    """

    train: TrainConfig | None = None
    checkpoint: Checkpoint | None = None
    margins: Float[Tensor, "N n_train"] | None = None


@dataclass(frozen=True, eq=False)
class Batch:
    """Training points, a batch for each member, and their places in the training set."""

    index: Int64[Tensor, "N b"]
    x: Float[Tensor, "N b *shape"]
    y: Int64[Tensor, "N b"]

    @property
    def size(self) -> int:
        """Points per member."""
        return self.y.shape[1]


class Trajectory:
    """N members on their way: what a method's epoch reads, steps and is charged for."""

    def __init__(
        self,
        model: Model,
        dataset: Dataset,
        retain: Int64[Tensor, " r"],
        forget: Int64[Tensor, " f"],
        pretrained: State,
        method: Method,
        seeds: Sequence[int],
        resources: Resources | None = None,
        precision: Precision = "float32",
    ) -> None:
        self.precision = precision
        self.model, self.dataset, self.retain, self.forget = model, dataset, retain, forget
        self.pretrained, self.resources = pretrained.to(dataset.device), resources or Resources()
        self.mode: Mode = "eval" if method.batch_norm == "frozen" else "train"
        self.forward_samples = self.backward_samples = 0
        self._start(pretrained, *method.momentum_and_decay())
        self._orders = {part: streams(seeds, f"{part} order") for part in ("retain", "forget")}
        self._noise = normals(seeds, "noise", dataset.device)
        self._pending = 0

    def _start(self, state: State, momentum: float, weight_decay: float | Sequence[float]) -> None:
        start = state.to(self.dataset.device).copy()
        self.statistics = start.statistics
        self.parameters = {name: value.requires_grad_() for name, value in start.parameters.items()}
        self._sgd = Sgd(self.parameters.values(), momentum, weight_decay)
        state = State(self.parameters, self.statistics)
        self._step = Step(self.model, self.dataset, state, self._sgd, self.mode, self.precision)

    def rewind(self, checkpoint: Checkpoint, momentum: float, weight_decay: float | Sequence[float]) -> None:
        """Go on from a checkpoint of pretraining, velocities included, instead of the pretrained members."""
        self._start(checkpoint.state, momentum, weight_decay)
        if momentum:
            velocities = checkpoint.velocities
            self._sgd.velocities = [
                velocities[name].to(p.device).clone() for name, p in self.parameters.items()
            ]

    def batches(
        self, part: Literal["retain", "forget"], size: int, points: int | None = None
    ) -> Iterator[Batch]:
        """Yield one pass over the retain or forget set in a fresh order for each member, or over `points` of it."""
        for index in self.indices(part, size, points):
            yield Batch(index, *self.dataset.batch(index))

    def indices(
        self, part: Literal["retain", "forget"], size: int, points: int | None = None
    ) -> Iterator[Int64[Tensor, "N b"]]:
        """Yield what `batches` yields as places in the training set alone, for `step`."""
        indices = self.retain if part == "retain" else self.forget
        return batches(indices, size, self._orders[part], points, self.dataset.train_x.device)

    def step(self, parts: Parts, rate: float) -> None:
        """Take one step of each member down the weighted sum of its cross-entropies at batches of training points."""
        passed = sum(index.shape[1] for index, _ in parts)
        self.forward_samples += passed
        self.backward_samples += passed
        self._step(parts, rate)

    def beside(self, part: Literal["retain", "forget"], size: int) -> Iterator[Batch]:
        """Yield passes over the retain or forget set one after the other, without end."""
        while True:
            yield from self.batches(part, size)

    def endless(self, part: Literal["retain", "forget"], size: int) -> Iterator[Int64[Tensor, "N b"]]:
        """Yield what `beside` yields as places in the training set alone."""
        while True:
            yield from self.indices(part, size)

    def logits(self, batch: Batch) -> Float[Tensor, "N b C"]:
        """Return the members' logits, moving the running statistics unless they are frozen."""
        self.forward_samples += batch.size
        self._pending += batch.size
        with autocast(self.precision, self.dataset.device):
            logits, moved = self.model.forward(State(self.parameters, self.statistics), batch.x, self.mode)
        keep(self.statistics, moved)
        return logits.float()

    @no_grad
    def teacher(self, batch: Batch) -> Float[Tensor, "N b C"]:
        """Return the logits of the pretrained members, in evaluation mode."""
        self.forward_samples += batch.size
        with autocast(self.precision, self.dataset.device):
            return self.model.forward(self.pretrained, batch.x, "eval")[0].float()

    def descend(self, loss: Float[Tensor, " N"], rate: float, clip: float | None = None) -> None:
        """Take one step of each member down its own loss; to ascend, pass the loss's negative.

        With `clip`, a member's gradient is scaled down to that Euclidean norm over all its parameters.
        """
        loss.sum().backward()
        self.backward_samples += self._pending
        self._pending = 0
        if clip is not None:
            self._clip(clip)
        self._sgd.step(rate)

    def _clip(self, norm: float) -> None:
        gradients = [p.grad for p in self.parameters.values()]
        squares = torch.stack([g.flatten(1).square().sum(1) for g in gradients]).sum(0)
        factor = (norm / squares.sqrt()).clamp(max=1.0)
        for g in gradients:
            g.mul_(factor.view(-1, *[1] * (g.ndim - 1)))

    @no_grad
    def perturb(self, deviation: float) -> None:
        """Add independent normal noise of that standard deviation to every parameter of every member."""
        sizes = [p[0].numel() for p in self.parameters.values()]
        for p, noise in zip(self.parameters.values(), self._noise(sum(sizes)).split(sizes, 1), strict=True):
            p.add_(noise.view(p.shape), alpha=deviation)

    @no_grad
    def observe(self, batch: Batch) -> None:
        """Let the batch move the running statistics and nothing else."""
        self.logits(batch)
        self._pending = 0

    def snapshot(self, epoch: int) -> Snapshot:
        """Return a copy of the present state."""
        state = State(self.parameters, self.statistics).copy()
        return Snapshot(epoch, state, self.forward_samples, self.backward_samples)


class Method(Config):
    """Base of all methods: a subclass adds its `kind`, its hyperparameters and its `epoch`."""

    uses: ClassVar[Literal["pretrained", "checkpoint", "oracles"]] = "pretrained"
    """What a method starts from beside the pretrained members: nothing, a checkpoint of pretraining
    `rewind_epochs` before its end, or the margins of the held-out oracles."""

    moves: ClassVar[Literal["parameters", "statistics", "nothing"]] = "parameters"
    """What an epoch changes; with parameters go running statistics."""

    example: ClassVar[Mapping[str, Any]] = {}
    """Settings at which the contract tries the method, on 175 points to retain and 25 to forget."""

    others: ClassVar[Mapping[str, Any]] = {}
    """Another value of a setting, where the contract cannot think of one that changes the result."""

    kind: str
    batch_norm: BatchNorm = "running"

    @abstractmethod
    def epoch(self, run: Trajectory, number: int) -> None:
        """Run epoch `number`, counted from 1."""

    def promises(self) -> Sequence[Promise]:
        """Return what rises and what falls in the first epoch; the contract wants something of a method that trains."""
        return ()

    def passes(self, n_retain: int, n_forget: int, epochs: int, train: TrainConfig) -> tuple[int, int]:
        """Return the samples that a member passes forward and backward in `epochs` epochs: R each time, unless told."""
        return epochs * n_retain, epochs * n_retain

    def momentum_and_decay(self) -> tuple[float, float]:
        """Return the momentum and weight decay of the steps: plain SGD unless a method says otherwise."""
        return 0.0, 0.0

    def last_epoch(self) -> float:
        """Return the last epoch there is: infinity unless a method says otherwise."""
        return math.inf

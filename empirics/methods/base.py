"""What every unlearning method is: settings with a function for one epoch, acting on one trajectory.

The N members of a trajectory start from the N pretrained members and go their way together, each with its own
batch orders. A trajectory is run once; its state after the epochs asked for is copied as it passes by.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from empirics.config import Config
from empirics.data import Dataset
from empirics.ensemble import Sgd, batches, take
from empirics.models import Mode, Model, State
from empirics.randomness import streams

BatchNorm = Literal["running", "frozen"]
"""`running`: train mode, which normalises by the batch and drags the running statistics along; `frozen`: the
pretrained statistics normalise and stay. Gains and shifts are trained in both."""


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
class Batch:
    """Training points, a batch for each member."""

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
    ) -> None:
        self.model, self.dataset, self.retain, self.forget = model, dataset, retain, forget
        self.pretrained = pretrained
        self.mode: Mode = "eval" if method.batch_norm == "frozen" else "train"
        self.forward_samples = self.backward_samples = 0
        start = pretrained.copy()
        self.statistics = start.statistics
        self.parameters = {name: value.requires_grad_() for name, value in start.parameters.items()}
        self._sgd = Sgd(self.parameters.values(), *method.momentum_and_decay())
        self._orders = {part: streams(seeds, f"{part} order") for part in ("retain", "forget")}
        self._pending = 0

    def batches(self, part: Literal["retain", "forget"], size: int) -> Iterator[Batch]:
        """Yield one pass over the retain or forget set in a fresh order for each member."""
        indices = self.retain if part == "retain" else self.forget
        for batch in batches(indices, size, self._orders[part]):
            yield Batch(*take(self.dataset, batch))

    def logits(self, batch: Batch) -> Float[Tensor, "N b C"]:
        """Return the members' logits, moving the running statistics unless they are frozen."""
        self.forward_samples += batch.size
        self._pending += batch.size
        logits, self.statistics = self.model.forward(
            State(self.parameters, self.statistics), batch.x, self.mode
        )
        return logits

    @torch.no_grad()
    def teacher(self, batch: Batch) -> Float[Tensor, "N b C"]:
        """Return the logits of the pretrained members, in evaluation mode."""
        self.forward_samples += batch.size
        return self.model.forward(self.pretrained, batch.x, "eval")[0]

    def descend(self, loss: Float[Tensor, " N"], rate: float) -> None:
        """Take one step of each member down its own loss; to ascend, pass the loss's negative."""
        loss.sum().backward()
        self.backward_samples += self._pending
        self._pending = 0
        self._sgd.step(rate)

    @torch.no_grad()
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

    kind: str
    batch_norm: BatchNorm = "running"

    @abstractmethod
    def epoch(self, run: Trajectory, number: int) -> None:
        """Run epoch `number`, counted from 1."""

    def momentum_and_decay(self) -> tuple[float, float]:
        """Return the momentum and weight decay of the steps: plain SGD unless a method says otherwise."""
        return 0.0, 0.0

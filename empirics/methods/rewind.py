"""Rewind-to-delete: go back to a checkpoint of pretraining, and train on from there without the forget set.

Mu and Klabjan, 'Rewind-to-Delete: Certified Machine Unlearning for Nonconvex Functions', arXiv 2409.09778. The
checkpoint, with the optimiser's velocities, is `rewind_epochs` before the end, and the last epochs are run again on
R by the recipe and schedule of pretraining. Their certificate needs full gradients and noise that grows with the
smoothness of the loss; at this scale nothing is certified.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ascentcheck.empirics.config import Count
from ascentcheck.empirics.ensemble import TrainConfig, cross_entropy
from ascentcheck.empirics.methods.base import Method, Trajectory
from ascentcheck.empirics.methods.promises import Promise, lowers


class RewindConfig(Method):
    """`rewind_epochs` is K, in epochs, of which the last snapshot alone has seen the schedule's end.

    `noise` is the standard deviation of the normal noise added to every parameter once, after the last epoch. Running
    statistics are those of the weights before it, so with `retake_statistics` a further pass over R, forward only, takes them
    again; frozen ones stay.
    """

    uses: ClassVar[Literal["checkpoint"]] = "checkpoint"
    example: ClassVar = {"rewind_epochs": 4, "noise": 0.01}
    kind: Literal["rewind"] = "rewind"
    rewind_epochs: Count
    noise: Annotated[float, Field(ge=0)] = 0.0
    retake_statistics: bool = True

    def epoch(self, run: Trajectory, number: int) -> None:
        """Rewind before the first epoch, then descend over R as pretraining did in its epoch of that number."""
        train, checkpoint = run.resources.train, run.resources.checkpoint
        if train is None or checkpoint is None or checkpoint.epoch + self.rewind_epochs != train.epochs:
            raise ValueError(
                f"rewind needs a checkpoint of pretraining {self.rewind_epochs} epochs before its end"
            )
        if number == 1:
            run.rewind(checkpoint, train.momentum, train.decays(checkpoint.state.parameters))
        per_epoch = train.per_epoch(len(run.retain))
        first = (checkpoint.epoch + number - 1) * per_epoch
        batches = run.batches("retain", train.batch_size, train.passed(len(run.retain)))
        for iteration, batch in enumerate(batches, first):
            loss = cross_entropy(run.logits(batch), batch.y, train.label_smoothing)
            run.descend(loss, train.rate(iteration, per_epoch))
        if number == self.rewind_epochs and self.noise:
            run.perturb(self.noise)
            if self.retake_statistics and self.batch_norm == "running":
                for batch in run.batches("retain", train.batch_size, train.passed(len(run.retain))):
                    run.observe(batch)

    def last_epoch(self) -> float:
        """Return the end of the schedule."""
        return self.rewind_epochs

    def promises(self) -> Sequence[Promise]:
        """Return what rises and falls."""
        return (lowers("retain"),)

    def passes(self, n_retain: int, n_forget: int, epochs: int, train: TrainConfig) -> tuple[int, int]:
        """Return what pretraining passes of R in an epoch, and once more forward where statistics are taken again."""
        once = train.passed(n_retain)
        again = self.noise and self.retake_statistics and self.batch_norm == "running"
        ends = epochs == self.rewind_epochs
        return (epochs + bool(again and ends)) * once, epochs * once

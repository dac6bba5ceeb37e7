"""Descent-ascent, the objective of the paper's section 5: plain SGD down L_R - β·L_F, both at once in each step.

L_R and L_F are the mean cross-entropies of the retain and the forget set. β = 1 is the paper's; β = |F|/|R| gives every
sample the same weight. GDA takes the two in turns, pass by pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ascentcheck.empirics.config import Count, Rate
from ascentcheck.empirics.ensemble import TrainConfig
from ascentcheck.empirics.methods.base import Method, Trajectory
from ascentcheck.empirics.methods.promises import Promise, passed_beside, raises


class DescentAscentConfig(Method):
    """`beta` is β, a number or "samples" for |F|/|R|. `batch_size` is that of R, `forget_batch` that of F.

    An epoch is one pass over R; beside each batch of R goes the next of F, over which passes follow one another.
    """

    example: ClassVar = {"learning_rate": 0.005, "forget_batch": 10, "batch_size": 30}
    kind: Literal["descent-ascent"] = "descent-ascent"
    learning_rate: Rate
    beta: Annotated[float, Field(gt=0)] | Literal["samples"] = 1.0
    forget_batch: Count = 64
    batch_size: Count = 64

    def epoch(self, run: Trajectory, number: int) -> None:
        """Descend once over R, ascending over F beside it."""
        beta = len(run.forget) / len(run.retain) if self.beta == "samples" else self.beta
        forget = run.endless("forget", self.forget_batch)
        for retain in run.indices("retain", self.batch_size):
            run.step([(retain, 1.0), (next(forget), -beta)], self.learning_rate)

    def promises(self) -> Sequence[Promise]:
        """Return that the objective falls, and the loss on F rises; its weight is not known where it is the samples'."""
        if self.beta == "samples":
            return (raises("forget", during="retain"),)
        beta = self.beta
        objective = Promise("retain", -1, lambda seen: seen["retain"].loss - beta * seen["forget"].loss)
        return objective, raises("forget", during="retain")

    def passes(self, n_retain: int, n_forget: int, epochs: int, train: TrainConfig) -> tuple[int, int]:
        """Return R in each epoch, with a batch of F beside each of its batches."""
        samples = epochs * passed_beside(n_retain, self.batch_size, n_forget, self.forget_batch)
        return samples, samples

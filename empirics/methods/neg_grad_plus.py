"""NegGrad+: each step goes down the cross-entropy of a retain batch and up that of a forget batch.

Kurmanji et al., arXiv 2302.09880, section 5: the loss is a·CE_R - (1 - a)·CE_F, with a near 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from ascentcheck.empirics.config import Count, Rate, Share
from ascentcheck.empirics.ensemble import TrainConfig
from ascentcheck.empirics.methods.base import Method, Trajectory
from ascentcheck.empirics.methods.promises import Promise, lowers, passed_beside, raises


class NegGradPlusConfig(Method):
    """`retain_weight` is a: 0.95 or 0.9999 in the literature. `batch_size` is that of the retain set."""

    example: ClassVar = {"learning_rate": 0.01, "retain_weight": 0.7, "forget_batch": 10, "batch_size": 30}
    kind: Literal["neg-grad-plus"] = "neg-grad-plus"
    learning_rate: Rate
    retain_weight: Share = 0.95
    forget_batch: Count = 64
    batch_size: Count = 64

    def epoch(self, run: Trajectory, number: int) -> None:
        """Pass once over R; F is passed over again and again beside it, and starts anew with each epoch."""
        a = self.retain_weight
        forget = run.endless("forget", self.forget_batch)
        for retain in run.indices("retain", self.batch_size):
            run.step([(retain, a), (next(forget), a - 1)], self.learning_rate)

    def promises(self) -> Sequence[Promise]:
        """Return that the objective falls, and its heavier part with it."""
        a = self.retain_weight
        objective = Promise(
            "retain", -1, lambda seen: a * seen["retain"].loss - (1 - a) * seen["forget"].loss
        )
        return objective, lowers("retain") if a > 0.5 else raises("forget", during="retain")

    def passes(self, n_retain: int, n_forget: int, epochs: int, train: TrainConfig) -> tuple[int, int]:
        """Return R in each epoch, with a batch of F beside each of its batches."""
        samples = epochs * passed_beside(n_retain, self.batch_size, n_forget, self.forget_batch)
        return samples, samples

"""GDA, gradient descent-ascent: up the cross-entropy of F in the first epochs, down that of R in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from ascentcheck.empirics.config import Count, Rate
from ascentcheck.empirics.ensemble import TrainConfig
from ascentcheck.empirics.methods.base import Method, Trajectory
from ascentcheck.empirics.methods.promises import Promise, lowers, raises


class GdaConfig(Method):
    """The paper's grid: learning_rate 5e-5 to 5e-3, 5 to 10 epochs, ascent_epochs 3 or 5, forget_batch 32 or 64.

    `batch_size` is that of the retain set. The size of the short last batch is a hyperparameter in disguise when the
    statistics of batch norm run: on 100 random digits, 5 epochs at rate 0.1 give a forget KLoM of 1.1 to 1.2 where
    it has 2 or 4 points (batches of 49, 24, 32), 4.3 to 5.7 where all are even (25, 50), and 4.1 to 5.8 for all of them
    with frozen statistics; doing nothing gives 5.8 (95th percentiles, N = 100, 95% intervals about ±1.3).
    """

    example: ClassVar = {"learning_rate": 0.01, "ascent_epochs": 2, "forget_batch": 10, "batch_size": 30}
    kind: Literal["gda"] = "gda"
    learning_rate: Rate
    ascent_epochs: Count
    forget_batch: Count = 64
    batch_size: Count = 64

    def epoch(self, run: Trajectory, number: int) -> None:
        """Ascend once over F while `number` ≤ `ascent_epochs`, then descend once over R."""
        if number <= self.ascent_epochs:
            for index in run.indices("forget", self.forget_batch):
                run.step([(index, -1.0)], self.learning_rate)
        for index in run.indices("retain", self.batch_size):
            run.step([(index, 1.0)], self.learning_rate)

    def promises(self) -> Sequence[Promise]:
        """Return what rises and falls."""
        return raises("forget"), lowers("retain")

    def passes(self, n_retain: int, n_forget: int, epochs: int, train: TrainConfig) -> tuple[int, int]:
        """Return R in each epoch, and F in those of ascent."""
        samples = epochs * n_retain + min(self.ascent_epochs, epochs) * n_forget
        return samples, samples

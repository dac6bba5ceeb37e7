"""GA, gradient ascent: plain SGD up the cross-entropy of the forget set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from ascentcheck.empirics.config import Count, Rate
from ascentcheck.empirics.ensemble import TrainConfig
from ascentcheck.empirics.methods.base import Method, Trajectory
from ascentcheck.empirics.methods.promises import Promise, raises


class GaConfig(Method):
    """The paper's grid: learning_rate 1e-5 to 5e-2 for 1 to 10 epochs, batches of 64."""

    example: ClassVar = {"learning_rate": 0.02, "batch_size": 10}
    kind: Literal["ga"] = "ga"
    learning_rate: Rate
    batch_size: Count = 64

    def epoch(self, run: Trajectory, number: int) -> None:
        """Ascend once over F."""
        for index in run.indices("forget", self.batch_size):
            run.step([(index, -1.0)], self.learning_rate)

    def promises(self) -> Sequence[Promise]:
        """Return what rises and falls."""
        return (raises("forget"),)

    def passes(self, n_retain: int, n_forget: int, epochs: int, train: TrainConfig) -> tuple[int, int]:
        """Return F in each epoch."""
        return epochs * n_forget, epochs * n_forget

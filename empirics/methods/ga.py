"""GA, gradient ascent: plain SGD up the cross-entropy of the forget set."""

from __future__ import annotations

from typing import Literal

from ascentcheck.empirics.config import Count, Rate
from ascentcheck.empirics.methods.base import Method, Trajectory


class GaConfig(Method):
    """The paper's grid: learning_rate 1e-5 to 5e-2 for 1 to 10 epochs, batches of 64."""

    kind: Literal["ga"] = "ga"
    learning_rate: Rate
    batch_size: Count = 64

    def epoch(self, run: Trajectory, number: int) -> None:
        """Ascend once over F."""
        for index in run.indices("forget", self.batch_size):
            run.step([(index, -1.0)], self.learning_rate)

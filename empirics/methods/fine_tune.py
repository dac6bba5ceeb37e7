"""Fine-tuning: go on training on the retain set alone, and hope that the rest is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from ascentcheck.empirics.config import Count, Rate
from ascentcheck.empirics.methods.base import Method, Trajectory
from ascentcheck.empirics.methods.promises import Promise, lowers


class FineTuneConfig(Method):
    """Plain SGD: GDA without its ascent."""

    example: ClassVar = {"learning_rate": 0.01, "batch_size": 30}
    kind: Literal["fine-tune"] = "fine-tune"
    learning_rate: Rate
    batch_size: Count = 64

    def epoch(self, run: Trajectory, number: int) -> None:
        """Descend once over R."""
        for index in run.indices("retain", self.batch_size):
            run.step([(index, 1.0)], self.learning_rate)

    def promises(self) -> Sequence[Promise]:
        """Return what rises and falls."""
        return (lowers("retain"),)

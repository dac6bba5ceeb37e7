"""Do nothing: the control that every method has to beat. Ask for its snapshot at epoch 0."""

from __future__ import annotations

from typing import Literal

from ascentcheck.empirics.ensemble import TrainConfig
from ascentcheck.empirics.methods.base import Method, Trajectory


class DoNothingConfig(Method):
    """No hyperparameters."""

    moves = "nothing"
    kind: Literal["do-nothing"] = "do-nothing"
    batch_norm: Literal["frozen"] = "frozen"

    def epoch(self, run: Trajectory, number: int) -> None:
        """Leave everything as it is, at no cost."""

    def passes(self, n_retain: int, n_forget: int, epochs: int, train: TrainConfig) -> tuple[int, int]:
        """Return nothing."""
        return 0, 0

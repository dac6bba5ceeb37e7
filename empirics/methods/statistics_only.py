"""Batch-norm statistics only: the passes of SCRUB or GDA, in which no parameter is trained.

What remains of SCRUB where the optimiser holds the teacher's parameters instead of the student's, as in `scrub` of
RoyRin/data-unlearning-bench at eb261f9, `unlearning_bench/unlearning.py`: the running statistics drift to those of the last
batches. A control.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from ascentcheck.empirics.config import Count
from ascentcheck.empirics.ensemble import TrainConfig
from ascentcheck.empirics.methods.base import Method, Trajectory


class StatisticsOnlyConfig(Method):
    """`ascent_epochs`, `forget_batch` and `batch_size` as in GDA and SCRUB, forward passes only."""

    example: ClassVar = {"ascent_epochs": 2, "forget_batch": 10, "batch_size": 30}
    moves = "statistics"
    kind: Literal["statistics-only"] = "statistics-only"
    batch_norm: Literal["running"] = "running"
    ascent_epochs: Count
    forget_batch: Count = 64
    batch_size: Count = 64

    def epoch(self, run: Trajectory, number: int) -> None:
        """Pass over F while `number` ≤ `ascent_epochs`, then over R."""
        if number <= self.ascent_epochs:
            for batch in run.batches("forget", self.forget_batch):
                run.observe(batch)
        for batch in run.batches("retain", self.batch_size):
            run.observe(batch)

    def passes(self, n_retain: int, n_forget: int, epochs: int, train: TrainConfig) -> tuple[int, int]:
        """Return R in each epoch, and F in those of ascent, forward alone."""
        return epochs * n_retain + min(self.ascent_epochs, epochs) * n_forget, 0

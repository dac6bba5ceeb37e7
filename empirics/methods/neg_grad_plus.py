"""NegGrad+: each step goes down the cross-entropy of a retain batch and up that of a forget batch.

Kurmanji et al., arXiv 2302.09880, section 5: the loss is a·CE_R - (1 - a)·CE_F, with a near 1.
"""

from __future__ import annotations

from typing import Literal

from ascentcheck.empirics.config import Count, Rate, Share
from ascentcheck.empirics.methods.base import Method, Trajectory


class NegGradPlusConfig(Method):
    """`retain_weight` is a: 0.95 or 0.9999 in the literature. `batch_size` is that of the retain set."""

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

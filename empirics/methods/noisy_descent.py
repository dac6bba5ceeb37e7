"""Noisy descent, or Langevin unlearning: go down the retain set's loss by clipped steps, each with fresh noise.

Chien, Wang, Chen and Li, 'Langevin Unlearning', arXiv 2401.10371: w ← w - η·g + √(2ησ²)·ξ with ξ standard normal.
The gradient g is that of a batch, scaled down to a norm of at most `clip`, as in Koloskova et al., 'Certified
Unlearning for Neural Networks', arXiv 2506.06985. At this scale nothing is certified.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ascentcheck.empirics.config import Count, Rate
from ascentcheck.empirics.ensemble import cross_entropy
from ascentcheck.empirics.methods.base import Method, Trajectory
from ascentcheck.empirics.methods.promises import Promise, lowers


class NoisyDescentConfig(Method):
    """`noise` is σ and `learning_rate` η; `clip` bounds the Euclidean norm of a member's gradient."""

    example: ClassVar = {"learning_rate": 0.01, "noise": 0.01, "clip": 0.3, "batch_size": 30}
    kind: Literal["noisy-descent"] = "noisy-descent"
    learning_rate: Rate
    noise: Annotated[float, Field(ge=0)]
    clip: Rate = 1.0
    batch_size: Count = 64

    def epoch(self, run: Trajectory, number: int) -> None:
        """Descend once over R, with noise after every step."""
        deviation = self.noise * math.sqrt(2 * self.learning_rate)
        for batch in run.batches("retain", self.batch_size):
            run.descend(cross_entropy(run.logits(batch), batch.y), self.learning_rate, self.clip)
            if deviation:
                run.perturb(deviation)

    def promises(self) -> Sequence[Promise]:
        """Return what rises and falls."""
        return (lowers("retain"),)

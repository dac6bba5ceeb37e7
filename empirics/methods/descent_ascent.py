"""Descent-ascent: the paper's objective of section 5, L_R − β·L_F with weight decay, in one step at once.

Each step passes a batch of R and one of F forward together, so that batch norm sees both, and goes down the one loss and up the
other. GDA takes turns instead; NegGrad+ has the same direction without weight decay, from two passes. β = 1 is the paper's: both
sets weigh alike, whatever their sizes. With β = |F|/|R| all samples weigh alike, and R and F together are the data that the
pretrained models come from, with signs.
"""

from __future__ import annotations

from typing import Annotated, Literal

import torch
from pydantic import Field

from ascentcheck.empirics.config import Count, Rate
from ascentcheck.empirics.ensemble import cross_entropy
from ascentcheck.empirics.methods.base import Batch, Method, Trajectory


class DescentAscentConfig(Method):
    """`beta` is β, or `samples` for |F|/|R|; `weight_decay` is the ridge λ. `batch_size` is that of the retain set."""

    kind: Literal["descent-ascent"] = "descent-ascent"
    learning_rate: Rate
    beta: Annotated[float, Field(ge=0)] | Literal["samples"] = 1.0
    forget_batch: Count = 64
    batch_size: Count = 64
    weight_decay: Annotated[float, Field(ge=0)] = 5e-4

    def epoch(self, run: Trajectory, number: int) -> None:
        """Pass once over R; F is passed over again and again beside it, and starts anew with each epoch."""
        beta = len(run.forget) / len(run.retain) if self.beta == "samples" else self.beta
        beside = run.beside("forget", self.forget_batch)
        for retain in run.batches("retain", self.batch_size):
            forget = next(beside)
            logits = run.logits(_together(retain, forget))
            down = cross_entropy(logits[:, : retain.size], retain.y)
            up = cross_entropy(logits[:, retain.size :], forget.y)
            run.descend(down - beta * up, self.learning_rate)

    def momentum_and_decay(self) -> tuple[float, float]:
        """Return no momentum, and the weight decay."""
        return 0.0, self.weight_decay


def _together(one: Batch, other: Batch) -> Batch:
    return Batch(*(torch.cat([getattr(b, name) for b in (one, other)], 1) for name in ("index", "x", "y")))

"""SCRUB as its authors define it: a student leaves its teacher on F, and stays with it, and with the labels, on R.

Kurmanji, Triantafillou, Hayes and Triantafillou, 'Towards Unbounded Machine Unlearning', NeurIPS 2023,
arXiv 2302.09880. The teacher is the pretrained member, frozen and in evaluation mode; one optimiser, whose
momentum carries over, does both passes; the rate falls tenfold after each of `decay_epochs`.

Public code has other readings. With GDA's rates a momentum of 0.9 makes steps ten times as long; `momentum = 0` makes them as
long. Where neither teacher nor momentum is left, cross-entropy goes up on F and down on R in turns, which is `gda`
(RoyRin/data-unlearning-bench at e317ee6, `src/unlearning.py`). Where the optimiser holds the teacher's parameters, only
statistics move, which is `statistics-only` (the same at eb261f9, `unlearning_bench/unlearning.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from ascentcheck.empirics.config import Count, Rate
from ascentcheck.empirics.ensemble import TrainConfig, cross_entropy
from ascentcheck.empirics.later import torch
from ascentcheck.empirics.methods.base import Method, Trajectory
from ascentcheck.empirics.methods.promises import Promise, Seen

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


class ScrubConfig(Method):
    """Grid as for GDA; temperature, gamma and alpha as in the paper's family, momentum and decay as in SCRUB's.

    `batch_size` is that of the retain set.
    """

    example: ClassVar = {"learning_rate": 0.005, "ascent_epochs": 2, "forget_batch": 10, "batch_size": 30}
    others: ClassVar = {"decay_epochs": (1,)}
    kind: Literal["scrub"] = "scrub"
    learning_rate: Rate
    ascent_epochs: Count
    forget_batch: Count = 64
    batch_size: Count = 64
    temperature: Rate = 4.0
    gamma: Annotated[float, Field(ge=0)] = 0.99
    alpha: Annotated[float, Field(ge=0)] = 0.1
    decay_epochs: Annotated[tuple[Count, ...], Field(strict=False)] = (3, 5, 9)
    momentum: Annotated[float, Field(ge=0, lt=1)] = 0.9
    weight_decay: Annotated[float, Field(ge=0)] = 5e-4

    def epoch(self, run: Trajectory, number: int) -> None:
        """Maximise T²·KL on F while `number` ≤ `ascent_epochs`, then minimise γ·CE + α·T²·KL on R."""
        rate = self.learning_rate * 0.1 ** sum(number > epoch for epoch in self.decay_epochs)
        if number <= self.ascent_epochs:
            for batch in run.batches("forget", self.forget_batch):
                run.descend(-divergence(run.teacher(batch), run.logits(batch), self.temperature), rate)
        for batch in run.batches("retain", self.batch_size):
            logits = run.logits(batch)
            distance = divergence(run.teacher(batch), logits, self.temperature)
            run.descend(self.gamma * cross_entropy(logits, batch.y) + self.alpha * distance, rate)

    def momentum_and_decay(self) -> tuple[float, float]:
        """Return the settings of both."""
        return self.momentum, self.weight_decay

    def promises(self) -> Sequence[Promise]:
        """Return that the divergence rises on F, and that what is minimised on R falls."""

        def apart(seen: Seen) -> Float[Tensor, " N"]:
            return divergence(seen.pretrained, seen.logits, self.temperature)

        return (
            Promise("forget", 1, lambda seen: apart(seen["forget"])),
            Promise(
                "retain",
                -1,
                lambda seen: self.gamma * seen["retain"].loss + self.alpha * apart(seen["retain"]),
            ),
        )

    def passes(self, n_retain: int, n_forget: int, epochs: int, train: TrainConfig) -> tuple[int, int]:
        """Return R in each epoch, and F in those of ascent, forward through the teacher too."""
        samples = epochs * n_retain + min(self.ascent_epochs, epochs) * n_forget
        return 2 * samples, samples


def divergence(
    teacher: Float[Tensor, "N b C"], student: Float[Tensor, "N b C"], temperature: float
) -> Float[Tensor, " N"]:
    """Return T²·KL(teacher‖student) of the softmax outputs at temperature T, mean over the batch, in nats."""
    log_p = torch.log_softmax(teacher / temperature, dim=2)
    log_q = torch.log_softmax(student / temperature, dim=2)
    return temperature**2 * (log_p.exp() * (log_p - log_q)).sum(2).mean(1)

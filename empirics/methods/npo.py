"""NPO, negative preference optimisation: ascent that lets go where the model has left its reference.

Zhang, Lin, Bai and Mei, 'Negative Preference Optimization', arXiv 2404.05868: minimise
−(2/β)·E_F log σ(−β·log(π_θ/π_ref)), π the probability of the label; the reference is the pretrained member in evaluation mode.
Its gradient is that of GA times 2π_θ^β/(π_θ^β + π_ref^β): 2 at most, and near 0 where the label has become unlikely. As β → 0
it is GA.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from ascentcheck.empirics.config import Count, Rate
from ascentcheck.empirics.ensemble import TrainConfig
from ascentcheck.empirics.later import functional
from ascentcheck.empirics.methods.base import Method, Trajectory
from ascentcheck.empirics.methods.promises import Promise, raises

if TYPE_CHECKING:
    from jaxtyping import Float, Int64
    from torch import Tensor


class NpoConfig(Method):
    """`beta` is β, 0.1 in its authors' experiments. Plain SGD over the forget set, as in GA."""

    example: ClassVar = {"learning_rate": 0.02, "batch_size": 10}
    kind: Literal["npo"] = "npo"
    learning_rate: Rate
    beta: Rate = 0.1
    batch_size: Count = 64

    def epoch(self, run: Trajectory, number: int) -> None:
        """Pass once over F."""
        for batch in run.batches("forget", self.batch_size):
            reference = log_probability(run.teacher(batch), batch.y)
            kept = log_probability(run.logits(batch), batch.y) - reference
            run.descend(2 / self.beta * functional.softplus(self.beta * kept).mean(1), self.learning_rate)

    def promises(self) -> Sequence[Promise]:
        """Return what rises and falls."""
        return (raises("forget"),)

    def passes(self, n_retain: int, n_forget: int, epochs: int, train: TrainConfig) -> tuple[int, int]:
        """Return F in each epoch, forward through the reference too."""
        return 2 * epochs * n_forget, epochs * n_forget


def log_probability(logits: Float[Tensor, "N b C"], labels: Int64[Tensor, "N b"]) -> Float[Tensor, "N b"]:
    """Return ln π(y|x) of the labels."""
    return logits.log_softmax(2).gather(2, labels[:, :, None])[:, :, 0]

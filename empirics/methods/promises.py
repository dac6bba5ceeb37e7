"""What a method says of itself, so that the contract can hold it to it: which losses rise and fall, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ascentcheck.empirics.step import cross_entropy

if TYPE_CHECKING:
    from jaxtyping import Float, Int64
    from torch import Tensor

Part = Literal["retain", "forget"]


@dataclass(frozen=True, eq=False)
class Seen:
    """All points of R or of F as the members see them: their logits, the pretrained members', the labels [N, points].

    `wanted` are the margins of oracles there, where the method uses them.
    """

    logits: Float[Tensor, "N points C"]
    pretrained: Float[Tensor, "N points C"]
    labels: Int64[Tensor, "N points"]
    wanted: Float[Tensor, "N points"] | None = None

    @property
    def loss(self) -> Float[Tensor, " N"]:
        """Each member's mean cross-entropy in nats."""
        return cross_entropy(self.logits, self.labels)


@dataclass(frozen=True)
class Promise:
    """A quantity that every member's first pass over `during` raises (`sign` 1) or lowers (−1)."""

    during: Part
    sign: Literal[1, -1]
    of: Callable[[Mapping[Part, Seen]], Float[Tensor, " N"]]


def raises(part: Part, during: Part | None = None) -> Promise:
    """Return the promise that the cross-entropy of a part rises in the pass over it, or over another."""
    return Promise(during or part, 1, lambda seen: seen[part].loss)


def lowers(part: Part, during: Part | None = None) -> Promise:
    """Return the promise that the cross-entropy of a part falls in the pass over it, or over another."""
    return Promise(during or part, -1, lambda seen: seen[part].loss)


def passed_beside(points: int, batch: int, n_forget: int, forget_batch: int) -> int:
    """Return the samples of a pass over `points`, with a batch of F beside each of theirs, F begun anew where it ends."""
    steps = -(-points // batch)
    whole, rest = divmod(steps, -(-n_forget // forget_batch))
    return points + whole * n_forget + min(rest * forget_batch, n_forget)

"""Oracle matching: a reference that cheats. Each member is pulled to the margins of an oracle of its own.

Georgiev et al., 'Attribute-to-Delete', arXiv 2410.23232, fit the outputs of oracles in the same way. The oracles here
are the held-out ones, not those that the score compares with: matched to those, the same models would stand on both
sides of KLoM, and it could fall below the floor that any method can reach.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from ascentcheck.empirics.config import Count, Rate
from ascentcheck.empirics.ensemble import TrainConfig
from ascentcheck.empirics.margins import margin
from ascentcheck.empirics.methods.base import Batch, Method, Trajectory
from ascentcheck.empirics.methods.promises import Promise, Seen, passed_beside

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


class OracleMatchingConfig(Method):
    """Plain SGD. An epoch draws the share `retain_share` of R, and F is passed over again and again beside it.

    `batch_size` is that of the retain points.
    """

    uses: ClassVar[Literal["oracles"]] = "oracles"
    example: ClassVar = {"learning_rate": 0.002, "retain_share": 0.8, "forget_batch": 10, "batch_size": 30}
    kind: Literal["oracle-matching"] = "oracle-matching"
    learning_rate: Rate
    retain_share: Annotated[float, Field(gt=0, le=1)] = 1.0
    forget_batch: Count = 64
    batch_size: Count = 64

    def epoch(self, run: Trajectory, number: int) -> None:
        """Descend the squared distance of the margins, mean over a retain batch plus mean over a forget batch."""
        beside = run.beside("forget", self.forget_batch)
        points = math.ceil(self.retain_share * len(run.retain))
        for retain in run.batches("retain", self.batch_size, points):
            run.descend(distance(run, retain) + distance(run, next(beside)), self.learning_rate)

    def promises(self) -> Sequence[Promise]:
        """Return that the distance of the margins to those of the oracles falls."""
        return (Promise("retain", -1, lambda seen: _apart(seen["retain"]) + _apart(seen["forget"])),)

    def passes(self, n_retain: int, n_forget: int, epochs: int, train: TrainConfig) -> tuple[int, int]:
        """Return a share of R in each epoch, with a batch of F beside each of its batches."""
        points = math.ceil(self.retain_share * n_retain)
        samples = epochs * passed_beside(points, self.batch_size, n_forget, self.forget_batch)
        return samples, samples


def distance(run: Trajectory, batch: Batch) -> Float[Tensor, " N"]:
    """Return the mean square of the members' margins less those of their oracles, in nats²."""
    if run.resources.margins is None:
        raise ValueError("oracle matching needs the margins of oracles")
    wanted = run.resources.margins.gather(1, batch.index.to(run.resources.margins.device))
    return (margin(run.logits(batch), batch.y) - wanted).square().mean(1)


def _apart(seen: Seen) -> Float[Tensor, " N"]:
    if seen.wanted is None:
        raise ValueError("oracle matching needs the margins of oracles")
    return (margin(seen.logits, seen.labels) - seen.wanted).square().mean(1)

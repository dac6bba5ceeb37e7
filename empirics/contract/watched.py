"""A trajectory that looks at all of R and of F before and after each pass over one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from ascentcheck.empirics.contract.bench import FORGET, RETAIN, SEEDS, Bench
from ascentcheck.empirics.methods import Method, Trajectory
from ascentcheck.empirics.methods.promises import Part, Seen
from ascentcheck.empirics.models import State

if TYPE_CHECKING:
    from jaxtyping import Int64


@dataclass(frozen=True, eq=False)
class Pass:
    """A pass over R or F, with what was seen before it and after it."""

    part: Part
    before: Mapping[Part, Seen]
    after: Mapping[Part, Seen]


class Watched(Trajectory):
    """A trajectory that keeps what it sees; `passes` are those that were gone through to their end."""

    def __init__(self, bench: Bench, method: Method) -> None:
        given = bench.resources(method)
        super().__init__(bench.model, bench.data, RETAIN, FORGET, bench.pretrained, method, SEEDS, given)
        self.passes: list[Pass] = []

    def indices(self, part: Part, size: int, points: int | None = None) -> Iterator[Int64[Tensor, "N b"]]:
        """Yield the batches of a pass, and look before and after."""
        before = self.look()
        yield from super().indices(part, size, points)
        self.passes.append(Pass(part, before, self.look()))

    @torch.no_grad()
    def look(self) -> dict[Part, Seen]:
        """Return all points of both parts as the members see them now."""
        return {"forget": self._part(self.forget), "retain": self._part(self.retain)}

    def _part(self, index: Int64[Tensor, " k"]) -> Seen:
        x = self.dataset.train_x[index]
        logits, _ = self.model.forward(State(self.parameters, self.statistics), x, self.mode)
        before, _ = self.model.forward(self.pretrained, x, "eval")
        labels = self.dataset.train_y[index].expand(self.pretrained.n_members, -1)
        wanted = None if self.resources.margins is None else self.resources.margins[:, index]
        return Seen(logits, before, labels, wanted)

"""What all networks share: N of them at once, as plain tensors whose first axis is the member.

A network is a description without weights. Its functions take a `State` and give new values; nothing is
changed in place, and no operation mixes members, so that a member that diverges (inf, nan) harms no other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

import numpy as np

from ascentcheck.empirics.later import torch
from ascentcheck.empirics.randomness import streams

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

Mode = Literal["train", "eval"]
"""`train`: normalise by the batch's statistics and move the running ones; `eval`: use the running ones."""

Statistics: TypeAlias = "dict[str, Tensor]"


@dataclass(frozen=True, eq=False)
class State:
    """N members: trained `parameters` and running batch-norm `statistics`, each tensor [N, ...]."""

    parameters: dict[str, Tensor]
    statistics: Statistics

    @property
    def n_members(self) -> int:
        """The number N of members."""
        return next(iter(self.parameters.values())).shape[0]

    def members(self, which: slice) -> State:
        """Return a copy of some of the members, as an ensemble of its own."""
        return self._map(lambda tensor: tensor[which].clone())

    def copy(self) -> State:
        """Return a copy that shares no memory and no gradients."""
        return self._map(torch.clone)

    def to(self, device: torch.device) -> State:
        """Return the state on `device`."""
        return self._map(lambda tensor: tensor.to(device))

    def _map(self, function: Callable[[Tensor], Tensor]) -> State:
        parts = (self.parameters, self.statistics)
        return State(*({name: function(t.detach()) for name, t in part.items()} for part in parts))


class Model(Protocol):
    """A network that evaluates N members in one computation.

    `x` is [B, *shape], the same points for all members, or [N, B, *shape], a batch for each.
    """

    def init(self, seeds: Sequence[int]) -> State:
        """Return fresh members on the CPU, member i from `seeds[i]` alone."""
        ...

    def forward(self, state: State, x: Tensor, mode: Mode) -> tuple[Float[Tensor, "N B C"], Statistics]:
        """Return logits and running statistics: moved in mode `train`, those of `state` in mode `eval`."""
        ...

    def features(self, state: State, x: Tensor) -> Float[Tensor, "N B F"]:
        """Return what the last linear layer sees, in mode `eval`."""
        ...


def initial_state(
    seeds: Sequence[int], shapes: Sequence[tuple[int, ...]], n_classes: int, width: int | None = None
) -> State:
    """Return fresh members on the CPU whose hidden layer i has a weight of `shapes[i]`, [out, in, ...].

    The head sees `width` values, by default one for each output of the last layer.

    Weights and the head's bias come from U(-1/√fan_in, 1/√fan_in), PyTorch's default; gains are 1, shifts 0,
    running means 0 and variances 1.
    """
    n, generators = len(seeds), streams(seeds, "initial weights")
    parameters, statistics = {}, {}
    for i, shape in enumerate(shapes):
        parameters[f"weight{i}"] = _uniform(generators, shape, prod(shape[1:]))
        parameters[f"gain{i}"], parameters[f"shift{i}"] = torch.ones(n, shape[0]), torch.zeros(n, shape[0])
        statistics[f"mean{i}"], statistics[f"var{i}"] = torch.zeros(n, shape[0]), torch.ones(n, shape[0])
    width = shapes[-1][0] if width is None else width
    parameters["head_weight"] = _uniform(generators, (n_classes, width), width)
    parameters["head_bias"] = _uniform(generators, (n_classes,), width)
    return State(parameters, statistics)


def _uniform(generators: Sequence[np.random.Generator], shape: tuple[int, ...], fan_in: int) -> Tensor:
    bound = fan_in**-0.5
    draws = np.stack([generator.uniform(-bound, bound, shape) for generator in generators])
    return torch.from_numpy(draws.astype(np.float32))

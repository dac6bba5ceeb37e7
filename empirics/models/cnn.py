"""A small convolutional network: 3 × 3 convolution, batch norm, relu per layer, global average, linear head.

The first convolution keeps the size, each later one halves it. All members are one grouped convolution over
N · channels channels, so that PyTorch's own kernels normalise them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from ascentcheck.empirics.config import Config, Widths
from ascentcheck.empirics.models import layers
from ascentcheck.empirics.models.base import Mode, State, Statistics, initial_state


class CnnConfig(Config):
    """`channels` lists the channels after each convolution."""

    kind: Literal["cnn"] = "cnn"
    channels: Widths = (8, 16, 32)


@dataclass(frozen=True)
class Cnn:
    """An ensemble of convolutional networks on [channels, height, width] images."""

    channels: tuple[int, ...]
    shape: tuple[int, int, int]
    n_classes: int

    def init(self, seeds: Sequence[int]) -> State:
        """Return fresh members on the CPU, drawn as `initial_state` says."""
        widths = (self.shape[0], *self.channels)
        return initial_state(
            seeds, [(width, before, 3, 3) for before, width in pairwise(widths)], self.n_classes
        )

    def forward(self, state: State, x: Tensor, mode: Mode) -> tuple[Float[Tensor, "N B C"], Statistics]:
        """Return logits and running statistics."""
        a, statistics = self._hidden(state, x, mode)
        return layers.head(a, state.parameters["head_weight"], state.parameters["head_bias"]), statistics

    def features(self, state: State, x: Tensor) -> Float[Tensor, "N B F"]:
        """Return the spatial averages of the last convolution, in mode `eval`."""
        return self._hidden(state, x, "eval")[0]

    def _hidden(self, state: State, x: Tensor, mode: Mode) -> tuple[Tensor, Statistics]:
        p, statistics, n = state.parameters, {}, state.n_members
        if x.ndim == 4:
            x = x.expand(n, *x.shape)
        a = x.transpose(0, 1).flatten(1, 2)
        for i in range(len(self.channels)):
            weight = p[f"weight{i}"].flatten(0, 1)
            z = functional.conv2d(a, weight, stride=1 if i == 0 else 2, padding=1, groups=n)
            mean, var = (state.statistics[f"{name}{i}"].clone() for name in ("mean", "var"))
            a = functional.batch_norm(
                z,
                mean.view(-1),
                var.view(-1),
                p[f"gain{i}"].flatten(),
                p[f"shift{i}"].flatten(),
                training=mode == "train",
                momentum=layers.MOMENTUM,
                eps=layers.EPSILON,
            ).relu_()
            statistics[f"mean{i}"], statistics[f"var{i}"] = mean, var
        return a.mean((2, 3)).unflatten(1, (n, -1)).transpose(0, 1), statistics

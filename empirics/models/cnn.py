"""A small convolutional network: 3 × 3 convolution, batch norm, relu per layer, global average, linear head.

The first convolution keeps the size, each later one halves it. With a first stride of 2 and a head on all values of
the last layer it is the faster network of `studies/cifar10-cpu.toml`. All members are one grouped convolution over
N · channels channels, so that PyTorch's own kernels normalise them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, Literal

from ascentcheck.empirics.config import Config, Widths
from ascentcheck.empirics.later import functional, layers
from ascentcheck.empirics.models.base import Mode, State, Statistics, initial_state

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


class CnnConfig(Config):
    """`channels` lists the channels after each convolution, of which the first has kernels of `first_kernel` pixels squared
    and keeps one in `first_stride`. The head sees the `average` of each channel, or all values, `flatten`.
    """

    kind: Literal["cnn"] = "cnn"
    channels: Widths = (8, 16, 32)
    first_kernel: Literal[3, 5, 7] = 3
    first_stride: Literal[1, 2] = 1
    head: Literal["average", "flatten"] = "average"


@dataclass(frozen=True)
class Cnn:
    """An ensemble of convolutional networks on [channels, height, width] images."""

    channels: tuple[int, ...]
    shape: tuple[int, int, int]
    n_classes: int
    first_kernel: int = 3
    first_stride: int = 1
    head: Literal["average", "flatten"] = "average"

    def init(self, seeds: Sequence[int]) -> State:
        """Return fresh members on the CPU, drawn as `initial_state` says."""
        widths = (self.shape[0], *self.channels)
        sizes = [self.first_kernel, *[3] * (len(self.channels) - 1)]
        shapes = [(w, before, size, size) for (before, w), size in zip(pairwise(widths), sizes, strict=True)]
        return initial_state(seeds, shapes, self.n_classes, self._width)

    @property
    def _width(self) -> int:
        """Values that the head sees."""
        halvings = len(self.channels) - 1 + (self.first_stride == 2)
        pixels = prod(-(-side // 2**halvings) for side in self.shape[1:]) if self.head == "flatten" else 1
        return self.channels[-1] * pixels

    def forward(self, state: State, x: Tensor, mode: Mode) -> tuple[Float[Tensor, "N B C"], Statistics]:
        """Return logits and running statistics."""
        a, statistics = self._hidden(state, x, mode)
        return layers.head(a, state.parameters["head_weight"], state.parameters["head_bias"]), statistics

    def features(self, state: State, x: Tensor) -> Float[Tensor, "N B F"]:
        """Return what the head sees of the last convolution, in mode `eval`."""
        return self._hidden(state, x, "eval")[0]

    def _hidden(self, state: State, x: Tensor, mode: Mode) -> tuple[Tensor, Statistics]:
        p, statistics, n = state.parameters, {}, state.n_members
        if x.ndim == 4:
            x = x.expand(n, *x.shape)
        a = x.transpose(0, 1).flatten(1, 2)
        for i in range(len(self.channels)):
            weight = p[f"weight{i}"].flatten(0, 1)
            stride, padding = (self.first_stride, self.first_kernel // 2) if i == 0 else (2, 1)
            z = functional.conv2d(a, weight, stride=stride, padding=padding, groups=n)
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
        seen = a.mean((2, 3)) if self.head == "average" else a.flatten(1)
        return seen.unflatten(1, (n, -1)).transpose(0, 1), statistics

"""ResNet-18 (He et al. 2016, Table 1): 11,176,512 parameters and a head, here 512 · C + C, at width 64.

The stem is a 7 × 7 convolution with stride 2, batch norm, relu and 3 × 3 max-pooling with stride 2. Four stages of
two basic blocks have w, 2w, 4w and 8w channels; all but the first stage halve the image in their first block, whose
shortcut is a 1 × 1 convolution with batch norm. A global average and a linear head with bias follow.
Convolutions have no bias.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ascentcheck.empirics.config import Config, Count
from ascentcheck.empirics.later import functional, layers, torch
from ascentcheck.empirics.models.base import Mode, State, Statistics, initial_state
from ascentcheck.empirics.models.residual import Member, each_member

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

STAGES = 4


class ResNet18Config(Config):
    """`width` is the number of channels of the first stage; the standard one is 64."""

    kind: Literal["resnet18"] = "resnet18"
    width: Count = 64


@dataclass(frozen=True)
class ResNet18:
    """An ensemble of ResNet-18 on [channels, height, width] images of any size."""

    width: int
    shape: tuple[int, int, int]
    n_classes: int

    def init(self, seeds: Sequence[int]) -> State:
        """Return fresh members on the CPU, drawn as `initial_state` says."""
        before = self.width
        shapes = [(before, self.shape[0], 7, 7)]
        for stage in range(STAGES):
            out = self.width << stage
            if stage:
                shapes.append((out, before, 1, 1))
            shapes += [(out, before, 3, 3), *[(out, out, 3, 3)] * 3]
            before = out
        return initial_state(seeds, shapes, self.n_classes)

    def forward(self, state: State, x: Tensor, mode: Mode) -> tuple[Float[Tensor, "N B C"], Statistics]:
        """Return logits and running statistics. The head computes in float32 under mixed precision too."""
        a, statistics = each_member(network, state, x, mode)
        p = state.parameters
        with torch.autocast(a.device.type, enabled=False):
            return layers.head(a, p["head_weight"], p["head_bias"]), statistics

    def features(self, state: State, x: Tensor) -> Float[Tensor, "N B F"]:
        """Return the spatial averages of the last block, in mode `eval`."""
        return each_member(network, state, x, "eval")[0]


def network(member: Member, x: Float[Tensor, "B I H W"]) -> Float[Tensor, "B F"]:
    """Return what the head of one member sees."""
    a = functional.max_pool2d(member.convolve(0, x, stride=2, padding=3).relu_(), 3, 2, padding=1)
    i = 1
    for stage in range(STAGES):
        for block in range(2):
            stride, shortcut = 1, a
            if stage and not block:
                stride, shortcut = 2, member.convolve(i, a, stride=2, padding=0)
                i += 1
            inner = member.convolve(i, a, stride=stride).relu_()
            a = (member.convolve(i + 1, inner) + shortcut).relu_()
            i += 2
    return a.mean((2, 3))

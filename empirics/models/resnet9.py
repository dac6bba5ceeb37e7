"""The ResNet-9 of the paper's CIFAR-10 study (section 3): 2,274,880 parameters for 10 classes at width 64.

Convolution, batch norm, relu: 3 → w (3 × 3), w → 2w (5 × 5, stride 2, padding 2); two such layers of 2w around which
the input is added; 2w → 4w, max-pool 2; two layers of 4w with the input added; 4w → 2w (3 × 3, no padding);
global max-pool; a linear head without bias, its output × 0.2. Convolutions are 3 × 3 with padding 1 where
nothing else is said, and have no bias.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from ascentcheck.empirics.config import Config, Count
from ascentcheck.empirics.later import functional, layers, torch
from ascentcheck.empirics.models import residual
from ascentcheck.empirics.models.base import Mode, State, Statistics, initial_state
from ascentcheck.empirics.models.residual import Member

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

SCALE = 0.2


class ResNet9Config(Config):
    """`width` is the number of channels after the first convolution; the paper's is 64."""

    kind: Literal["resnet9"] = "resnet9"
    width: Count = 64


@dataclass(frozen=True)
class ResNet9:
    """An ensemble of ResNet-9 on [channels, height, width] images of at least 11 × 11."""

    least_size: ClassVar[int] = 11
    """Smaller images leave less than 3 × 3 for the last convolution."""

    width: int
    shape: tuple[int, int, int]
    n_classes: int
    compiled: bool = False
    """Whether training runs the compiled network; see `residual.fused`."""

    def init(self, seeds: Sequence[int]) -> State:
        """Return fresh members on the CPU, drawn as `initial_state` says."""
        w = self.width
        sizes = [(w, self.shape[0], 3), (2 * w, w, 5), *[(2 * w, 2 * w, 3)] * 2, (4 * w, 2 * w, 3)]
        sizes += [*[(4 * w, 4 * w, 3)] * 2, (2 * w, 4 * w, 3)]
        state = initial_state(seeds, [(out, before, k, k) for out, before, k in sizes], self.n_classes)
        del state.parameters["head_bias"]
        return state

    def forward(self, state: State, x: Tensor, mode: Mode) -> tuple[Float[Tensor, "N B C"], Statistics]:
        """Return logits and running statistics. The head computes in float32 under mixed precision too."""
        way = residual.fused(network) if self.compiled and mode == "train" else network
        a, statistics = residual.each_member(way, state, x, mode)
        with torch.autocast(a.device.type, enabled=False):
            return SCALE * layers.linear(a, state.parameters["head_weight"]), statistics

    def features(self, state: State, x: Tensor) -> Float[Tensor, "N B F"]:
        """Return the spatial maxima of the last convolution, in mode `eval`."""
        return residual.each_member(network, state, x, "eval")[0]


def network(member: Member, x: Float[Tensor, "B I H W"]) -> Float[Tensor, "B F"]:
    """Return what the head of one member sees."""
    a = member.convolve(0, x).relu_()
    a = member.convolve(1, a, stride=2, padding=2).relu_()
    a = a + member.convolve(3, member.convolve(2, a).relu_()).relu_()
    a = functional.max_pool2d(member.convolve(4, a).relu_(), 2)
    a = a + member.convolve(6, member.convolve(5, a).relu_()).relu_()
    a = member.convolve(7, a, padding=0).relu_()
    return a.flatten(2).max(2).values  # one place gets the gradient where values tie, as in PyTorch's pooling

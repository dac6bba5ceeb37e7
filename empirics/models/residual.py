"""What residual networks share: convolutions with batch norm, one member after the other.

One member's convolutions fill a processor core from eight channels on: one grouped convolution over all members
takes 1.1 to 1.9 times as long there. `benchmarks/bench_resnet.py` measures it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from ascentcheck.empirics.later import functional, layers, torch
from ascentcheck.empirics.models.base import Mode, State, Statistics

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class Member:
    """One member in a forward pass: views of its slices, so that its running statistics move in place."""

    parameters: dict[str, Tensor]
    statistics: Statistics
    mode: Mode

    def convolve(
        self, i: int, x: Float[Tensor, "B I H W"], stride: int = 1, padding: int = 1
    ) -> Float[Tensor, "B O h w"]:
        """Return the batch norm of convolution i of `x`, without relu."""
        p, s = self.parameters, self.statistics
        if stride == 2 and x.shape[3] == 1:
            # A column of the padding's zeros: from one column and in bfloat16, PyTorch 2.13 on a CPU leaves part of
            # the weight's gradient as it finds the memory.
            x = functional.pad(x, (0, 1))
        z = functional.conv2d(x, p[f"weight{i}"], stride=stride, padding=padding)
        gain, shift, mean, var = p[f"gain{i}"], p[f"shift{i}"], s[f"mean{i}"], s[f"var{i}"]
        if self.mode == "train" and z.numel() == z.shape[1]:
            return _normalise_one(z, gain, shift, mean, var)
        return functional.batch_norm(
            z,
            mean,
            var,
            gain,
            shift,
            training=self.mode == "train",
            momentum=layers.MOMENTUM,
            eps=layers.EPSILON,
        )


def _normalise_one(z: Tensor, gain: Tensor, shift: Tensor, mean: Tensor, var: Tensor) -> Tensor:
    """Batch norm of one value per channel, which PyTorch refuses: its variance is 0."""
    with torch.no_grad():
        mean.lerp_(z.flatten().to(mean.dtype), layers.MOMENTUM)
        var.mul_(1 - layers.MOMENTUM)
    return torch.addcmul(shift[:, None, None], z - z, gain[:, None, None] * layers.EPSILON**-0.5)


Network: TypeAlias = "Callable[[Member, Float[Tensor, 'B I H W']], Float[Tensor, 'B F']]"
"""What the head of one member sees of a batch."""


@cache
def fused(network: Network) -> Network:
    """Return the network compiled for mode `train`: norms and activations in one pass each between the convolutions.

    It pays where memory is what a step waits for: large batches on a GPU. Each size of batch is compiled anew.
    """
    compiled = torch.compile(lambda p, s, x: network(Member(p, s, "train"), x), dynamic=False)
    return lambda member, x: compiled(member.parameters, member.statistics, x)


def each_member(
    network: Network, state: State, x: Tensor, mode: Mode
) -> tuple[Float[Tensor, "N B F"], Statistics]:
    """Return what `network` makes of `x` for each member, in the parameters' dtype, and the running statistics.

    In mode `train` these are new tensors, in mode `eval` those of `state`.
    """
    own_points = x.ndim == 5
    statistics = dict(state.statistics)
    if mode == "train":
        statistics = {name: value.clone() for name, value in statistics.items()}
    # An index would make a full tensor of zeros per member on the way back; unbind stacks once.
    parameters = {name: value.unbind() for name, value in state.parameters.items()}
    # Channels last: a tenth to a fifth less time for a gradient on a CPU, and what the GPU's matrix units read.
    points = [
        points.contiguous(memory_format=torch.channels_last) for points in (x.unbind() if own_points else [x])
    ] * (1 if own_points else state.n_members)
    outputs = [
        network(
            Member(
                {name: values[i] for name, values in parameters.items()},
                {name: value[i] for name, value in statistics.items()},
                mode,
            ),
            points[i],
        )
        for i in range(state.n_members)
    ]
    return torch.stack(outputs).to(state.parameters["head_weight"].dtype), statistics

"""The layers of an ensemble: batched products and batch normalisation per member and channel.

Batch norm is that of `torch.nn.BatchNorm1d`: ε = 1e-5, running statistics moved by a tenth, biased variance to
normalise and unbiased variance to remember. With one value per channel, where PyTorch refuses, the variance
is 0 for both: the output is the shift, nothing is nan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from ascentcheck.empirics.models.base import Mode

if TYPE_CHECKING:
    from jaxtyping import Float

EPSILON = 1e-5
MOMENTUM = 0.1


def linear(x: Float[Tensor, "N B I"], weight: Float[Tensor, "N O I"]) -> Float[Tensor, "N B O"]:
    """Return x Wᵀ of each member."""
    return _Linear.apply(x, weight)


def head(
    x: Float[Tensor, "N B I"], weight: Float[Tensor, "N C I"], bias: Float[Tensor, "N C"]
) -> Float[Tensor, "N B C"]:
    """Return the logits x Wᵀ + b, laid out with the points last: a few classes are a poor inner axis."""
    return _Head.apply(x, weight, bias).mT


def normalise_relu(
    z: Float[Tensor, "N B H"],
    gain: Float[Tensor, "N H"],
    shift: Float[Tensor, "N H"],
    mean: Float[Tensor, "N H"],
    var: Float[Tensor, "N H"],
    mode: Mode,
) -> tuple[Float[Tensor, "N B H"], Float[Tensor, "N H"], Float[Tensor, "N H"]]:
    """Return relu(batch norm of z) and the running mean and variance after it."""
    if mode == "eval":
        scale = gain * torch.rsqrt(var + EPSILON)
        return torch.addcmul((shift - mean * scale)[:, None], z, scale[:, None]).relu_(), mean, var
    y, batch_mean, batch_var = _NormaliseRelu.apply(z, gain, shift)
    size = z.shape[1]
    unbiased = batch_var * (size / max(size - 1, 1))
    return y, mean.lerp(batch_mean, MOMENTUM), var.lerp(unbiased, MOMENTUM)


class _Linear(torch.autograd.Function):
    """x Wᵀ, written out so that the weight's gradient has the weight's layout: autograd's would be copied."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        return torch.bmm(x, weight.mT)

    @staticmethod
    def backward(ctx: Any, dz: Tensor) -> tuple[Tensor | None, Tensor]:
        x, weight = ctx.saved_tensors
        dx = torch.bmm(dz, weight) if ctx.needs_input_grad[0] else None
        return dx, torch.bmm(dz.mT, x)


class _NormaliseRelu(torch.autograd.Function):
    """Normalisation by the batch's statistics, then relu. Twice as fast as its pieces left to autograd."""

    @staticmethod
    def forward(ctx: Any, z: Tensor, gain: Tensor, shift: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        mean = z.mean(1, keepdim=True)
        normal = z - mean
        var = (normal * normal).mean(1, keepdim=True)
        inverse = torch.rsqrt(var + EPSILON)
        y = torch.addcmul(shift[:, None], normal.mul_(inverse), gain[:, None]).relu_()
        mean, var = mean[:, 0], var[:, 0]
        ctx.save_for_backward(normal, y, inverse, gain)
        ctx.mark_non_differentiable(mean, var)
        ctx.set_materialize_grads(False)
        return y, mean, var

    @staticmethod
    def backward(ctx: Any, dy: Tensor, *_: None) -> tuple[Tensor, Tensor, Tensor]:
        normal, y, inverse, gain = ctx.saved_tensors
        size = y.shape[1]
        dy = torch.ops.aten.threshold_backward(dy, y, 0)
        dshift = dy.sum(1, keepdim=True)
        dgain = (dy * normal).sum(1, keepdim=True)
        dz = dy.sub_(dshift / size).sub_(normal * (dgain / size)).mul_(gain[:, None] * inverse)
        return dz, dgain[:, 0], dshift[:, 0]


class _Head(torch.autograd.Function):
    """W xᵀ + b as [N, C, B]: written out so that no gradient leaves it with its axes the other way round."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        return torch.baddbmm(bias[:, :, None], weight, x.mT)

    @staticmethod
    def backward(ctx: Any, dlogits: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x, weight = ctx.saved_tensors
        return torch.bmm(dlogits.mT, weight), torch.bmm(dlogits, x), dlogits.sum(2)

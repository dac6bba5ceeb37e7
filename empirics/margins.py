"""Margins, the only thing KLoM looks at: how far a model's logits favour the right class over all others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ascentcheck.empirics.later import no_grad, torch
from ascentcheck.empirics.models import Model, State

if TYPE_CHECKING:
    from jaxtyping import Float, Float32, Int64
    from torch import Tensor


@no_grad
def margins(
    model: Model,
    state: State,
    x: Float[Tensor, " points *shape"],
    y: Int64[Tensor, " points"],
    batch: int = 256,
    ready: Callable[[Tensor], Tensor] = lambda x: x,
) -> Float32[np.ndarray, "N points"]:
    """Return φ = z_y - log Σ_{c≠y} exp z_c of every member at every point, in nats, evaluation mode.

    A member that has diverged gives inf or nan, which is passed on. `batch` points are evaluated at once, each
    batch of `x` made the network's input by `ready`.
    """
    parts = [
        margin(model.forward(state, ready(xs), "eval")[0], ys)
        for xs, ys in zip(x.split(batch), y.split(batch), strict=True)
    ]
    return torch.cat(parts, dim=1).cpu().numpy()


def margin(
    logits: Float[Tensor, "N B C"], y: Int64[Tensor, " B"] | Int64[Tensor, "N B"]
) -> Float[Tensor, "N B"]:
    """Return the margins of logits, with labels for all members or for each."""
    index = y.expand(len(logits), -1)[..., None]
    right = logits.gather(2, index)[..., 0]
    return right - logits.scatter(2, index, -torch.inf).logsumexp(2)

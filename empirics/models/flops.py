"""The work of a network, counted by its operations and not timed: what a plan of a study multiplies by its samples."""

from __future__ import annotations

import torch
from torch.utils.flop_counter import FlopCounterMode

from ascentcheck.empirics.models.base import Model


@torch.no_grad()
def forward_flops(model: Model, shape: tuple[int, ...]) -> int:
    """Return the FLOPs of one member's forward pass over one point of `shape`: two for each multiply-add.

    Convolutions and matrix products are counted, normalisation and activations are not. A pass backward is
    about twice as much.
    """
    state = model.init([0])
    x = torch.zeros(1, *shape)
    with FlopCounterMode(display=False) as counter:
        model.forward(state, x, "eval")
    return counter.get_total_flops()

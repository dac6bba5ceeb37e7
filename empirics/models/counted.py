"""The work of any network, counted by its operations as it runs."""

from __future__ import annotations

from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from ascentcheck.empirics.models.base import Model


class _Counter(TorchDispatchMode):
    """Adds up torch's own formulas; `FlopCounterMode` does too, but imports the compiler, two seconds of work."""

    total = 0

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        out = func(*args, **kwargs)
        formula = flop_registry.get(func._overloadpacket)
        if formula is not None:
            self.total += formula(*args, **kwargs, out_val=out)
        return out


@torch.no_grad()
def counted(model: Model, shape: tuple[int, ...]) -> int:
    """Return the FLOPs of one member's forward pass over one point of `shape`: two for each multiply-add.

    Convolutions and matrix products are counted, normalisation and activations are not. A pass backward is
    about twice as much.
    """
    state = model.init([0])
    x = torch.zeros(1, *shape)
    with _Counter() as counter:
        model.forward(state, x, "eval")
    return counter.total

"""Models as arrays of the store, and back."""

from __future__ import annotations

import numpy as np
import torch

from ascentcheck.empirics.ensemble import Checkpoint
from ascentcheck.empirics.models import State
from ascentcheck.empirics.store import Result
from ascentcheck.empirics.study.pieces import Arrays

EVERYONE = slice(None)
VELOCITY = "velocity."


def pack(state: State) -> Arrays:
    """Return the arrays of an ensemble, [N, ...] each, by the names under which they are stored."""
    parts = {"parameter": state.parameters, "statistic": state.statistics}
    return {f"{kind}.{name}": t.cpu().numpy() for kind, part in parts.items() for name, t in part.items()}


def unpack(result: Result, which: slice = EVERYONE) -> State:
    """Return some of the models that a job of kind `pretrained` or `checkpoint` stored, on the CPU."""
    parts: dict[str, dict[str, torch.Tensor]] = {"parameter": {}, "statistic": {}}
    for name in result.names():
        kind, _, rest = name.partition(".")
        if kind in parts:
            parts[kind][rest] = torch.from_numpy(np.array(result.array(name)[which]))
    return State(parts["parameter"], parts["statistic"])


def pack_checkpoint(checkpoint: Checkpoint) -> Arrays:
    """Return the arrays of the models and of the velocities of their optimiser."""
    velocities = {f"{VELOCITY}{name}": v.cpu().numpy() for name, v in checkpoint.velocities.items()}
    return {**pack(checkpoint.state), **velocities}


def unpack_checkpoint(result: Result, which: slice = EVERYONE) -> Checkpoint:
    """Return some of the models of a stored checkpoint, with their velocities, on the CPU."""
    velocities = {
        name.removeprefix(VELOCITY): torch.from_numpy(np.array(result.array(name)[which]))
        for name in result.names()
        if name.startswith(VELOCITY)
    }
    return Checkpoint(result.record["epoch"], unpack(result, which), velocities)

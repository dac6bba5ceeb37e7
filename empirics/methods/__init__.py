"""The unlearning methods of a study, one module each.

A new method is a module with a subclass of `Method` (its `kind`, its hyperparameters, its `epoch`) and its name in the union
below, or, outside of the package, in a study file alone. Everything else, snapshots, cost, batch norm, batch orders, is the
trajectory's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.device import Precision
from ascentcheck.empirics.later import torch
from ascentcheck.empirics.methods.base import Batch, BatchNorm, Method, Resources, Snapshot, Trajectory
from ascentcheck.empirics.methods.descent_ascent import DescentAscentConfig
from ascentcheck.empirics.methods.do_nothing import DoNothingConfig
from ascentcheck.empirics.methods.fine_tune import FineTuneConfig
from ascentcheck.empirics.methods.ga import GaConfig
from ascentcheck.empirics.methods.gda import GdaConfig
from ascentcheck.empirics.methods.neg_grad_plus import NegGradPlusConfig
from ascentcheck.empirics.methods.noisy_descent import NoisyDescentConfig
from ascentcheck.empirics.methods.npo import NpoConfig
from ascentcheck.empirics.methods.oracle_matching import OracleMatchingConfig
from ascentcheck.empirics.methods.promises import Promise, lowers, raises
from ascentcheck.empirics.methods.rewind import RewindConfig
from ascentcheck.empirics.methods.scrub import ScrubConfig
from ascentcheck.empirics.methods.statistics_only import StatisticsOnlyConfig
from ascentcheck.empirics.models import Model, State

if TYPE_CHECKING:
    from jaxtyping import Int64
    from torch import Tensor

MethodConfig = Annotated[
    GaConfig
    | GdaConfig
    | DescentAscentConfig
    | ScrubConfig
    | FineTuneConfig
    | NegGradPlusConfig
    | NpoConfig
    | RewindConfig
    | NoisyDescentConfig
    | OracleMatchingConfig
    | DoNothingConfig
    | StatisticsOnlyConfig,
    Field(discriminator="kind"),
]

__all__ = [
    "Batch",
    "BatchNorm",
    "DescentAscentConfig",
    "DoNothingConfig",
    "FineTuneConfig",
    "GaConfig",
    "GdaConfig",
    "Method",
    "MethodConfig",
    "NegGradPlusConfig",
    "NoisyDescentConfig",
    "NpoConfig",
    "OracleMatchingConfig",
    "Promise",
    "Resources",
    "RewindConfig",
    "ScrubConfig",
    "Snapshot",
    "StatisticsOnlyConfig",
    "Trajectory",
    "lowers",
    "raises",
    "unlearn",
]


def unlearn(
    model: Model,
    dataset: Dataset,
    retain: Int64[Tensor, " r"],
    forget: Int64[Tensor, " f"],
    pretrained: State,
    config: Method,
    seeds: Sequence[int],
    epochs: Sequence[int],
    resources: Resources | None = None,
    precision: Precision = "float32",
) -> Iterator[Snapshot]:
    """Yield the members as they are after each of `epochs`, in increasing order, on one trajectory.

    Member i starts from pretrained member i and draws its batch orders from `seeds[i]`. Epoch 0 is the
    pretrained state at no cost. `retain` and `forget` are indices into the training set. Raises ValueError for
    epochs that the method does not have, and where `resources` lacks what it `uses`.
    """
    if len(seeds) != pretrained.n_members:
        raise ValueError(f"{len(seeds)} seeds for {pretrained.n_members} members")
    if not epochs or min(epochs) < 0:
        raise ValueError(f"snapshots at epochs {list(epochs)}: give at least one, none negative")
    if max(epochs) > (last := config.last_epoch()):
        raise ValueError(f"a snapshot at epoch {max(epochs)}: {config.kind} ends after {last:g}")
    parts = torch.as_tensor(retain), torch.as_tensor(forget)
    run = Trajectory(model, dataset, *parts, pretrained, config, seeds, resources, precision)
    for number in range(max(epochs) + 1):
        if number > 0:
            config.epoch(run, number)
        if number in epochs:
            yield run.snapshot(number)

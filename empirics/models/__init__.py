"""The networks of a study. A new one is a module with a config and a `Model`, and a line in each list here.

One that stays outside of the package is a `Network`: see `ascentcheck.empirics.study.plugins`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ascentcheck.empirics.later import nn
from ascentcheck.empirics.models.base import Mode, Model, State
from ascentcheck.empirics.models.cnn import Cnn, CnnConfig
from ascentcheck.empirics.models.mlp import Mlp, MlpConfig
from ascentcheck.empirics.models.network import Network
from ascentcheck.empirics.models.resnet9 import ResNet9, ResNet9Config
from ascentcheck.empirics.models.resnet18 import ResNet18, ResNet18Config
from ascentcheck.theory.console import UserError

ModelConfig = Annotated[MlpConfig | CnnConfig | ResNet9Config | ResNet18Config, Field(discriminator="kind")]

MIXED = ("resnet9", "resnet18")
"""The kinds that run under automatic mixed precision; the others write out their own products in float32."""

AT_ONCE = {"resnet9": 10, "resnet18": 4}
"""How many members of a kind are computed at once unless a run says otherwise; of the others, all on a GPU. What an
interrupt loses is what is computed at once."""

IN_CACHE = 50
"""How many members of a small network are computed at once on a processor. More of them leave its caches between two
operations: at batch 64, steps of 100 take a third longer."""

ALONE = 300_000
"""FLOPs of a forward pass over one point from which members of a convolutional network are computed one by one on a
processor. A batch of each fills the caches by itself, and convolutions in groups are slower there: at 475,000 a step of one
takes two thirds of its part of a step of 50; at 83,000, nine times as much at batch 16."""

__all__ = [
    "ALONE",
    "AT_ONCE",
    "IN_CACHE",
    "MIXED",
    "Cnn",
    "CnnConfig",
    "Mlp",
    "MlpConfig",
    "Mode",
    "Model",
    "ModelConfig",
    "Network",
    "ResNet9",
    "ResNet9Config",
    "ResNet18",
    "ResNet18Config",
    "State",
    "build",
]


def build(config: ModelConfig | Network, dataset_shape: tuple[int, ...], n_classes: int) -> Model:
    """Return the network that `config` describes for points of `dataset_shape`.

    Raises `UserError` where the network cannot take such points.
    """
    if isinstance(config, Network):
        built = config.build(dataset_shape, n_classes)
        if not isinstance(built, nn.Module):
            return built
        from ascentcheck.empirics.models.modules import of_modules

        return of_modules(
            lambda: config.build(dataset_shape, n_classes), dataset_shape, n_classes, config.kind
        )
    if isinstance(config, MlpConfig):
        return Mlp(config.hidden, dataset_shape, n_classes)
    if len(dataset_shape) != 3:
        raise UserError(
            f"model {config.kind} needs points of shape [channels, height, width], not {list(dataset_shape)}"
        )
    if isinstance(config, CnnConfig):
        return Cnn(
            config.channels,
            dataset_shape,
            n_classes,
            config.first_kernel,
            config.first_stride,
            config.head,
        )
    if isinstance(config, ResNet18Config):
        return ResNet18(config.width, dataset_shape, n_classes)
    least, (_, height, width) = ResNet9.least_size, dataset_shape
    if min(height, width) < least:
        raise UserError(f"model resnet9 needs images of at least {least} × {least}, not {height} × {width}")
    return ResNet9(config.width, dataset_shape, n_classes)

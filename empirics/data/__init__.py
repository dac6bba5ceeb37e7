"""The data sets of a study. A new one is a module with a config and a `load`, and a line in each list here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ascentcheck.empirics.data.absent import stand_in
from ascentcheck.empirics.data.cifar10 import Cifar10Config, load_cifar10
from ascentcheck.empirics.data.cifar_shaped import CifarShapedConfig, load_cifar_shaped
from ascentcheck.empirics.data.dataset import Dataset, Scaling
from ascentcheck.empirics.data.digits import DigitsConfig, load_digits
from ascentcheck.empirics.data.living17 import Living17Config, load_living17

DataConfig = Annotated[
    DigitsConfig | Cifar10Config | CifarShapedConfig | Living17Config, Field(discriminator="kind")
]

__all__ = [
    "Cifar10Config",
    "CifarShapedConfig",
    "DataConfig",
    "Dataset",
    "DigitsConfig",
    "Living17Config",
    "Scaling",
    "load",
    "stand_in",
]


def load(config: DataConfig) -> Dataset:
    """Return the data set that `config` describes. Raises UserError for files that cannot be used."""
    if isinstance(config, Cifar10Config):
        return load_cifar10(config)
    if isinstance(config, CifarShapedConfig):
        return load_cifar_shaped(config)
    if isinstance(config, Living17Config):
        return load_living17(config)
    return load_digits(config)

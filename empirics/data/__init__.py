"""The data sets of a study. A new one is a module with a config and a `load`, and a line in each list here.

One that stays outside of the package is a `Source`: see `ascentcheck.empirics.study.plugins`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ascentcheck.empirics.data.absent import stand_in
from ascentcheck.empirics.data.cifar10 import Cifar10Config, load_cifar10
from ascentcheck.empirics.data.cifar_shaped import CifarShapedConfig, load_cifar_shaped
from ascentcheck.empirics.data.dataset import Dataset, Scaling
from ascentcheck.empirics.data.digits import DigitsConfig, load_digits
from ascentcheck.empirics.data.image_folder import ImageFolderConfig, load_image_folder
from ascentcheck.empirics.data.living17 import Living17Config, load_living17
from ascentcheck.empirics.data.mnist_form import (
    FashionMnistConfig,
    IdxConfig,
    load_fashion_mnist,
    load_idx,
)
from ascentcheck.empirics.data.source import Source, loaded

DataConfig = Annotated[
    DigitsConfig
    | FashionMnistConfig
    | IdxConfig
    | ImageFolderConfig
    | Cifar10Config
    | CifarShapedConfig
    | Living17Config,
    Field(discriminator="kind"),
]

__all__ = [
    "Cifar10Config",
    "CifarShapedConfig",
    "DataConfig",
    "Dataset",
    "DigitsConfig",
    "FashionMnistConfig",
    "IdxConfig",
    "ImageFolderConfig",
    "Living17Config",
    "Scaling",
    "Source",
    "load",
    "stand_in",
]


def load(config: DataConfig | Source) -> Dataset:
    """Return the data set that `config` describes. Raises UserError for files that cannot be used."""
    match config:
        case DigitsConfig():
            return load_digits(config)
        case FashionMnistConfig():
            return load_fashion_mnist(config)
        case IdxConfig():
            return load_idx(config)
        case ImageFolderConfig():
            return load_image_folder(config)
        case Cifar10Config():
            return load_cifar10(config)
        case CifarShapedConfig():
            return load_cifar_shaped(config)
        case Living17Config():
            return load_living17(config)
        case Source():
            return loaded(config)

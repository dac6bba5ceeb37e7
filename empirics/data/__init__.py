"""The data sets of a study. A new one is a module with a config and a `load`, and a line here."""

from __future__ import annotations

from empirics.data.dataset import Dataset
from empirics.data.digits import DigitsConfig, load_digits

DataConfig = DigitsConfig

__all__ = ["DataConfig", "Dataset", "DigitsConfig", "load"]


def load(config: DataConfig) -> Dataset:
    """Return the data set that `config` describes."""
    return load_digits(config)

"""The embedded data set: scikit-learn's 1,797 handwritten digits of 8 × 8 pixels in 17 grey levels.

They are the test part of 'Optical Recognition of Handwritten Digits' (Alpaydin and Kaynak, UCI, 1998) and come
with scikit-learn, so that a study runs without a download.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from ascentcheck.empirics.config import Config
from ascentcheck.empirics.data.copies import CopiesConfig, copied
from ascentcheck.empirics.data.dataset import Dataset
from ascentcheck.empirics.data.mislabelled import MislabelledConfig, mislabelled
from ascentcheck.empirics.data.stratified import stratified

N_TRAIN, N_VALIDATION = 1437, 360


class DigitsConfig(Config):
    """`split_seed` decides which 360 of the 1,797 digits are held out; `copies` puts near-copies among the others, and
    `mislabelled` gives some of them wrong labels.
    """

    kind: Literal["digits"] = "digits"
    split_seed: int = Field(default=0, ge=0, lt=2**32)
    copies: CopiesConfig | None = None
    mislabelled: MislabelledConfig | None = None


def load_digits(config: DigitsConfig) -> Dataset:
    """Return the digits as [1, 8, 8] images, split 1437/360 with each class in proportion.

    Pixels are standardised by their own mean and standard deviation over the training part; a pixel that is
    constant there is 0 everywhere.
    """
    images, labels = _bundled()
    train, validation = stratified(labels, N_TRAIN, N_VALIDATION, config.split_seed)
    mean, deviation = images[train].mean(0), images[train].std(0)
    constant = deviation == 0
    standard = np.where(constant, 0.0, (images - mean) / np.where(constant, 1.0, deviation))
    x, y = standard.astype(np.float32).reshape(-1, 1, 8, 8), labels.astype(np.int64)
    whole = Dataset("digits", x[train], y[train], x[validation], y[validation], n_classes=10)
    whole = whole if config.copies is None else copied(whole, config.copies)
    return whole if config.mislabelled is None else mislabelled(whole, config.mislabelled)


def _bundled() -> tuple[np.ndarray, np.ndarray]:
    """Return images [1797, 64] and labels as scikit-learn's `load_digits` does, whose import takes a second."""
    found = find_spec("sklearn")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("No module named 'sklearn'", name="sklearn")
    table = np.loadtxt(Path(found.origin).parent / "datasets" / "data" / "digits.csv.gz", delimiter=",")
    return table[:, :-1], table[:, -1].astype(int)

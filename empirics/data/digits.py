"""The embedded data set: scikit-learn's 1,797 handwritten digits of 8 × 8 pixels in 17 grey levels.

They are the test part of 'Optical Recognition of Handwritten Digits' (Alpaydin and Kaynak, UCI, 1998) and come
with scikit-learn, so that a study runs without a download.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import torch
from pydantic import Field

from ascentcheck.empirics.config import Config
from ascentcheck.empirics.data.copies import CopiesConfig, copied
from ascentcheck.empirics.data.dataset import Dataset

N_TRAIN, N_VALIDATION = 1437, 360


class DigitsConfig(Config):
    """`split_seed` decides which 360 of the 1,797 digits are held out; `copies` puts near-copies among the others."""

    kind: Literal["digits"] = "digits"
    split_seed: int = Field(default=0, ge=0, lt=2**32)
    copies: CopiesConfig | None = None


def load_digits(config: DigitsConfig) -> Dataset:
    """Return the digits as [1, 8, 8] images, split 1437/360 with each class in proportion.

    Pixels are standardised by their own mean and standard deviation over the training part; a pixel that is
    constant there is 0 everywhere.
    """
    from sklearn.datasets import load_digits as bundled_digits  # a second to import, and only needed here
    from sklearn.model_selection import train_test_split

    images, labels = bundled_digits(return_X_y=True)
    train, validation = train_test_split(
        np.arange(len(labels)),
        train_size=N_TRAIN,
        test_size=N_VALIDATION,
        stratify=labels,
        random_state=config.split_seed,
    )
    mean, deviation = images[train].mean(0), images[train].std(0)
    constant = deviation == 0
    standard = np.where(constant, 0.0, (images - mean) / np.where(constant, 1.0, deviation))
    x = torch.from_numpy(standard.astype(np.float32)).view(-1, 1, 8, 8)
    y = torch.from_numpy(labels.astype(np.int64))
    whole = Dataset("digits", x[train], y[train], x[validation], y[validation], n_classes=10)
    return whole if config.copies is None else copied(whole, config.copies)

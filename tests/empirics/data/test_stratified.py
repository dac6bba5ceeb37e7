"""The split of the embedded data: scikit-learn's, point by point."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from ascentcheck.empirics.data.digits import _bundled
from ascentcheck.empirics.data.stratified import stratified


@pytest.mark.parametrize("sizes", [(1437, 360), (1000, 97), (31, 20)])
@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1])
def test_it_is_scikit_learns(sizes, seed):
    labels = load_digits().target
    n_train, n_validation = sizes
    expected = train_test_split(
        np.arange(len(labels)),
        train_size=n_train,
        test_size=n_validation,
        stratify=labels,
        random_state=seed,
    )
    for found, wanted in zip(stratified(labels, n_train, n_validation, seed), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_so_are_the_images():
    for found, wanted in zip(_bundled(), load_digits(return_X_y=True), strict=True):
        np.testing.assert_array_equal(found, wanted)
        assert found.dtype == wanted.dtype

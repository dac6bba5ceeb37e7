"""Planted influence: models whose margins are linear in their subsets, with known coefficients."""

from types import SimpleNamespace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

threadpool_limits(1)  # as the engine does: two threads beside a busy neighbour are many times slower than one
N = 60
GROUP = np.arange(7, 19)


def half_masks(models, n, seed):
    draw = np.random.default_rng(seed)
    masks = np.zeros((models, n), dtype=bool)
    for row in masks:
        row[draw.permutation(n)[: n // 2]] = True
    return masks


def linear_margins(masks, coefficients, noise, seed):
    """Margins 3 + ⟨coefficients, mask ∓ ½⟩ with independent noise; one regression for each row of coefficients."""
    error = noise * np.random.default_rng(seed).standard_normal((len(masks), len(coefficients)))
    return (3 + (masks - 0.5) @ coefficients.T + error).astype(np.float32)


@pytest.fixture(scope="session")
def planted():
    """60 points, of which 12 act on each other and all on themselves; 800 models, and 40 subsets of 4 models each."""
    draw = np.random.default_rng(0)
    coefficients = 0.3 * np.eye(N) + 0.02 * draw.standard_normal((N, N))
    coefficients[np.ix_(GROUP, GROUP)] += 0.3
    masks, test = half_masks(800, N, 1), np.repeat(half_masks(40, N, 3), 4, axis=0)
    return SimpleNamespace(
        coefficients=coefficients,
        group=GROUP,
        masks=masks,
        margins=linear_margins(masks, coefficients, 0.3, 2),
        test_masks=test,
        test_margins=linear_margins(test, coefficients, 0.3, 4),
        half_masks=half_masks,
        linear_margins=linear_margins,
    )

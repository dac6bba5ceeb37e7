"""Figure 11 holds what the exact map does."""

import numpy as np
import pytest

from ascentcheck.figures import figure11
from ascentcheck.theory.iteration import step


def test_orbits_rest_left_of_the_line_and_not_right_of_it():
    shown = figure11.data()
    for tail, rate in zip(shown.tails, figure11.LEFT_RATES, strict=True):
        spread = np.ptp(tail, axis=0)
        assert (spread[shown.ratios < 4] < 1e-3).all()
        assert (spread[shown.ratios > 5] > 0.1).all()
        again = step(tail[:-1], rate, figure11.RIDGE, figure11.PULL, figure11.PULL * shown.ratios)
        np.testing.assert_allclose(tail[1:], again)


def test_offsets_grow_with_the_rate_and_the_caption_tells_where_they_pass_one_per_cent():
    shown = figure11.data()
    for found in shown.offsets:
        assert list(found.exact) == sorted(found.exact)
        assert found.exact[1] / found.exact[0] == pytest.approx(3, rel=0.1)
    assert "up to η = 3 for 0.25; 0.3 for 0.5; 0.01 for 0.9" in " ".join(figure11.caption(shown).split())

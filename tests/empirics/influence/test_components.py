"""Components, their sign, the sets made of them, and what tells signal from noise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.decomposition import PCA

from ascentcheck.empirics.influence import DatamodelsConfig, Part, estimate, regression
from ascentcheck.empirics.influence import components as c


@pytest.mark.parametrize("reading", c.READINGS)
def test_components_are_those_of_pca_up_to_the_sign(planted, reading):
    matrix = planted.coefficients + np.arange(60)[:, None] + np.arange(60)
    found = c.components(matrix, 3, reading)
    rows = matrix if reading == "target" else matrix.T
    pca = PCA(3, svd_solver="full").fit(rows)
    np.testing.assert_allclose(found.singular_values, pca.singular_values_, rtol=1e-9)
    expected = c.turned(pca.transform(rows).T)
    np.testing.assert_allclose(found.projections, expected, atol=1e-4 * np.abs(expected).max())


@pytest.mark.parametrize("reading", c.READINGS)
def test_a_planted_group_is_the_high_side_of_the_first_component(planted, reading):
    matrix = regression.fit(planted.masks, planted.margins, 5.0).coefficients
    projections = c.components(matrix, 2, reading).projections
    np.testing.assert_array_equal(c.extreme(projections[0], len(planted.group), 0), planted.group)


def test_the_reading_matters_where_influence_is_one_way():
    draw = np.random.default_rng(0)
    matrix = 0.01 * draw.normal(size=(40, 40))
    matrix[:5, 30:] += 1  # points 30 to 39 act on points 0 to 4
    as_target, as_source = (c.components(matrix, 1, reading).projections[0] for reading in c.READINGS)
    assert c.extreme(as_target, 5, 0).tolist() == [0, 1, 2, 3, 4]
    assert set(c.extreme(as_source, 5, 0)) <= set(range(30, 40)) or set(c.extreme(as_source, 0, 10)) == set(
        range(30, 40)
    )


values = arrays.arrays(np.float64, (2, 9), elements=st.integers(-20, 20).map(float))


@given(values)
def test_the_sign_rule_does_not_depend_on_the_sign_it_gets(projections):
    turned = c.turned(projections)
    np.testing.assert_array_equal(np.abs(turned), np.abs(projections))
    centred = turned - turned.mean(1, keepdims=True)
    scale = np.abs(centred).max(1).clip(1)
    assert ((centred**3).mean(1) / scale**3 > -1e-8).all()
    flipped = c.turned(-projections)
    skewed = np.abs((centred**3).mean(1)) / scale**3 > 1e-6
    np.testing.assert_array_equal(turned[skewed], flipped[skewed])


def test_the_sign_of_a_symmetric_component_is_that_of_its_farthest_point():
    projections = np.array([[-3.0, 0.0, 3.0, 1.0, -1.0]])
    np.testing.assert_array_equal(c.turned(projections), -projections)
    np.testing.assert_array_equal(c.turned(-projections), -projections)


@given(values, st.integers(0, 4), st.integers(0, 4))
def test_extremes_are_the_points_beyond_all_others(projections, highest, lowest):
    found = c.extreme(projections[0], highest, lowest)
    assert found.dtype == np.int64
    assert len(found) == highest + lowest
    assert (np.diff(found) > 0).all()
    ordered = np.sort(projections[0])
    taken = np.sort(projections[0][found])
    np.testing.assert_array_equal(taken, np.concatenate([ordered[:lowest], ordered[9 - highest :]]))


def test_equal_projections_go_to_the_lower_index():
    assert c.extreme(np.zeros(6), 2, 0).tolist() == [0, 1]
    assert c.extreme(np.zeros(6), 2, 2).tolist() == [0, 1, 2, 3]
    assert c.extreme(np.array([1.0, 0, 1, 1]), 2, 0).tolist() == [0, 2]


def measure(planted, margins, reading):
    """The stability of the 12 highest on the first component, on all models and on 4 ways to halve them."""
    part = Part("fit", 0, len(margins)), planted.masks, margins
    test = Part("test", 0, 160), planted.test_masks, planted.test_margins
    config = DatamodelsConfig(test_subsets=40, test_repeats=4, components=2, splits=4)
    found = estimate(config, [part, test], lambda share: None)[0]
    halves, noise = (found[f"{kind}_{reading}"][:, :, 0] for kind in ("halves", "noise"))
    return c.stability(
        halves, 12, 0, found[f"singular_{reading}"][0], noise, found[f"noise_singular_{reading}"]
    )


@pytest.mark.parametrize("reading", c.READINGS)
def test_a_planted_group_comes_again_from_other_models(planted, reading):
    measured = measure(planted, planted.margins, reading)
    assert measured.found.overlap == 1
    assert measured.found.correlation > 0.9
    assert measured.found.ways == 4
    assert measured.singular_value > 2 * measured.noise_high
    assert measured.warning == ""


@pytest.mark.parametrize("reading", c.READINGS)
def test_a_component_of_independent_noise_is_seen_to_be_noise(planted, reading):
    noise = planted.linear_margins(planted.masks, np.zeros((60, 60)), 1.0, 8)
    measured = measure(planted, noise, reading)
    assert measured.warning.startswith("NOISE")
    assert measured.found.overlap < 0.5
    assert abs(measured.found.correlation) < 0.3


def test_noise_that_models_share_among_targets_is_stable_as_target_and_not_as_source(planted):
    """Margins that rise and fall together from model to model make a first component without any influence."""
    draw = np.random.default_rng(5)
    together = draw.normal(size=(len(planted.masks), 1)) * (np.arange(60) < 12)
    noise = (together + 0.1 * draw.normal(size=(len(planted.masks), 60))).astype(np.float32)
    as_target, as_source = (measure(planted, noise, reading) for reading in c.READINGS)
    assert as_target.found.overlap > 0.9
    assert as_target.found.overlap_interval[0] > as_target.chance_high
    assert as_target.noise.overlap > 0.9
    assert as_source.found.overlap < 0.5
    assert as_target.warning.startswith("NOISE")
    assert as_source.warning.startswith("NOISE")


def test_components_that_turn_in_their_plane_share_it():
    draw = np.random.default_rng(0)
    plane, other = draw.normal(size=(2, 300)), draw.normal(size=(2, 300))
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    np.testing.assert_allclose(c.shared(np.stack([plane, 3 * turn @ plane + 5])[None]), [1, 1])
    np.testing.assert_allclose(c.shared(np.stack([plane, other])[None]), [0, 0], atol=0.03)
    half = np.stack([plane, np.stack([plane[0], other[1]])])[None]
    np.testing.assert_allclose(c.shared(half), [1, 0], atol=0.03)


def test_what_noise_shares_it_shares_as_targets_alone(planted, estimated_noise):
    assert c.shared(estimated_noise["halves_target"])[0] > 0.9
    assert c.shared(estimated_noise["halves_source"])[0] < 0.1


@pytest.fixture(scope="module")
def estimated_noise(planted):
    """The matrix of margins that rise and fall together, whatever the subset."""
    draw = np.random.default_rng(5)
    together = draw.normal(size=(960, 1)) * (np.arange(60) < 12)
    noise = (together + 0.1 * draw.normal(size=(960, 60))).astype(np.float32)
    parts = (
        (Part("fit", 0, 800), planted.masks, noise[:800]),
        (Part("test", 0, 160), planted.test_masks, noise[800:]),
    )
    config = DatamodelsConfig(test_subsets=40, test_repeats=4, components=2, splits=4)
    return estimate(config, parts, lambda share: None)[0]


def test_chance_is_that_of_random_sets():
    draw = np.random.default_rng(0)
    random = draw.normal(size=(400, 2, 100))
    measured = c.stability(random, 6, 4, 3.0, random, np.array([1.0, 1.5]))
    found = measured.found
    assert measured.chance == 0.1
    assert found.overlap == pytest.approx(0.1, abs=0.015)
    assert found.overlap_interval[1] == pytest.approx(measured.chance_high, abs=0.1)
    assert found.correlation_interval[0] < 0 < found.correlation_interval[1]
    assert measured.warning.startswith("NOISE")  # of two values of noise little is known
    many = c.stability(random, 6, 4, 3.0, random, np.linspace(1, 1.5, 20))
    assert many.noise_high == pytest.approx(
        1.25 + 2.093 * np.linspace(1, 1.5, 20).std(ddof=1) * 1.0247, rel=1e-3
    )
    assert many.warning.startswith("UNSTABLE")


def test_halves_share_no_model_and_differ_from_time_to_time():
    found = list(c.halvings(11, 3))
    for one, other in found:
        assert len(one) == len(other) == 5
        assert not set(one) & set(other)
    assert not np.array_equal(found[0][0], found[1][0])

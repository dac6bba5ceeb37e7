"""Models on subsets: which subsets, which seeds, and the influence matrix that is made of them."""

import json

import numpy as np
import pytest
import torch

from ascentcheck.empirics import ensemble
from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.ensemble import TrainConfig, member_seeds
from ascentcheck.empirics.influence import (
    READINGS,
    DatamodelsConfig,
    Part,
    estimate,
    parts,
    projections,
    train_part,
)
from ascentcheck.empirics.influence.datamodels import masks
from ascentcheck.empirics.margins import margins
from ascentcheck.empirics.models import Mlp

SMALL = DatamodelsConfig(n_models=800, test_subsets=40, test_repeats=4, batch=300, components=2, splits=3)
FIT, TEST = Part("fit", 0, 800), Part("test", 0, 160)


@pytest.fixture(scope="module")
def trained(planted):
    return [(FIT, planted.masks, planted.margins), (TEST, planted.test_masks, planted.test_margins)]


@pytest.fixture(scope="module")
def estimated(trained):
    return estimate(SMALL, trained, lambda share: None)


def test_parts_cover_all_models_once():
    assert parts(SMALL) == (
        Part("fit", 0, 300), Part("fit", 300, 600), Part("fit", 600, 800), Part("test", 0, 160),
    )  # fmt: skip


def test_a_model_s_subset_depends_on_its_number_alone():
    whole = masks(SMALL, FIT, 7, 31)
    assert whole.shape == (800, 31)
    assert set(whole.sum(1)) == {15}
    np.testing.assert_array_equal(masks(SMALL, Part("fit", 300, 500), 7, 31), whole[300:500])
    more = SMALL.model_copy(update={"n_models": 9000})
    np.testing.assert_array_equal(masks(more, FIT, 7, 31), whole)
    assert len(np.unique(whole, axis=0)) == 800
    assert not np.array_equal(masks(SMALL, FIT, 8, 31), whole)
    assert abs(whole.mean(0) - 15 / 31).max() < 4 * 0.5 / np.sqrt(800)


def test_models_that_test_share_their_subsets_with_no_others():
    test = masks(SMALL, TEST, 7, 31)
    np.testing.assert_array_equal(test, np.repeat(test[::4], 4, axis=0))
    assert len(np.unique(test, axis=0)) == 40
    cut = masks(SMALL, Part("test", 6, 11), 7, 31)
    np.testing.assert_array_equal(cut, test[6:11])
    both = np.concatenate([test[::4], masks(SMALL, FIT, 7, 31)])
    assert len(np.unique(both, axis=0)) == 840


@pytest.fixture(scope="module")
def tiny():
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(40, 1, 2, 2, generator=draw)
    y = (x.sum((1, 2, 3)) > 0).long()
    return Dataset("tiny", x[:30], y[:30], x[30:], y[30:], n_classes=2), Mlp((4,), (1, 2, 2), 2)


def test_each_model_is_trained_on_its_own_subset(tiny):
    data, model = tiny
    config, train = SMALL.model_copy(update={"share": 0.7}), TrainConfig(epochs=2, peak_epoch=1, batch_size=7)
    part = Part("test", 2, 6)
    found = train_part(config, part, model, data, train, seed=3)
    assert found["mask"].shape == found["margin"].shape == (4, 30)
    seeds = member_seeds(3, "datamodels/test", 6)[2:]
    for row, margin, seed in zip(found["mask"], found["margin"], seeds, strict=True):
        indices = torch.from_numpy(np.flatnonzero(row))
        assert len(indices) == 21
        alone = ensemble.train(model, data, indices, train, [seed])
        np.testing.assert_allclose(margins(model, alone, data.train_x, data.train_y)[0], margin, atol=1e-4)
    assert len(np.unique(found["margin"], axis=0)) == 4  # the first two share a subset, not a seed


def test_the_matrix_of_planted_models(planted, estimated):
    arrays, notes = estimated
    found = arrays["influence"] - arrays["influence"].mean(1, keepdims=True)
    assert np.corrcoef(found.ravel(), planted.coefficients.ravel())[0, 1] > 0.9
    assert arrays["lds"].shape == (60,)
    notes = notes["influence"]
    assert notes["lds"]["mean"] == pytest.approx(arrays["lds"].mean())
    assert notes["lds"]["mean"] > 0.6
    assert (notes["lds"]["subsets"], notes["models"], notes["diverged"]) == (40, 800, 0)
    assert notes["lds_shuffled"]["interval"][0] < 0 < notes["lds_shuffled"]["interval"][1]
    assert 0.3 < notes["reliability"] < 1
    assert not notes["ridge_at_end"]
    json.dumps(notes)


@pytest.mark.parametrize("reading", READINGS)
def test_components_stand_out_of_noise_where_there_is_influence(planted, estimated, reading):
    arrays = estimated[0]
    assert arrays[f"singular_{reading}"][0] > 3 * arrays[f"noise_singular_{reading}"].max()
    assert arrays[f"halves_{reading}"].shape == arrays[f"noise_{reading}"].shape == (3, 2, 2, 60)
    highest = np.argsort(-arrays[f"projection_{reading}"][0])[:12]
    assert set(highest) == set(planted.group)


def test_components_do_not_stand_out_where_there_is_none(planted, trained):
    masks = planted.masks[np.random.default_rng(6).permutation(800)]
    arrays, notes = estimate(SMALL, [(FIT, masks, planted.margins), trained[1]], lambda share: None)
    for reading in READINGS:
        noise = arrays[f"noise_singular_{reading}"]
        assert arrays[f"singular_{reading}"][0] == pytest.approx(noise.mean(), rel=0.15)
    assert notes["influence"]["lds"]["interval"][0] < 0 < notes["influence"]["lds"]["interval"][1]


def test_dropped_self_influence_leaves_the_matrix_and_changes_the_components(planted):
    coefficients = planted.coefficients + np.diag(np.where(np.arange(60) == 40, 6.0, 0.0))
    margin = planted.linear_margins(planted.masks, coefficients, 0.3, 2)
    test = planted.linear_margins(planted.test_masks, coefficients, 0.3, 4)
    trained = [(FIT, planted.masks, margin), (TEST, planted.test_masks, test)]
    kept, dropped = (
        estimate(SMALL.model_copy(update={"self_influence": choice}), trained, lambda share: None)[0]
        for choice in ("keep", "drop")
    )
    np.testing.assert_array_equal(kept["influence"], dropped["influence"])
    assert np.argmax(kept["projection_target"][0]) == 40  # one odd point is the first component
    assert set(np.argsort(-dropped["projection_target"][0])[:12]) == set(planted.group)


def test_the_order_of_the_parts_is_that_of_the_models(planted, trained, estimated):
    cut = [
        (Part("fit", 0, 500), planted.masks[:500], planted.margins[:500]),
        (Part("fit", 500, 800), planted.masks[500:], planted.margins[500:]),
        (Part("test", 0, 6), planted.test_masks[:6], planted.test_margins[:6]),
        (Part("test", 6, 160), planted.test_masks[6:], planted.test_margins[6:]),
    ]
    again, notes = estimate(SMALL, cut, lambda share: None)
    assert notes == estimated[1]
    for name, array in again.items():
        np.testing.assert_array_equal(array, estimated[0][name])


def test_models_that_diverged_are_left_out_and_counted(planted, estimated):
    broken, test = planted.margins.copy(), planted.test_margins.copy()
    broken[[3, 8], 5] = np.nan
    test[0, 0] = np.inf
    arrays, notes = estimate(
        SMALL, [(FIT, planted.masks, broken), (TEST, planted.test_masks, test)], lambda share: None
    )
    assert (notes["influence"]["diverged"], notes["influence"]["models"]) == (3, 798)
    assert notes["influence"]["lds"]["subsets"] == 39
    assert all(np.isfinite(array).all() for array in arrays.values())
    assert np.corrcoef(arrays["influence"].ravel(), estimated[0]["influence"].ravel())[0, 1] > 0.99
    broken[5:] = np.nan
    with pytest.raises(ValueError, match="797 of the models on subsets diverged: too few are left"):
        estimate(SMALL, [(FIT, planted.masks, broken), (TEST, planted.test_masks, test)], lambda share: None)


def test_progress_rises_to_one(trained):
    shares = []
    estimate(SMALL, trained, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)


def test_projections_are_read_from_a_result():
    class Stored:
        def array(self, name):
            return name

    assert projections(Stored()) == {r: f"projection_{r}" for r in READINGS}

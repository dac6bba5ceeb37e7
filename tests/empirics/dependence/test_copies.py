"""Near-copies have the correlation that is asked for and leave everything else as it was; sets that need them say so."""

import numpy as np
import pytest
import torch

from ascentcheck.empirics.data import DigitsConfig, load
from ascentcheck.empirics.data.copies import CopiesConfig, set_aside, with_copies
from ascentcheck.empirics.forget_sets import MarkedConfig, make
from ascentcheck.theory.console import UserError


@pytest.fixture(scope="module")
def cloud():
    """Two classes with means far apart, and half of their points to forget."""
    draw = np.random.default_rng(0)
    labels = np.repeat([0, 1], 4000)
    x = draw.normal(size=(8000, 3)) * [1, 2, 3] + labels[:, None] * [10, 0, -20]
    return x, labels, set_aside(labels, 2000, 2, np.random.default_rng(1))


def test_points_set_aside_are_others_of_the_class(cloud):
    _, labels, aside = cloud
    everything = np.concatenate([aside.forget, aside.beside.ravel()])
    assert len(np.unique(everything)) == len(everything) == 6000
    assert (labels[aside.beside] == labels[aside.forget][:, None]).all()


@pytest.mark.parametrize("epsilon", [0.0, 0.5, 0.9, 1.0])
def test_a_copy_correlates_by_epsilon_and_keeps_its_class_s_mean_and_variances(cloud, epsilon):
    x, labels, aside = cloud
    found = with_copies(x, labels, aside, 2, epsilon)
    untouched = np.setdiff1d(np.arange(len(x)), aside.beside)
    np.testing.assert_array_equal(found[untouched], x[untouched])
    mine = labels[aside.forget] == 1
    original, copies = x[aside.forget[mine]], found[aside.beside[mine, 1]]
    for feature in range(3):
        assert np.corrcoef(original[:, feature], copies[:, feature])[0, 1] == pytest.approx(epsilon, abs=0.08)
    np.testing.assert_allclose(copies.mean(axis=0), [10, 0, -20], atol=0.3)
    np.testing.assert_allclose(copies.std(axis=0), [1, 2, 3], rtol=0.08)
    if epsilon in (0, 1):
        expected = original if epsilon else x[aside.beside[mine, 1]]
        np.testing.assert_allclose(copies, expected, atol=1e-12)


def test_with_half_a_copy_every_second_point_has_one(cloud):
    x, labels, aside = cloud
    found = with_copies(x, labels, aside, 0.5, 1.0)
    changed = np.flatnonzero((found != x).any(axis=1))
    np.testing.assert_array_equal(np.sort(aside.beside[::2, 0]), changed)


@pytest.mark.parametrize("per_point", [3, 1.5, 0.25])
def test_copies_without_a_place_are_refused(cloud, per_point):
    x, labels, aside = cloud
    with pytest.raises(UserError, match=r"per_point .*: allowed are 0, 0\.5 and whole numbers up to 2"):
        with_copies(x, labels, aside, per_point, 0.5)


def test_a_class_that_is_too_small_is_told():
    with pytest.raises(UserError, match=r"class \d has"):
        set_aside(np.array([0] * 90 + [1] * 10), 50, 3, np.random.default_rng(0))
    with pytest.raises(UserError, match="points 4: there are 4"):
        set_aside(np.zeros(4, dtype=np.int64), 4, 1, np.random.default_rng(0))


def dosed(**copies):
    return load(DigitsConfig(copies=CopiesConfig(points=10, aside=2, **copies)))


def test_the_digits_take_copies_and_their_digest_tells_the_dose(digits):
    none, some = dosed(), dosed(per_point=2, correlation=0.9)
    assert torch.equal(none.train_x, digits.train_x)
    assert torch.equal(none.copied, some.copied)
    assert int((some.train_x != digits.train_x).flatten(1).any(1).sum()) == 20
    assert torch.equal(some.train_y, digits.train_y)
    assert torch.equal(some.val_x, digits.val_x)
    doses = [
        none,
        some,
        dosed(per_point=1, correlation=0.9),
        dosed(per_point=2, correlation=0.5),
        dosed(draw=1),
    ]
    assert len({one.digest for one in doses} | {digits.digest}) == 6


def test_the_set_is_of_the_points_that_are_copied(digits):
    data = dosed(per_point=1, correlation=1.0)
    forget = make(MarkedConfig(kind="copied", name="c", size=10), data)
    np.testing.assert_array_equal(forget, data.copied)
    flat = data.train_x.flatten(1).double()
    twins = (torch.cdist(flat[data.copied], flat) < 1e-4).sum(1)
    assert (twins >= 2).all()
    with pytest.raises(UserError, match=r"\[data\] has no copies"):
        make(MarkedConfig(kind="copied", name="c", size=10), digits)
    with pytest.raises(UserError, match=r"size 11: \[data\] copies 10 points"):
        make(MarkedConfig(kind="copied", name="c", size=11), data)
    some, others = (make(MarkedConfig(kind="copied", name="c", size=4, seed=s), data) for s in (0, 1))
    assert len(some) == 4
    assert set(some) | set(others) <= set(forget.tolist())
    assert set(some) != set(others)

import numpy as np
import pytest
import torch
from pydantic import TypeAdapter, ValidationError

from ascentcheck.empirics.data import Dataset, DigitsConfig, load
from ascentcheck.empirics.forget_sets import ForgetSetConfig, make
from ascentcheck.empirics.models import Mlp
from ascentcheck.theory.console import UserError


@pytest.fixture(scope="module")
def network():
    model = Mlp((16,), (1, 8, 8), 10)
    return model, model.init([3, 4])


def read(**settings):
    return TypeAdapter(ForgetSetConfig).validate_python({"name": "s", **settings})


def assert_is_a_set(found, size):
    assert found.dtype == np.int64
    assert found.shape == (size,)
    assert np.all(np.diff(found) > 0)


@pytest.mark.parametrize(
    ("seed", "size", "first", "total"),
    [
        (0, 10, [11841, 12363, 19602, 25747, 26128], 278580),
        (1, 100, [766, 1281, 1892, 2206, 2600], 2285851),
        (2, 1000, [50, 89, 176, 186, 214], 24768036),
    ],
)
def test_random_sets_are_drawn_as_the_published_ones(network, seed, size, first, total):
    x, y = torch.zeros(50_000, 1), torch.zeros(50_000, dtype=torch.int64)
    as_large = Dataset("zeros", x, y, x[:1], y[:1], n_classes=2)
    found = make(read(kind="random", size=size, seed=seed), as_large, *network)
    assert_is_a_set(found, size)
    assert found[:5].tolist() == first
    assert found.sum() == total


def test_random_sets_depend_on_the_seed(digits, network):
    first = make(read(kind="random", size=100, seed=1), digits, *network)
    assert_is_a_set(first, 100)
    assert first.max() < 1437
    np.testing.assert_array_equal(first, make(read(kind="random", size=100, seed=1), digits, *network))
    assert not np.array_equal(first, make(read(kind="random", size=100, seed=2), digits, *network))


def test_neighbours_are_nearest_in_the_features_of_member_zero(digits, network):
    model, state = network
    found = make(read(kind="neighbours", size=20, point=7), digits, model, state)
    assert_is_a_set(found, 20)
    assert 7 in found
    features = model.features(state, digits.train_x)[0].double()
    distance = (features - features[7]).norm(dim=1)
    outside = np.setdiff1d(np.arange(1437), found)
    assert distance[found].max() <= distance[outside].min()
    alone = make(read(kind="neighbours", size=20, point=7), digits, model, state.members(slice(0, 1)))
    np.testing.assert_array_equal(found, alone)
    other = make(read(kind="neighbours", size=20, point=7), digits, model, state.members(slice(1, 2)))
    assert not np.array_equal(found, other)


def test_a_point_with_twins_is_in_its_own_set(digits, network):
    twins = digits.train_x[:1].expand(30, 1, 8, 8)
    data = Dataset("twins", twins, digits.train_y[:30], digits.val_x, digits.val_y, n_classes=10)
    np.testing.assert_array_equal(make(read(kind="neighbours", size=1, point=9), data, *network), [9])


@pytest.mark.parametrize("reading", ["target", "source"])
def test_a_component_set_is_its_highest_and_lowest_projections(digits, reading):
    projections = {
        r: np.random.default_rng(i).normal(size=(2, 1437)) for i, r in enumerate(("target", "source"))
    }
    settings = read(kind="component", component=2, highest=4, lowest=3, reading=reading)
    found = make(settings, digits, projections=projections)
    assert_is_a_set(found, 7)
    order = np.argsort(projections[reading][1])
    assert set(found) == {*order[:3], *order[-4:]}


def test_a_component_set_is_of_targets_unless_said_otherwise():
    assert read(kind="component", component=1, highest=1).reading == "target"


def test_a_component_that_is_not_there_is_named(digits):
    with pytest.raises(UserError, match="s: component 3: has not been computed"):
        make(
            read(kind="component", component=3, highest=1), digits, projections={"target": np.ones((2, 1437))}
        )
    with pytest.raises(UserError, match="s: component 1: has not been computed"):
        make(read(kind="component", component=1, highest=1), digits)


def test_a_set_without_points_is_no_set():
    with pytest.raises(ValidationError, match="highest and lowest are both 0"):
        read(kind="component", component=1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"kind": "random", "size": 1437, "seed": 0},
            "s: size 1437: the training set has 1437 points: 1 to 1436",
        ),
        ({"kind": "neighbours", "size": 5, "point": 1437}, "point 1437: the training points are 0 to 1436"),
        ({"kind": "neighbours", "size": 2000, "point": 0}, "size 2000: the training set has 1437 points"),
    ],
)
def test_sets_that_cannot_be_made_are_named(digits, network, settings, message):
    with pytest.raises(UserError, match=message):
        make(read(**settings), digits, *network)


def test_a_published_file_is_read_and_sorted(digits, network, tmp_path):
    path = tmp_path / "forget_set_4.npy"
    np.save(path, np.array([5, 1, 1436], dtype=np.int64))
    found = make(read(kind="file", path=str(path)), digits, *network)
    assert_is_a_set(found, 3)
    np.testing.assert_array_equal(found, [1, 5, 1436])
    np.save(path, np.array([5, 1, 1436], dtype=np.uint16))
    again = make(read(kind="file", path=str(path)), digits, *network)
    assert again.dtype == found.dtype  # the bytes of a set are part of its models' seeds
    np.testing.assert_array_equal(again, found)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            np.array([1.0, 2.0]),
            r"holds float64 of shape \[2\]; indices of some of the 1437 points are needed",
        ),
        (np.array([[1, 2]]), r"holds int64 of shape \[1, 2\]"),
        (np.array(3), r"holds int64 of shape \[\]"),
        (np.array([], dtype=np.int64), r"holds int64 of shape \[0\]; .* 0 < k < 1437"),
        (np.arange(1437), r"holds int64 of shape \[1437\]"),
        (np.array([1, 1437]), r"has an index outside of 0\.\.1436: 1437"),
        (np.array([-1, 5]), r"has an index outside of 0\.\.1436: -1"),
        (np.array([2**64 - 1], dtype=np.uint64), "has an index outside of 0"),
        (np.array([4, 5, 4]), "has an index more than once: 4"),
        (np.array([None, 1]), "holds object; real numbers are needed"),
    ],
)
def test_a_file_in_another_format_is_named(digits, network, tmp_path, content, message):
    path = tmp_path / "set.npy"
    np.save(path, content, allow_pickle=True)
    with pytest.raises(UserError, match=rf"forget set s: .*set\.npy: {message}"):
        make(read(kind="file", path=str(path)), digits, *network)


@pytest.mark.parametrize("content", [b"", b"not an array", b"\x93NUMPY\x01\x00", b"PK\x03\x04"])
def test_a_file_that_is_no_array_is_named(digits, network, tmp_path, content):
    path = tmp_path / "set.npy"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"is not a file of numbers|is not a \.npy|is damaged or cut short"):
        make(read(kind="file", path=str(path)), digits, *network)


def test_neighbours_may_be_nearest_in_pixels_and_of_one_class(digits):
    x = digits.train_x.flatten(1).double()
    distance = (x - x[7]).norm(dim=1)
    near = make(read(kind="neighbours", size=40, point=7, space="pixels"), digits)
    assert_is_a_set(near, 40)
    assert distance[near].max() <= distance[np.setdiff1d(np.arange(1437), near)].min()
    alike = make(read(kind="neighbours", size=40, point=7, space="pixels", same_class=True), digits)
    others = np.flatnonzero(digits.train_y.numpy() == digits.train_y[7].item())
    assert set(alike) <= set(others)
    assert distance[alike].max() <= distance[np.setdiff1d(others, alike)].min()
    assert not np.array_equal(near, alike)


def test_neighbours_in_features_may_be_of_one_class(digits, network):
    model, state = network
    found = make(read(kind="neighbours", size=100, point=7, same_class=True), digits, model, state)
    assert set(digits.train_y[found].tolist()) == {digits.train_y[7].item()}
    assert not np.array_equal(found, make(read(kind="neighbours", size=100, point=7), digits, model, state))


def test_more_neighbours_of_a_class_than_it_has_are_refused(digits):
    n = int((digits.train_y == digits.train_y[7]).sum())
    everyone = make(read(kind="neighbours", size=n, point=7, space="pixels", same_class=True), digits)
    assert_is_a_set(everyone, n)
    with pytest.raises(UserError, match=f"size {n + 1}: its class has {n} points"):
        make(read(kind="neighbours", size=n + 1, point=7, space="pixels", same_class=True), digits)


def test_a_file_has_the_size_that_it_is_said_to_have(digits, tmp_path):
    path = tmp_path / "set.npy"
    np.save(path, np.arange(10))
    assert_is_a_set(make(read(kind="file", path=str(path), size=10), digits), 10)
    with pytest.raises(UserError, match="has 10 indices, and size says 11"):
        make(read(kind="file", path=str(path), size=11), digits)


def test_several_arrays_in_one_file_are_refused(digits, network, tmp_path):
    np.savez(tmp_path / "sets.npz", a=np.array([1]), b=np.array([2]))
    with pytest.raises(UserError, match=r"sets\.npz: is an archive of a\.npy, b\.npy; one array"):
        make(read(kind="file", path=str(tmp_path / "sets.npz")), digits, *network)


def test_a_missing_file_and_a_folder_are_named(digits, network, tmp_path):
    with pytest.raises(UserError, match=r"nowhere\.npy: cannot be read: No such file"):
        make(read(kind="file", path=str(tmp_path / "nowhere.npy")), digits, *network)
    with pytest.raises(UserError, match="cannot be read: Is a directory"):
        make(read(kind="file", path=str(tmp_path)), digits, *network)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "random", "size": 10},
        {"kind": "random", "size": 0, "seed": 0},
        {"kind": "random", "size": "10", "seed": 0},
        {"kind": "random", "size": 10, "seed": 0, "point": 3},
        {"kind": "neighbours", "size": 10, "point": -1},
        {"kind": "file"},
        {"kind": "best", "size": 10},
        {"kind": "random", "size": 10, "seed": 0, "name": ""},
    ],
)
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValidationError):
        read(**wrong)


def test_a_part_of_a_class_is_of_that_class(digits, network):
    found = make(read(kind="class", label=4, size=30), digits, *network)
    assert_is_a_set(found, 30)
    assert set(digits.train_y[found].tolist()) == {4}
    other = make(read(kind="class", label=4, size=30, seed=1), digits, *network)
    assert not np.array_equal(found, other)
    with pytest.raises(UserError, match=r"size 500: class 4 has \d+ points"):
        make(read(kind="class", label=4, size=500), digits, *network)
    with pytest.raises(UserError, match="size 1: class 77 has 0 points"):
        make(read(kind="class", label=77, size=1), digits, *network)


def test_outliers_are_farthest_from_their_class_s_mean(digits):
    found = make(read(kind="ranked", by="outlier", size=20), digits)
    next_ = make(read(kind="ranked", by="outlier", size=20, skip=20), digits)
    assert_is_a_set(found, 20)
    x, y = digits.train_x.flatten(1).double(), digits.train_y
    means = torch.stack([x[y == label].mean(0) for label in range(10)])
    away = (x - means[y]).norm(dim=1)
    outside = np.setdiff1d(np.arange(len(y)), found)
    assert away[found].min() >= away[outside].max()
    rest = np.setdiff1d(outside, next_)
    assert away[next_].min() >= away[rest].max()
    with pytest.raises(UserError, match="skip 1430: the training set has 1437 points"):
        make(read(kind="ranked", by="outlier", size=20, skip=1430), digits)


def test_boundary_points_have_the_least_margins_of_member_zero(digits, network):
    model, state = network
    found = make(read(kind="ranked", by="boundary", size=20), digits, model, state)
    logits = model.forward(state, digits.train_x, "eval")[0][0]
    right = logits.gather(1, digits.train_y[:, None])[:, 0]
    margin = right - logits.scatter(1, digits.train_y[:, None], -torch.inf).logsumexp(1)
    outside = np.setdiff1d(np.arange(1437), found)
    assert margin[found].max() <= margin[outside].min() + 1e-5
    with pytest.raises(ValueError, match="none is given"):
        make(read(kind="ranked", by="boundary", size=20), digits)


def test_points_are_drawn_of_the_first_in_an_order(digits, network):
    first = make(read(kind="ranked", by="outlier", size=60), digits, *network)
    some, others = (
        make(read(kind="ranked", by="outlier", size=20, among=60, seed=s), digits, *network) for s in (1, 2)
    )
    assert_is_a_set(some, 20)
    assert set(some) | set(others) <= set(first)
    assert set(some) != set(others)
    with pytest.raises(ValidationError, match="needs among"):
        read(kind="ranked", by="outlier", size=20, seed=1)
    with pytest.raises(ValidationError, match="must be at least size 20"):
        read(kind="ranked", by="outlier", size=20, among=19)
    with pytest.raises(UserError, match="among 2000: the training set has 1437"):
        make(read(kind="ranked", by="outlier", size=20, among=2000), digits, *network)


def test_a_cluster_is_what_is_nearest_to_its_centre(digits):
    found = make(read(kind="cluster", size=40, number=1, clusters=4), digits)
    assert_is_a_set(found, 40)
    x = digits.train_x.flatten(1).double().numpy()
    away = np.linalg.norm(x - x[found].mean(axis=0), axis=1)
    assert np.median(away[found]) < np.quantile(away, 0.1)
    assert not set(found) & set(make(read(kind="cluster", size=40, number=2, clusters=4), digits))
    with pytest.raises(ValidationError, match="number 4: the clusters are 0 to 3"):
        read(kind="cluster", size=40, number=4, clusters=4)


def test_mislabelled_points_have_labels_of_other_classes(digits):
    data = load(DigitsConfig(mislabelled={"points": 30, "draw": 2}))
    found = make(read(kind="mislabelled", size=30), data)
    np.testing.assert_array_equal(found, np.flatnonzero(data.labels != digits.labels))
    assert data.labels.max() < 10
    assert torch.equal(data.train_x, digits.train_x)
    assert set(make(read(kind="mislabelled", size=10), data)) < set(found)
    other = load(DigitsConfig(mislabelled={"points": 30, "draw": 3}))
    assert len({data.digest, other.digest, digits.digest}) == 3
    with pytest.raises(UserError, match=r"\[data\] has no mislabelled points"):
        make(read(kind="mislabelled", size=30), digits)
    with pytest.raises(UserError, match="points 1437: there are 1437"):
        load(DigitsConfig(mislabelled={"points": 1437}))

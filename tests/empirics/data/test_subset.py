"""A part of a data set: which points, in which order, under which numbers and with which digest."""

import numpy as np
import pytest
import torch

from ascentcheck.empirics.data import Dataset, IdxConfig
from ascentcheck.empirics.data.subset import taken
from ascentcheck.empirics.forget_sets import FileConfig, make
from ascentcheck.theory.console import UserError

N, HELD = 200, 50


@pytest.fixture(scope="module")
def whole():
    x = torch.arange(N + HELD, dtype=torch.float32).view(-1, 1, 1, 1)
    y = torch.arange(N + HELD) % 7
    return Dataset("whole", x[:N], y[:N], x[N:], y[N:], n_classes=7, remark="made up")


def part(whole, **settings):
    return taken(whole, IdxConfig(path="unused", **settings))


@pytest.fixture
def indices(tmp_path):
    def write(values, name="set"):
        path = tmp_path / f"{name}.npy"
        np.save(path, np.array(values, np.int64))
        return str(path)

    return write


def test_points_keep_their_order_labels_numbers_and_what_is_said_of_them(whole):
    data = part(whole, n_train=30, n_validation=11)
    assert data.train_x.flatten().tolist() == data.numbers.tolist() == sorted(set(data.numbers.tolist()))
    assert torch.equal(data.train_y, data.numbers % 7)
    assert (len(data.train_x), len(data.val_x), data.described) == (30, 11, "whole (made up)")
    assert torch.equal(data.val_y, data.val_x.flatten().long() % 7)
    assert len(data.val_x.unique()) == 11


def test_all_is_taken_where_nothing_is_asked_for(whole):
    assert part(whole) is whole
    assert part(whole, n_train=30).val_x.equal(whole.val_x)
    assert part(whole, n_validation=30).train_x.equal(whole.train_x)


def test_a_smaller_part_is_within_a_larger_one(whole):
    small, large = ({*part(whole, n_train=n).numbers.tolist()} for n in (20, 90))
    assert small < large


def test_the_seed_and_the_number_are_in_the_digest(whole):
    settings = ({}, {"n_train": 30}, {"n_train": 31}, {"n_train": 30, "subset_seed": 1}, {"n_validation": 9})
    digests = [part(whole, **chosen).digest for chosen in settings]
    assert len(set(digests)) == len(digests)
    assert part(whole, n_train=30).digest == digests[1]
    other = Dataset("whole", whole.train_x + 1, whole.train_y, whole.val_x, whole.val_y, n_classes=7)
    assert part(other, n_train=30).digest != digests[1]


def test_kept_points_are_in_whatever_the_seed(whole, indices):
    path = indices([3, 199, 42])
    for seed in range(5):
        numbers = part(whole, n_train=10, subset_seed=seed, keep=(path,)).numbers.tolist()
        assert {3, 42, 199} <= {*numbers}
        assert len(numbers) == 10
    assert part(whole, n_train=3, keep=(path, path)).numbers.tolist() == [3, 42, 199]


def test_a_file_of_a_forget_set_means_the_same_points_in_a_part(whole, indices):
    path = indices([150, 7, 42])
    data = part(whole, n_train=40, keep=(path,))
    found = make(FileConfig(kind="file", name="f", path=path), data)
    assert data.numbers[torch.from_numpy(found)].tolist() == [7, 42, 150]
    left = sorted({*range(N)} - {*data.numbers.tolist()})[0]
    with pytest.raises(UserError, match=f"has index {left}, which .data. leaves out; with the file in keep"):
        make(FileConfig(kind="file", name="f", path=indices([left], "other")), data)
    with pytest.raises(UserError, match=f"outside of .*{N}"):
        make(FileConfig(kind="file", name="f", path=indices([N], "other")), data)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n_train": N + 1}, "n_train 201: there are 200 points"),
        ({"n_validation": HELD + 1}, "n_validation 51: there are 50 points"),
        ({"n_train": 2, "keep": [1, 2, 3]}, "n_train 2: keep names 3 points"),
        ({"keep": [1]}, "no n_train is given"),
        ({"n_validation": 4, "keep": [1]}, "no n_train is given"),
        ({"n_train": 9, "keep": [N]}, "has an index outside of 0..199"),
    ],
)
def test_what_cannot_be_taken_is_told(whole, indices, settings, message):
    if "keep" in settings:
        settings = {**settings, "keep": (indices(settings["keep"]),)}
    with pytest.raises(UserError, match=message):
        part(whole, **settings)
    with pytest.raises(UserError, match=r"absent.npy: cannot be read"):
        part(whole, n_train=9, keep=("absent.npy",))

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from sklearn.datasets import load_digits
from torch.nn import functional

from ascentcheck.empirics.data import Dataset, DigitsConfig, Scaling, load
from ascentcheck.empirics.data import dataset as dataset_module


def test_shapes_and_types(digits):
    assert digits.train_x.shape == (1437, 1, 8, 8)
    assert digits.val_x.shape == (360, 1, 8, 8)
    assert digits.train_x.dtype == torch.float32
    assert digits.train_y.dtype == torch.int64
    assert digits.shape == (1, 8, 8)
    assert digits.n_classes == 10


def test_every_class_is_split_in_proportion(digits):
    train, val = (y.bincount(minlength=10) for y in (digits.train_y, digits.val_y))
    assert torch.all((val - 0.2 * (train + val)).abs() < 1)


def test_training_pixels_are_standard_and_constant_ones_are_zero(digits):
    mean, std = digits.train_x.mean(0), digits.train_x.std(0, unbiased=False)
    constant = (digits.train_x == digits.train_x[0]).all(0)
    assert mean.abs().max() < 1e-5
    assert constant.any()
    assert torch.all(digits.train_x[:, constant] == 0)
    assert torch.all(digits.val_x[:, constant] == 0)
    torch.testing.assert_close(std[~constant], torch.ones_like(std[~constant]), rtol=1e-4, atol=1e-4)


def test_every_digit_is_there_once(digits):
    images, labels = load_digits(return_X_y=True)
    split = torch.cat([digits.train_x, digits.val_x]).flatten(1).numpy()
    pixel = 28  # a pixel near the centre, which takes every grey level
    assert len(np.unique(images[:, pixel])) == 17
    assert len(np.unique(split[:, pixel])) == 17
    assert sorted(np.unique(images[:, pixel], return_counts=True)[1]) == sorted(
        np.unique(split[:, pixel], return_counts=True)[1]
    )
    assert torch.equal(
        torch.cat([digits.train_y, digits.val_y]).bincount(), torch.from_numpy(labels).long().bincount()
    )


def test_split_is_fixed_by_its_seed(digits):
    assert load(DigitsConfig()).digest == digits.digest
    other = load(DigitsConfig(split_seed=1))
    assert other.digest != digits.digest
    assert not torch.equal(other.train_y, digits.train_y)


@pytest.mark.parametrize("part", ["train_x", "train_y", "val_x", "val_y"])
def test_digest_sees_every_part(digits, part):
    parts = {name: getattr(digits, name) for name in ("train_x", "train_y", "val_x", "val_y")}
    parts[part] = parts[part].clone()
    parts[part].view(-1)[-1] += 1
    assert Dataset("digits", **parts, n_classes=10).digest != digits.digest
    assert Dataset("digits", **parts, n_classes=11).digest != Dataset("digits", **parts, n_classes=10).digest


@pytest.mark.parametrize("wrong", [{"split_seed": "0"}, {"split_seed": -1}, {"seed": 0}, {"kind": "mnist"}])
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValidationError):
        DigitsConfig(**wrong)


SCALING = Scaling(mean=(0.5, 0.25), deviation=(0.5, 2.0))


def images(**settings):
    draw = torch.Generator().manual_seed(0)
    x = torch.randint(256, (30, 2, 8, 8), dtype=torch.uint8, generator=draw)
    y = torch.randint(3, (30,), generator=draw)
    return Dataset("images", x[:20], y[:20], x[20:], y[20:], n_classes=3, **{"scaling": SCALING, **settings})


def test_stored_pixels_are_standardised_batch_by_batch():
    data, index = images(), torch.tensor([[3, 0], [19, 3]])
    x, y = data.batch(index)
    assert x.shape == (2, 2, 2, 8, 8)
    expected = data.train_x[index].double() / 255
    expected[:, :, 0], expected[:, :, 1] = (expected[:, :, 0] - 0.5) / 0.5, (expected[:, :, 1] - 0.25) / 2
    torch.testing.assert_close(x.double(), expected, rtol=0, atol=1e-6)
    assert torch.equal(y, data.train_y[index])
    assert torch.equal(data.ready(data.train_x[index]), x)


def test_training_batches_are_resized_and_margins_are_not():
    data = images(train_size=4)
    x, _ = data.batch(torch.tensor([[5]]))
    whole = images().batch(torch.tensor([[5]]))[0]
    expected = functional.interpolate(whole[0], (4, 4), mode="bilinear", antialias=True)
    assert torch.equal(x[0], expected)
    assert data.ready(data.val_x).shape == (10, 2, 8, 8)


def test_digest_sees_how_pixels_become_inputs():
    digests = [
        images(**settings).digest
        for settings in ({}, {"scaling": Scaling((0.5, 0.25), (0.5, 1.0))}, {"train_size": 4})
    ]
    assert len(set(digests)) == 3
    assert images(content_digest="known").digest == "known"


@pytest.mark.parametrize("room", [0, dataset_module.STANDARDISED_ONCE])
def test_moving_to_a_device_keeps_the_digest_and_what_networks_see(monkeypatch, room):
    monkeypatch.setattr(dataset_module, "STANDARDISED_ONCE", room)
    data = images(train_size=4)
    moved = data.to(torch.device("cpu"))
    assert moved.digest == data.digest
    assert moved.train_x.dtype == (torch.float32 if room else torch.uint8)
    assert torch.equal(moved.ready(moved.val_x), data.ready(data.val_x))
    assert torch.equal(moved.batch(torch.tensor([[1]]))[0], data.batch(torch.tensor([[1]]))[0])


def test_points_stay_in_the_hosts_memory_where_another_worker_took_the_devices(monkeypatch):
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (10**9, 10**9))

    def move(self, device):
        if self.dtype != torch.int64:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return self

    monkeypatch.setattr(torch.Tensor, "to", move)
    data = images()
    moved = data.to(torch.device("cuda"))
    assert moved.train_x is data.train_x
    assert moved.device.type == "cuda"


def test_points_too_large_for_a_device_stay_in_the_hosts_memory(monkeypatch):
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (100, 1000))
    taken = []
    monkeypatch.setattr(torch.Tensor, "to", lambda self, device: taken.append(self.dtype) or self)
    moved = images().to(torch.device("cuda"))
    assert set(taken) == {torch.int64}  # labels alone
    assert moved.device.type == "cuda"


def test_points_given_as_arrays_are_tensors_when_looked_at(digits):
    parts = {name: getattr(digits, name) for name in ("train_x", "train_y", "val_x", "val_y")}
    made = Dataset("digits", **{name: part.numpy() for name, part in parts.items()}, n_classes=10)
    assert (made.digest, made.shape, made.n_train, made.n_validation) == (digits.digest, (1, 8, 8), 1437, 360)
    assert (made.labels == digits.labels).all()
    for name, part in parts.items():
        assert torch.equal(getattr(made, name), part)
    assert (made.digest, made.shape, made.n_train, made.n_validation) == (digits.digest, (1, 8, 8), 1437, 360)
    assert made.device == torch.device("cpu")
    assert torch.equal(made.to(made.device).train_x, digits.train_x)
    with pytest.raises(AttributeError, match="Dataset has no such_thing"):
        _ = made.such_thing

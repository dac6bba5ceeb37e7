import pytest
import torch
from pydantic import ValidationError
from sklearn.linear_model import RidgeClassifier
from torch.nn import functional

from ascentcheck.empirics.data import CifarShapedConfig, load


def small(**settings):
    return load(CifarShapedConfig(**{"n_train": 700, "n_validation": 300, **settings}))


def test_shape_classes_and_scale():
    data = small()
    assert data.train_x.shape == (700, 3, 32, 32)
    assert data.val_x.shape == (300, 3, 32, 32)
    assert (data.train_x.dtype, data.train_y.dtype) == (torch.uint8, torch.int64)
    assert data.n_classes == 10
    assert data.train_y.bincount(minlength=10).min() > 40
    seen = data.ready(data.train_x)
    assert seen.dtype == torch.float32
    assert abs(seen.mean()) < 0.3
    assert 0.6 < seen.std() < 1.1


def test_all_follows_from_the_seed_and_a_smaller_set_is_the_beginning_of_a_larger():
    one = small()
    assert small().digest == one.digest
    other = small(seed=1)
    assert not torch.equal(other.train_x, one.train_x)
    assert not torch.equal(other.train_y, one.train_y)
    assert small(noise=10.0).digest != one.digest
    fewer = small(n_train=501)
    assert torch.equal(fewer.train_x, one.train_x[:501])
    assert torch.equal(fewer.train_y, one.train_y[:501])
    assert torch.equal(fewer.val_x, one.val_x)


def test_training_and_validation_points_differ():
    data = small()
    assert not torch.equal(data.train_x[:300], data.val_x)
    assert len(torch.unique(torch.cat([data.train_x, data.val_x]).flatten(1), dim=0)) == 1000


def test_a_linear_classifier_stays_near_chance_and_a_convolution_learns_and_memorises():
    data = load(CifarShapedConfig(n_train=3000, n_validation=1000))
    train_x, val_x = data.ready(data.train_x), data.ready(data.val_x)
    linear = RidgeClassifier(alpha=1e4).fit(train_x.flatten(1).numpy(), data.train_y.numpy())
    assert linear.score(val_x.flatten(1).numpy(), data.val_y.numpy()) < 0.2
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = torch.nn.Sequential(
            torch.nn.Conv2d(3, 32, 9, stride=2, padding=4),
            torch.nn.BatchNorm2d(32),
            torch.nn.ReLU(),
            torch.nn.AdaptiveMaxPool2d(1),
            torch.nn.Flatten(),
            torch.nn.Linear(32, 10),
        )
        optimiser = torch.optim.Adam(net.parameters(), 1e-2)
        for _ in range(5):
            for batch in torch.randperm(3000).split(50):
                optimiser.zero_grad()
                functional.cross_entropy(net(train_x[batch]), data.train_y[batch]).backward()
                optimiser.step()
    net.eval()
    with torch.no_grad():
        train = (net(train_x).argmax(1) == data.train_y).float().mean()
        held_out = (net(val_x).argmax(1) == data.val_y).float().mean()
    assert 0.45 < held_out < 0.9
    assert train > held_out + 0.03


@pytest.mark.parametrize(
    "wrong", [{"n_train": 0}, {"seed": -1}, {"noise": -1.0}, {"noise": 300.0}, {"size": 5}]
)
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValidationError):
        CifarShapedConfig(**wrong)

"""The small study on which every method is tried: 200 digits, three members, half-trained."""

import pytest
import torch

from empirics.data import Dataset
from empirics.ensemble import TrainConfig, member_seeds, train
from empirics.methods import (
    DoNothingConfig,
    FineTuneConfig,
    GaConfig,
    GdaConfig,
    NegGradPlusConfig,
    ScrubConfig,
    StatisticsOnlyConfig,
    unlearn,
)
from empirics.models import Cnn, Mlp

N, EPOCHS = 3, 4
FORGET = torch.arange(0, 200, 8)
RETAIN = torch.tensor([i for i in range(200) if i % 8])
MODELS = {"mlp": Mlp((16, 12), (1, 8, 8), 10), "cnn": Cnn((3, 5), (1, 8, 8), 10)}
METHODS = [
    GaConfig(learning_rate=0.02, batch_size=10),
    GdaConfig(learning_rate=0.01, ascent_epochs=2, forget_batch=10, batch_size=30),
    ScrubConfig(learning_rate=0.005, ascent_epochs=2, forget_batch=10, batch_size=30),
    FineTuneConfig(learning_rate=0.01, batch_size=30),
    NegGradPlusConfig(learning_rate=0.01, retain_weight=0.7, forget_batch=10, batch_size=30),
]
CONTROLS = [DoNothingConfig(), StatisticsOnlyConfig(ascent_epochs=2, forget_batch=10, batch_size=30)]


@pytest.fixture(params=METHODS, ids=lambda config: config.kind)
def method(request):
    """Each method that trains."""
    return request.param


@pytest.fixture(params=METHODS + CONTROLS, ids=lambda config: config.kind)
def any_method(request):
    """Each method and each control."""
    return request.param


@pytest.fixture(scope="session")
def all_methods():
    return METHODS + CONTROLS


@pytest.fixture(params=MODELS)
def kind(request):
    """Each kind of network, by its name."""
    return request.param


@pytest.fixture(scope="session")
def models():
    return MODELS


@pytest.fixture(scope="session")
def forget():
    return FORGET


@pytest.fixture(scope="session")
def retain():
    return RETAIN


@pytest.fixture(scope="session")
def seeds():
    return member_seeds(0, "unlearned", N)


@pytest.fixture(scope="session")
def data(digits):
    some = digits.train_x[:200], digits.train_y[:200]
    return Dataset("some", *some, digits.val_x, digits.val_y, n_classes=10)


@pytest.fixture(scope="session")
def pretrained(data):
    short = TrainConfig(epochs=3, peak_epoch=1, batch_size=20)
    seeds = member_seeds(0, "pretrained", N)
    return {name: train(model, data, torch.arange(200), short, seeds) for name, model in MODELS.items()}


@pytest.fixture(scope="session")
def go(data, pretrained, seeds):
    """Return a function that runs a method and gives its snapshots."""

    def run(config, epochs=(EPOCHS,), kind="mlp", seeds=seeds, start=None, forget=FORGET):
        first = pretrained[kind] if start is None else start
        return list(unlearn(MODELS[kind], data, RETAIN, forget, first, config, seeds, epochs))

    return run


@pytest.fixture(scope="session")
def tensors():
    """Return a function that gives all tensors of a state by name."""
    return lambda state: {**state.parameters, **state.statistics}


@pytest.fixture(scope="session")
def with_():
    """Return a function that gives a copy of the settings with some of them changed."""
    return lambda config, **change: type(config).model_validate({**config.model_dump(), **change})

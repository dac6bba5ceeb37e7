"""The small study on which every method is tried: 200 digits, three members, half-trained."""

import pytest
import torch

from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.ensemble import Checkpoint, TrainConfig, member_seeds, train
from ascentcheck.empirics.margins import margins
from ascentcheck.empirics.methods import (
    DescentAscentConfig,
    DoNothingConfig,
    FineTuneConfig,
    GaConfig,
    GdaConfig,
    NegGradPlusConfig,
    NoisyDescentConfig,
    NpoConfig,
    OracleMatchingConfig,
    Resources,
    RewindConfig,
    ScrubConfig,
    StatisticsOnlyConfig,
    unlearn,
)
from ascentcheck.empirics.models import Cnn, Mlp

N, EPOCHS = 3, 4
FORGET = torch.arange(0, 200, 8)
RETAIN = torch.tensor([i for i in range(200) if i % 8])
TRAIN = TrainConfig(epochs=5, peak_epoch=1, batch_size=20)
MODELS = {"mlp": Mlp((16, 12), (1, 8, 8), 10), "cnn": Cnn((3, 5), (1, 8, 8), 10)}
METHODS = [
    GaConfig(learning_rate=0.02, batch_size=10),
    GdaConfig(learning_rate=0.01, ascent_epochs=2, forget_batch=10, batch_size=30),
    DescentAscentConfig(learning_rate=0.005, forget_batch=10, batch_size=30),
    ScrubConfig(learning_rate=0.005, ascent_epochs=2, forget_batch=10, batch_size=30),
    FineTuneConfig(learning_rate=0.01, batch_size=30),
    NegGradPlusConfig(learning_rate=0.01, retain_weight=0.7, forget_batch=10, batch_size=30),
    NpoConfig(learning_rate=0.02, batch_size=10),
    RewindConfig(rewind_epochs=4, noise=0.01),
    NoisyDescentConfig(learning_rate=0.01, noise=0.01, clip=0.3, batch_size=30),
    OracleMatchingConfig(learning_rate=0.002, retain_share=0.8, forget_batch=10, batch_size=30),
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


def spoilt(state, member):
    """Return a copy with one member broken; the state itself where `member` is None."""
    if member is None:
        return state
    state = state.copy()
    state.parameters["weight0"][member] = torch.nan
    return state


@pytest.fixture(scope="session")
def recipe():
    return TRAIN


@pytest.fixture(scope="session")
def checkpoints(data):
    """Every checkpoint of pretraining, by kind of network and epoch."""
    kept = {name: {} for name in MODELS}
    seeds = member_seeds(0, "pretrained", N)
    for name, model in MODELS.items():
        keep = lambda checkpoint, name=name: kept[name].update({checkpoint.epoch: checkpoint})  # noqa: E731
        train(model, data, torch.arange(200), TRAIN, seeds, keep=keep, keep_at=range(TRAIN.epochs + 1))
    return kept


@pytest.fixture(scope="session")
def pretrained(checkpoints):
    return {name: kept[TRAIN.epochs].state for name, kept in checkpoints.items()}


@pytest.fixture(scope="session")
def oracle_margins(data):
    """Margins of oracles at the training points, by kind of network."""
    seeds = member_seeds(0, "oracles", N)
    states = {name: train(model, data, RETAIN, TRAIN, seeds) for name, model in MODELS.items()}
    return {
        name: torch.from_numpy(margins(MODELS[name], state, data.train_x, data.train_y))
        for name, state in states.items()
    }


@pytest.fixture(scope="session")
def resources(checkpoints, oracle_margins):
    """Return a function that gives what a method uses, if wanted with a broken member."""

    def of(config, kind="mlp", broken=None):
        if config.uses == "oracles":
            return Resources(margins=oracle_margins[kind])
        if config.uses != "checkpoint":
            return None
        checkpoint = checkpoints[kind][TRAIN.epochs - config.rewind_epochs]
        state = spoilt(checkpoint.state, broken)
        return Resources(TRAIN, Checkpoint(checkpoint.epoch, state, checkpoint.velocities))

    return of


@pytest.fixture(scope="session")
def go(data, pretrained, seeds, resources):
    """Return a function that runs a method and gives its snapshots."""

    def run(config, epochs=(EPOCHS,), kind="mlp", seeds=seeds, broken=None, forget=FORGET):
        first = spoilt(pretrained[kind], broken)
        given = resources(config, kind, broken)
        return list(unlearn(MODELS[kind], data, RETAIN, forget, first, config, seeds, epochs, given))

    return run


@pytest.fixture(scope="session")
def tensors():
    """Return a function that gives all tensors of a state by name."""
    return lambda state: {**state.parameters, **state.statistics}


@pytest.fixture(scope="session")
def with_():
    """Return a function that gives a copy of the settings with some of them changed."""
    return lambda config, **change: type(config).model_validate({**config.model_dump(), **change})

"""The small study on which every method is tried: 200 digits, three members, half-trained."""

from typing import get_args

import pytest
import torch

from ascentcheck.empirics.contract.bench import EPOCHS, FORGET, MODELS, RETAIN, SEEDS, TRAIN, bench, example
from ascentcheck.empirics.ensemble import Checkpoint
from ascentcheck.empirics.methods import MethodConfig, Resources, unlearn

KINDS = get_args(get_args(MethodConfig)[0])
METHODS = [example(kind) for kind in KINDS if kind.moves == "parameters"]
CONTROLS = [example(kind) for kind in KINDS if kind.moves != "parameters"]


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
    return SEEDS


@pytest.fixture(scope="session")
def data():
    return bench("mlp").data


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
def checkpoints():
    """Every checkpoint of pretraining, by kind of network and epoch."""
    return {name: bench(name).checkpoints for name in MODELS}


@pytest.fixture(scope="session")
def pretrained():
    return {name: bench(name).pretrained for name in MODELS}


@pytest.fixture(scope="session")
def oracle_margins():
    """Margins of oracles at the training points, by kind of network."""
    return {name: bench(name).wanted for name in MODELS}


@pytest.fixture(scope="session")
def resources(checkpoints):
    """Return a function that gives what a method uses, if wanted with a broken member."""

    def of(config, kind="mlp", broken=None):
        if config.uses == "oracles":
            return Resources(margins=bench(kind).wanted)
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

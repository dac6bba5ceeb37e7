"""What the tests of networks share: the digits, and one member written as an ordinary PyTorch module."""

import pytest
import torch
from torch import nn

from empirics.data import DigitsConfig, load
from empirics.models import Mlp

torch.set_num_threads(1)  # two threads beside a busy neighbour are many times slower than one


@pytest.fixture(scope="session")
def digits():
    return load(DigitsConfig())


@pytest.fixture(scope="session")
def as_module():
    """Return a function that copies one member of a perceptron or convolutional ensemble into a module."""

    def copy(model, state, member):
        layers = [nn.Flatten()] if isinstance(model, Mlp) else []
        for i in range(len([name for name in state.parameters if name.startswith("gain")])):
            weight = state.parameters[f"weight{i}"][member]
            out, fan_in = weight.shape[:2]
            if isinstance(model, Mlp):
                layers += [nn.Linear(fan_in, out, bias=False), nn.BatchNorm1d(out), nn.ReLU()]
            else:
                stride = 1 if i == 0 else 2
                convolution = nn.Conv2d(fan_in, out, 3, stride, padding=1, bias=False)
                layers += [convolution, nn.BatchNorm2d(out), nn.ReLU()]
        if not isinstance(model, Mlp):
            layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        module = nn.Sequential(*layers, nn.Linear(*state.parameters["head_weight"][member].T.shape))
        values = [tensor[member] for tensor in state.parameters.values()]
        norms = [layer for layer in layers if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d)]
        with torch.no_grad():
            for parameter, value in zip(module.parameters(), values, strict=True):
                parameter.copy_(value)
            for i, norm in enumerate(norms):
                norm.running_mean.copy_(state.statistics[f"mean{i}"][member])
                norm.running_var.copy_(state.statistics[f"var{i}"][member])
        return module

    return copy


@pytest.fixture(scope="session")
def assert_same_member(as_module):
    """Return a function that compares member and module: parameters and running statistics."""

    def compare(model, state, member, module, **tolerance):
        expected = as_module(model, state, member).state_dict()
        for name, value in module.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                torch.testing.assert_close(
                    value, expected[name], **tolerance, msg=lambda m, n=name: f"{n}: {m}"
                )

    return compare

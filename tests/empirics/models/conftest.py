"""The residual networks as one would write them for a single model, and one member of an ensemble as such a module."""

import pytest
import torch
from torch import nn

from ascentcheck.empirics.models import ResNet9


def convolution(before, out, size=3, stride=1, padding=1):
    return nn.Sequential(
        nn.Conv2d(before, out, size, stride, padding, bias=False), nn.BatchNorm2d(out), nn.ReLU()
    )


class Added(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


class Scaled(nn.Linear):
    def forward(self, x):
        return 0.2 * super().forward(x)


def resnet9(model):
    w = model.width
    return nn.Sequential(
        convolution(model.shape[0], w),
        convolution(w, 2 * w, 5, 2, 2),
        Added(convolution(2 * w, 2 * w), convolution(2 * w, 2 * w)),
        convolution(2 * w, 4 * w),
        nn.MaxPool2d(2),
        Added(convolution(4 * w, 4 * w), convolution(4 * w, 4 * w)),
        convolution(4 * w, 2 * w, padding=0),
        nn.AdaptiveMaxPool2d(1),
        nn.Flatten(),
        Scaled(2 * w, model.n_classes, bias=False),
    )


class Block(nn.Module):
    def __init__(self, before, out, stride):
        super().__init__()
        self.shortcut = convolution(before, out, 1, stride, 0)[:2] if stride > 1 else nn.Identity()
        self.inner = nn.Sequential(convolution(before, out, stride=stride), convolution(out, out)[:2])

    def forward(self, x):
        return nn.functional.relu(self.shortcut(x) + self.inner(x))


def resnet18(model):
    w = model.width
    blocks = [
        block
        for before, out, stride in ((w, w, 1), (w, 2 * w, 2), (2 * w, 4 * w, 2), (4 * w, 8 * w, 2))
        for block in (Block(before, out, stride), Block(out, out, 1))
    ]
    return nn.Sequential(
        convolution(model.shape[0], w, 7, 2, 3),
        nn.MaxPool2d(3, 2, 1),
        *blocks,
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(8 * w, model.n_classes),
    )


@pytest.fixture(scope="session")
def plain_module():
    """Return a function that copies one member of a residual ensemble into a plain module."""

    def copy(model, state, member):
        module = (resnet9 if isinstance(model, ResNet9) else resnet18)(model).to(
            state.parameters["head_weight"].dtype
        )
        norms = [layer for layer in module.modules() if isinstance(layer, nn.BatchNorm2d)]
        values = [tensor[member] for tensor in state.parameters.values()]
        with torch.no_grad():
            for parameter, value in zip(module.parameters(), values, strict=True):
                parameter.copy_(value)
            for i, norm in enumerate(norms):
                norm.running_mean.copy_(state.statistics[f"mean{i}"][member])
                norm.running_var.copy_(state.statistics[f"var{i}"][member])
        return module

    return copy


@pytest.fixture(scope="session")
def assert_member_is():
    """Return a function that compares a member's parameters and statistics, or their gradients, with a module's."""

    def compare(state, member, module, **tolerance):
        for (name, value), plain in zip(state.parameters.items(), module.parameters(), strict=True):
            torch.testing.assert_close(
                value[member], plain, **tolerance, msg=lambda m, n=name: f"{n}: {m}", check_dtype=True
            )
        norms = [layer for layer in module.modules() if isinstance(layer, nn.BatchNorm2d)]
        assert len(state.statistics) == 2 * len(norms)
        for i, norm in enumerate(norms):
            torch.testing.assert_close(state.statistics[f"mean{i}"][member], norm.running_mean, **tolerance)
            torch.testing.assert_close(state.statistics[f"var{i}"][member], norm.running_var, **tolerance)

    return compare

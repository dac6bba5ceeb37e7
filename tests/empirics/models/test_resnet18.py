import pytest
import torch
from pydantic import TypeAdapter, ValidationError

from ascentcheck.empirics.models import ModelConfig, ResNet18, ResNet18Config, build
from ascentcheck.theory.console import UserError


@pytest.mark.parametrize("n_classes", [17, 1000])
def test_parameters_of_the_standard_network(n_classes):
    state = build(ResNet18Config(), (3, 160, 160), n_classes).init([0])
    head = 512 * n_classes + n_classes
    assert sum(p.numel() for p in state.parameters.values()) == 11_176_512 + head
    assert len([name for name in state.parameters if name.startswith("weight")]) == 20
    assert len(state.statistics) == 40


def test_shortcuts_that_halve_are_convolutions_of_one_pixel():
    parameters = ResNet18(4, (3, 32, 32), 10).init([0]).parameters
    shapes = {name: tuple(p.shape[1:]) for name, p in parameters.items() if name.startswith("weight")}
    small = {name: shape for name, shape in shapes.items() if shape[-1] == 1}
    assert small == {"weight5": (8, 4, 1, 1), "weight10": (16, 8, 1, 1), "weight15": (32, 16, 1, 1)}
    assert shapes["weight0"] == (4, 3, 7, 7)


@pytest.mark.parametrize("size", [(1, 1), (5, 9), (32, 32), (50, 33)])
def test_images_of_any_size(size):
    model = build(ResNet18Config(width=2), (3, *size), 4)
    state = model.init([1, 2])
    x = torch.randn(3, 3, *size, generator=torch.Generator().manual_seed(0))
    assert model.forward(state, x, "train")[0].isfinite().all()
    features = model.features(state, x)
    assert features.shape == (2, 3, 16)
    expected = features @ state.parameters["head_weight"].mT + state.parameters["head_bias"][:, None]
    torch.testing.assert_close(model.forward(state, x, "eval")[0], expected)


def test_a_network_trained_at_one_size_is_evaluated_at_another():
    model = ResNet18(2, (3, 20, 20), 4)
    assert model.forward(model.init([0]), torch.zeros(2, 3, 28, 28), "eval")[0].shape == (1, 2, 4)


def test_settings():
    read = TypeAdapter(ModelConfig).validate_python
    assert build(read({"kind": "resnet18"}), (3, 160, 160), 17) == ResNet18(64, (3, 160, 160), 17)
    with pytest.raises(UserError, match="resnet18 needs points of shape"):
        build(ResNet18Config(), (64,), 10)
    with pytest.raises(ValidationError):
        read({"kind": "resnet18", "width": 0})

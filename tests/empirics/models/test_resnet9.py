import pytest
import torch
from pydantic import TypeAdapter, ValidationError

from ascentcheck.empirics.models import ModelConfig, ResNet9, ResNet9Config, build
from ascentcheck.theory.console import UserError


def test_parameters_of_the_paper():
    state = build(ResNet9Config(), (3, 32, 32), 10).init([0])
    assert sum(p.numel() for p in state.parameters.values()) == 2_274_880
    shapes = [tuple(state.parameters[f"weight{i}"].shape[1:]) for i in range(8)]
    assert shapes == [
        (64, 3, 3, 3),
        (128, 64, 5, 5),
        (128, 128, 3, 3),
        (128, 128, 3, 3),
        (256, 128, 3, 3),
        (256, 256, 3, 3),
        (256, 256, 3, 3),
        (128, 256, 3, 3),
    ]
    assert not [name for name in state.parameters if name.endswith("bias")]


def test_logits_are_a_fifth_of_the_head():
    model = ResNet9(4, (3, 12, 12), 10)
    state = model.init([1, 2])
    x = torch.randn(5, 3, 12, 12, generator=torch.Generator().manual_seed(0))
    features = model.features(state, x)
    assert features.shape == (2, 5, 8)
    expected = 0.2 * features @ state.parameters["head_weight"].mT
    torch.testing.assert_close(model.forward(state, x, "eval")[0], expected)


def test_where_maxima_tie_one_place_gets_the_gradient(plain_module):
    """Without weights the last convolution is the same everywhere; PyTorch's pooling takes one of its places."""
    model = ResNet9(4, (3, 24, 24), 10)
    state = model.init([0])
    state.parameters["shift7"].fill_(1.0)
    weight = state.parameters["weight7"].zero_().requires_grad_()
    module = plain_module(model, state, 0).eval()
    x = torch.randn(2, 3, 24, 24, generator=torch.Generator().manual_seed(0))
    (10 * model.forward(state, x, "eval")[0]).square().sum().backward()
    (10 * module(x)).square().sum().backward()
    assert weight.grad.abs().max() > 0.01
    torch.testing.assert_close(weight.grad[0], module[6][0].weight.grad)


def test_images_that_are_too_small_are_refused():
    for shape in ((3, 11, 11), (1, 11, 40)):
        model = build(ResNet9Config(width=2), shape, 10)
        assert model.forward(model.init([0]), torch.zeros(2, *shape), "eval")[0].shape == (1, 2, 10)
    for shape in ((3, 10, 32), (3, 32, 10)):
        with pytest.raises(UserError, match=r"resnet9 needs images of at least 11 × 11, not \d+ × \d+"):
            build(ResNet9Config(), shape, 10)
        model = ResNet9(2, shape, 10)
        with pytest.raises(RuntimeError):
            model.forward(model.init([0]), torch.zeros(2, *shape), "eval")
    with pytest.raises(UserError, match="resnet9 needs points of shape"):
        build(ResNet9Config(), (64,), 10)


def test_settings():
    read = TypeAdapter(ModelConfig).validate_python
    assert build(read({"kind": "resnet9"}), (3, 32, 32), 10) == ResNet9(64, (3, 32, 32), 10)
    assert build(read({"kind": "resnet9", "width": 8}), (1, 28, 28), 3) == ResNet9(8, (1, 28, 28), 3)
    for wrong in ({"width": 0}, {"width": 64.0}, {"channels": [64]}):
        with pytest.raises(ValidationError):
            read({"kind": "resnet9", **wrong})

import pytest
import torch
from pydantic import TypeAdapter, ValidationError
from torch import nn

from ascentcheck.empirics.models import Cnn, CnnConfig, Mlp, MlpConfig, ModelConfig, build, layers
from ascentcheck.theory.console import UserError

STRIDED = Cnn((3, 5), (2, 9, 6), 4, first_kernel=5, first_stride=2, head="flatten")
MODELS = [Mlp((12, 7), (1, 8, 8), 10), Cnn((3, 5), (1, 8, 8), 10), Cnn((8, 16, 4), (2, 8, 8), 4), STRIDED]
both_models = pytest.mark.parametrize("model", MODELS, ids=repr)


def batch(model, *size, seed=0):
    return torch.randn(*size, *model.shape, generator=torch.Generator().manual_seed(seed))


@both_models
@pytest.mark.parametrize("mode", ["train", "eval"])
def test_a_member_is_the_ordinary_module(model, mode, as_module, assert_same_member):
    state = model.init([1, 2, 3])
    for statistic in state.statistics.values():
        statistic.uniform_(0.5, 1.5, generator=torch.Generator().manual_seed(0))
    x = batch(model, 3, 6)
    logits, statistics = model.forward(state, x, mode)
    assert logits.shape == (3, 6, model.n_classes)
    for member in range(3):
        module = as_module(model, state, member).train(mode == "train")
        torch.testing.assert_close(logits[member], module(x[member]), rtol=1e-4, atol=1e-5)
        moved = type(state)(state.parameters, statistics)
        assert_same_member(model, moved, member, module, rtol=1e-4, atol=1e-6)


@both_models
@pytest.mark.parametrize("mode", ["train", "eval"])
def test_gradients_are_those_of_the_ordinary_module(model, mode, as_module):
    state = model.init([1, 2])
    x = batch(model, 2, 6)
    for parameter in state.parameters.values():
        parameter.requires_grad_()
    weights = torch.randn(2, 6, model.n_classes)
    (model.forward(state, x, mode)[0] * weights).sum().backward()
    for member in range(2):
        module = as_module(model, state, member).train(mode == "train")
        (module(x[member]) * weights[member]).sum().backward()
        for mine, plain in zip(state.parameters.values(), module.parameters(), strict=True):
            torch.testing.assert_close(mine.grad[member], plain.grad, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_layers_pass_a_gradient_check(mode):
    generator = torch.Generator().manual_seed(0)

    def draw(*shape):
        return torch.randn(*shape, dtype=torch.float64, generator=generator)

    x, weight, z = draw(2, 5, 3), draw(2, 4, 3), draw(2, 5, 4)
    gain, shift, bias, mean, var = draw(2, 4), draw(2, 4), draw(2, 4), draw(2, 4), draw(2, 4).exp()
    for tensor in (x, weight, z, gain, shift, bias):
        tensor.requires_grad_()

    def normalised(z, gain, shift):
        return layers.normalise_relu(z, gain, shift, mean, var, mode)[0]

    assert torch.autograd.gradcheck(layers.linear, (x, weight))
    assert torch.autograd.gradcheck(layers.head, (x, weight, bias))
    assert torch.autograd.gradcheck(normalised, (z, gain, shift), check_undefined_grad=False)


@both_models
@pytest.mark.parametrize("mode", ["train", "eval"])
def test_points_may_be_shared_by_the_members(model, mode):
    state = model.init([1, 2, 3])
    x = batch(model, 6)
    shared, statistics = model.forward(state, x, mode)
    own, own_statistics = model.forward(state, x.expand(3, *x.shape), mode)
    torch.testing.assert_close(shared, own)
    torch.testing.assert_close(statistics, own_statistics)


@both_models
def test_forward_changes_nothing_in_place(model):
    state = model.init([1, 2])
    before = state.copy()
    _, moved = model.forward(state, batch(model, 2, 6), "train")
    _, kept = model.forward(state, batch(model, 2, 6), "eval")
    torch.testing.assert_close(state.statistics, before.statistics, rtol=0, atol=0)
    torch.testing.assert_close(kept, before.statistics, rtol=0, atol=0)
    assert all(not torch.equal(moved[name], before.statistics[name]) for name in moved)


@both_models
def test_the_head_is_linear_in_the_features(model):
    state = model.init([1, 2])
    x = batch(model, 6)
    weight, bias = state.parameters["head_weight"], state.parameters["head_bias"]
    logits = model.features(state, x) @ weight.mT + bias[:, None]
    torch.testing.assert_close(model.forward(state, x, "eval")[0], logits)


@both_models
@pytest.mark.parametrize("mode", ["train", "eval"])
def test_a_batch_of_one_gives_finite_numbers(model, mode):
    state = model.init([1, 2])
    for parameter in state.parameters.values():
        parameter.requires_grad_()
    logits, statistics = model.forward(state, batch(model, 2, 1), mode)
    logits.sum().backward()
    for tensor in (logits, *statistics.values(), *(p.grad for p in state.parameters.values())):
        assert tensor.isfinite().all()


@pytest.mark.parametrize("width", [1, 3, 4, 8, 16])
@pytest.mark.parametrize("kind", [Mlp, Cnn])
@pytest.mark.parametrize("value", [torch.nan, torch.inf])
def test_a_broken_member_harms_no_other(kind, width, value):
    model = kind((width, width), (1, 8, 8), 10)
    x = batch(model, 4, 6)
    results = []
    for broken in (False, True):
        state = model.init([1, 2, 3, 4])
        if broken:
            state.parameters["weight0"][1] = value
        for parameter in state.parameters.values():
            parameter.requires_grad_()
        logits, statistics = model.forward(state, x, "train")
        logits.square().sum().backward()
        gradients = [parameter.grad for parameter in state.parameters.values()]
        results.append([logits, *statistics.values(), *gradients])
    for sound, beside in zip(*results, strict=True):
        assert torch.equal(sound[[0, 2, 3]], beside[[0, 2, 3]])
    assert not results[1][0][1].isfinite().any()


@both_models
def test_initial_weights_depend_on_the_seed_alone(model):
    together, alone = model.init([5, 6, 7]), model.init([6])
    for name, value in together.parameters.items():
        assert torch.equal(value[1:2], alone.parameters[name])
    assert not torch.equal(together.parameters["weight0"][0], together.parameters["weight0"][1])


def test_initial_weights_have_the_spread_of_pytorch_defaults():
    weight = Mlp((400,), (100,), 10).init([0]).parameters["weight0"]
    plain = nn.Linear(100, 400).weight
    assert weight.abs().max() <= 0.1
    torch.testing.assert_close(weight.std(), plain.std(), rtol=0.02, atol=0)


def test_members_are_copies():
    state = MODELS[0].init([1, 2, 3])
    part = state.members(slice(1, 3))
    assert (state.n_members, part.n_members) == (3, 2)
    part.parameters["weight0"].zero_()
    assert state.parameters["weight0"].abs().sum() > 0


def test_build_from_settings():
    read = TypeAdapter(ModelConfig).validate_python
    assert build(read({"kind": "mlp", "hidden": [5]}), (64,), 3) == Mlp((5,), (64,), 3)
    assert build(read({"kind": "cnn", "channels": [5]}), (1, 8, 8), 3) == Cnn((5,), (1, 8, 8), 3)
    settings = {"channels": [3, 5], "first_kernel": 5, "first_stride": 2, "head": "flatten"}
    assert build(read({"kind": "cnn", **settings}), (2, 9, 6), 4) == STRIDED
    assert build(MlpConfig(), (1, 8, 8), 10).hidden == (64, 64)
    with pytest.raises(UserError, match="cnn needs points of shape"):
        build(CnnConfig(), (64,), 10)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "mlp", "hidden": []},
        {"kind": "mlp", "hidden": [0]},
        {"kind": "mlp", "hidden": ["64"]},
        {"kind": "mlp", "hidden": [64.0]},
        {"kind": "mlp", "channels": [8]},
        {"kind": "cnn", "first_kernel": 4},
        {"kind": "cnn", "first_stride": 3},
        {"kind": "cnn", "head": "max"},
        {"kind": "resnet"},
        {"hidden": [64]},
    ],
)
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValidationError):
        TypeAdapter(ModelConfig).validate_python(wrong)

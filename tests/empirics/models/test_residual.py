import pytest
import torch

from ascentcheck.empirics.ensemble import Sgd, cross_entropy
from ascentcheck.empirics.models import ResNet9, ResNet18, State
from ascentcheck.empirics.models.residual import Member

MODELS = [
    ResNet9(4, (3, 16, 16), 10),
    ResNet9(3, (2, 11, 14), 4),
    ResNet18(4, (3, 16, 16), 5),
    ResNet18(2, (1, 34, 40), 3),
]
every_model = pytest.mark.parametrize("model", MODELS, ids=repr)


def batch(model, *size, seed=0, **kind):
    return torch.randn(*size, *model.shape, generator=torch.Generator().manual_seed(seed), **kind)


def trainable(state, dtype=torch.float32):
    parameters = {name: value.to(dtype).requires_grad_() for name, value in state.parameters.items()}
    return State(parameters, {name: value.to(dtype) for name, value in state.statistics.items()})


@every_model
@pytest.mark.parametrize("mode", ["train", "eval"])
def test_a_member_is_the_plain_module_in_logits_gradients_and_statistics(
    model, mode, plain_module, assert_member_is
):
    start = model.init([1, 2])
    for statistic in start.statistics.values():
        statistic.uniform_(0.5, 1.5, generator=torch.Generator().manual_seed(0))
    state = trainable(start, torch.float64)
    modules = [plain_module(model, state, member).train(mode == "train") for member in range(2)]
    x, weights = batch(model, 2, 6, dtype=torch.float64), torch.randn(2, 6, model.n_classes).double()
    logits, statistics = model.forward(state, x, mode)
    (logits * weights).sum().backward()
    gradients = State({name: p.grad for name, p in state.parameters.items()}, statistics)
    for member, module in enumerate(modules):
        plain = module(x[member])
        torch.testing.assert_close(logits[member], plain, rtol=1e-10, atol=1e-12)
        (plain * weights[member]).sum().backward()
        for p in module.parameters():
            p.data = p.grad
        assert_member_is(gradients, member, module, rtol=1e-8, atol=1e-11)


@every_model
def test_three_steps_of_sgd_are_those_of_the_plain_module(model, plain_module, assert_member_is):
    state = trainable(model.init([1, 2]), torch.float64)
    modules = [plain_module(model, state, member).train() for member in range(2)]
    ours = Sgd(state.parameters.values(), 0.9, 5e-4)
    theirs = [torch.optim.SGD(m.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4) for m in modules]
    y = torch.arange(12).view(2, 6) % model.n_classes
    for step in range(3):
        x = batch(model, 2, 6, seed=step, dtype=torch.float64)
        logits, statistics = model.forward(state, x, "train")
        cross_entropy(logits, y).sum().backward()
        ours.step(0.05)
        state = State(state.parameters, statistics)
        for member, module in enumerate(modules):
            theirs[member].zero_grad()
            torch.nn.functional.cross_entropy(module(x[member]), y[member]).backward()
            theirs[member].step()
    for member, module in enumerate(modules):
        assert_member_is(state, member, module, rtol=1e-8, atol=1e-11)


def test_the_comparison_sees_a_wrong_network(plain_module, assert_member_is):
    model = MODELS[0]
    state = model.init([1, 2])
    module = plain_module(model, state, 0)
    assert_member_is(state, 0, module)
    with pytest.raises(AssertionError, match="weight0"):
        assert_member_is(state, 1, module)
    next(iter(state.statistics.values()))[0, 0] += 1e-3
    with pytest.raises(AssertionError):
        assert_member_is(state, 0, module)


@every_model
@pytest.mark.parametrize("mode", ["train", "eval"])
def test_points_may_be_shared_and_channels_last(model, mode):
    state = model.init([1, 2, 3])
    x = batch(model, 6)
    shared, statistics = model.forward(state, x, mode)
    own, own_statistics = model.forward(state, x.expand(3, *x.shape), mode)
    assert torch.equal(shared, own)
    torch.testing.assert_close(statistics, own_statistics, rtol=0, atol=0)
    last, last_statistics = model.forward(state, x.contiguous(memory_format=torch.channels_last), mode)
    torch.testing.assert_close(last, shared, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(last_statistics, statistics, rtol=1e-4, atol=1e-5)


@every_model
def test_forward_changes_nothing_in_place(model):
    state = model.init([1, 2])
    before, x = state.copy(), batch(model, 2, 6)
    given = x.clone()
    _, moved = model.forward(state, x, "train")
    _, kept = model.forward(state, x, "eval")
    assert torch.equal(x, given)
    for part in ("parameters", "statistics"):
        torch.testing.assert_close(getattr(state, part), getattr(before, part), rtol=0, atol=0)
    assert all(kept[name] is value for name, value in state.statistics.items())
    assert all(not torch.equal(moved[name], value) for name, value in before.statistics.items())


@every_model
@pytest.mark.parametrize("value", [torch.nan, torch.inf])
@pytest.mark.parametrize("mode", ["train", "eval"])
def test_a_broken_member_harms_no_other(model, value, mode):
    x, results = batch(model, 3, 5), []
    for broken in (False, True):
        start = model.init([1, 2, 3])
        if broken:
            start.parameters["weight0"][1] = value
        state = trainable(start)
        logits, statistics = model.forward(state, x, mode)
        logits.square().sum().backward()
        gradients = [parameter.grad for parameter in state.parameters.values()]
        results.append([logits, *statistics.values(), *gradients])
    for sound, beside in zip(*results, strict=True):
        assert torch.equal(sound[[0, 2]], beside[[0, 2]])
    assert not results[1][0][1].isfinite().any()


@every_model
def test_a_member_beside_others_is_the_member_alone(model):
    together, alone = model.init([5, 6, 7]), model.init([6])
    for name, value in together.parameters.items():
        assert torch.equal(value[1:2], alone.parameters[name])
    assert not torch.equal(together.parameters["weight0"][0], together.parameters["weight0"][1])
    x = batch(model, 4)
    assert torch.equal(model.forward(together, x, "train")[0][1:2], model.forward(alone, x, "train")[0])


@every_model
@pytest.mark.parametrize("mode", ["train", "eval"])
def test_mixed_precision_is_that_of_the_plain_module_with_a_head_in_float32(model, mode, plain_module):
    state = trainable(model.init([1, 2]))
    modules = [plain_module(model, state, member).train(mode == "train") for member in range(2)]
    x = batch(model, 2, 8)
    with torch.autocast("cpu", torch.bfloat16):
        logits, statistics = model.forward(state, x, mode)
        features = [module[:-1](points) for module, points in zip(modules, x, strict=True)]
    logits.square().sum().backward()
    kept = [logits, *statistics.values(), *(p.grad for p in state.parameters.values())]
    assert {tensor.dtype for tensor in kept} == {torch.float32}
    assert all(tensor.isfinite().all() for tensor in kept)
    assert features[0].dtype == torch.bfloat16
    for member, module in enumerate(modules):
        expected = module[-1](features[member].float())
        # Only the average over places may be rounded in another order, by one unit of bfloat16: 2^-8.
        scale = float(features[member].detach().abs().max())
        torch.testing.assert_close(logits[member], expected, rtol=0, atol=2**-8 * scale)
        moved = plain_module(model, State(state.parameters, statistics), member).state_dict()
        for name, value in module.state_dict().items():
            if "running" in name:
                torch.testing.assert_close(moved[name], value)
    assert not torch.equal(logits, model.forward(state, x, mode)[0])


@pytest.mark.parametrize(
    "model", [ResNet9(4, (3, 11, 11), 10), ResNet18(4, (3, 8, 8), 10)], ids=["resnet9", "resnet18"]
)
def test_one_value_per_channel_has_variance_zero(model):
    """A single image whose last convolution is 1 × 1: PyTorch's batch norm refuses it in training."""
    state = trainable(model.init([1, 2]))
    logits, statistics = model.forward(state, batch(model, 2, 1), "train")
    logits.sum().backward()
    for tensor in (logits, *statistics.values(), *(p.grad for p in state.parameters.values())):
        assert tensor.isfinite().all()
    last = f"var{len(state.statistics) // 2 - 1}"
    torch.testing.assert_close(statistics[last], 0.9 * state.statistics[last])


def test_one_value_per_channel_by_hand():
    z = torch.tensor([[[[3.0]], [[-1.0]]]])
    parameters = {"weight0": torch.eye(2)[:, :, None, None], "gain0": torch.ones(2), "shift0": torch.ones(2)}
    statistics = {"mean0": torch.zeros(2), "var0": torch.ones(2)}
    out = Member(parameters, statistics, "train").convolve(0, z, padding=0)
    assert out.flatten().tolist() == [1.0, 1.0]
    torch.testing.assert_close(statistics["mean0"], torch.tensor([0.3, -0.1]))
    torch.testing.assert_close(statistics["var0"], torch.tensor([0.9, 0.9]))


@pytest.mark.parametrize("size", [1, 3, 5, 7])
def test_a_strided_convolution_of_one_column_has_its_gradient_in_bfloat16(size):
    """It does not where PyTorch's kernel is given the column alone; what was in memory before may come out."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(8, 32, 4, 1, generator=generator)
    weight = torch.randn(32, 32, size, size, generator=generator).requires_grad_()
    parameters = {"weight0": weight, "gain0": torch.ones(32), "shift0": torch.zeros(32)}
    statistics = {"mean0": torch.zeros(32), "var0": torch.ones(32)}
    gradients = []
    for enabled in (False, True):
        torch.full_like(weight, torch.nan)
        with torch.autocast("cpu", torch.bfloat16, enabled=enabled):
            out = Member(parameters, statistics, "eval").convolve(0, x, stride=2, padding=size // 2)
        assert out.shape == (8, 32, 2, 1)
        out.float().sum().backward()
        gradients.append(weight.grad)
        weight.grad = None
    scale = float(gradients[0].abs().max())
    torch.testing.assert_close(gradients[1], gradients[0], rtol=0, atol=2**-7 * scale)  # two roundings

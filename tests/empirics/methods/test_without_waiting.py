"""No step waits for the device, or sends it anything: training and unlearning run on PyTorch's device `meta`, on which
there are no numbers to ask for, and all that leaves the host is sent once an epoch.
"""

from contextlib import nullcontext

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from ascentcheck.empirics import ensemble, randomness
from ascentcheck.empirics.data import CifarShapedConfig, load
from ascentcheck.empirics.ensemble import Checkpoint, TrainConfig, member_seeds
from ascentcheck.empirics.methods import Resources, unlearn
from ascentcheck.empirics.models import Cnn, Mlp, ResNet9, ResNet18

META = torch.device("meta")
SEEDS = member_seeds(0, "member", 2)
MODELS = {
    "mlp": Mlp((4,), (3, 32, 32), 10),
    "cnn": Cnn((2, 2), (3, 32, 32), 10),
    "resnet9": ResNet9(2, (3, 32, 32), 10),
    "resnet18": ResNet18(2, (3, 32, 32), 10),
}


class Sent(TorchDispatchMode):
    """Counts what goes from the host to the device, scalars aside: those are arguments of a launch."""

    def __init__(self):
        super().__init__()
        self.times = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        given = [t for t in tree_leaves((args, kwargs)) if isinstance(t, torch.Tensor)]
        made = [t for t in tree_leaves(out) if isinstance(t, torch.Tensor)]
        self.times += any(t.device != META and t.ndim for t in given) and any(t.device == META for t in made)
        return out


@pytest.fixture(autouse=True)
def on_meta(monkeypatch):
    """What `meta` lacks: mixed precision and a generator; and `torch.tensor`, which no mode sees, counts as sent."""
    made = torch.tensor

    def tensor(*args, device=None, **named):
        return made(*args, **named) if device is None else made(*args, **named).to(device)

    monkeypatch.setattr(torch, "autocast", lambda *args, **named: nullcontext())
    monkeypatch.setattr(torch, "tensor", tensor)
    monkeypatch.setattr(
        randomness,
        "_by_device",
        lambda seeds, use, device: lambda n: torch.zeros(len(seeds), n, device=device),
    )


@pytest.fixture
def images():
    """Return images on the device, after a first batch: what is sent once for a data set is there."""
    data = load(CifarShapedConfig(n_train=64, n_validation=4)).to(META)
    data.ready(data.train_x[:1])
    return data


def sent(function):
    with Sent() as counted:
        function()
    return counted.times


def trained(model, data, batch_size, epochs=1):
    config = TrainConfig(epochs=epochs, peak_epoch=0.5, batch_size=batch_size)
    return ensemble.train(model, data, torch.arange(64), config, SEEDS)


@pytest.mark.parametrize("name", MODELS)
def test_training_sends_as_much_with_few_batches_as_with_many(name, images):
    few, many = (sent(lambda size=size: trained(MODELS[name], images, size)) for size in (32, 16))
    assert few == many
    one_more = sent(lambda: trained(MODELS[name], images, 32, epochs=2))
    assert one_more - many == 1  # the order of an epoch


def test_every_method_does(images, all_methods):
    data, model = images, MODELS["resnet9"]
    start = model.init(SEEDS).to(META)
    velocities = {name: torch.zeros_like(p) for name, p in start.parameters.items()}

    def run(method, forget, retain):
        train = TrainConfig(epochs=5, peak_epoch=1, batch_size=16)
        resources = Resources(train, Checkpoint(1, start, velocities), torch.zeros(2, 64, device=META))
        parts = torch.arange(forget, forget + retain), torch.arange(forget)
        list(unlearn(model, data, *parts, start, method, SEEDS, [2], resources))

    for method in all_methods:
        few, many = sent(lambda m=method: run(m, 8, 24)), sent(lambda m=method: run(m, 16, 48))
        assert few == many, method.kind


def test_a_loop_that_asks_or_sends_is_noticed(images):
    data, model = images, MODELS["mlp"]

    class Asking(Mlp):
        def forward(self, state, x, mode):
            if float(x.mean()) > 0:
                raise AssertionError
            return super().forward(state, x, mode)

    class Sending(Mlp):
        def forward(self, state, x, mode):
            return super().forward(state, x + torch.tensor([0.5], device=x.device), mode)

    asking, sending = (kind((4,), (3, 32, 32), 10) for kind in (Asking, Sending))
    with pytest.raises((RuntimeError, NotImplementedError), match=r"meta"):
        trained(asking, data, 32)
    assert sent(lambda: trained(sending, data, 8)) == sent(lambda: trained(model, data, 8)) + 8


def test_a_member_of_the_device_draws_its_own_numbers(monkeypatch):
    monkeypatch.undo()
    cpu = torch.device("cpu")
    draw = randomness._by_device(SEEDS, "noise", cpu)
    first, second = draw(4000), draw(4000)
    assert first.shape == (2, 4000)
    alone = randomness._by_device(SEEDS[1:], "noise", cpu)
    assert torch.equal(alone(4000)[0], first[1])
    assert torch.equal(alone(4000)[0], second[1])
    drawn = torch.cat([first, second])
    assert torch.corrcoef(drawn).sub(torch.eye(4)).abs().max() < 0.08  # five standard deviations
    assert not torch.equal(randomness._by_device(SEEDS, "order", cpu)(4000), first)
    assert abs(float(drawn.mean())) < 0.04
    assert abs(float(drawn.std()) - 1) < 0.04

"""What only a card can show: captured steps, the compiled network, mixed precision, a study on it."""

import numpy as np
import pytest
import torch

from ascentcheck.empirics.data import CifarShapedConfig, load
from ascentcheck.empirics.device import described, find_device
from ascentcheck.empirics.ensemble import TrainConfig, member_seeds, train
from ascentcheck.empirics.margins import margins
from ascentcheck.empirics.methods import DescentAscentConfig, GaConfig, GdaConfig, NegGradPlusConfig, unlearn
from ascentcheck.empirics.models import ResNet9, State
from ascentcheck.empirics.step import WARM, Sgd, Step

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no card")
CARD, SEEDS = torch.device("cuda"), member_seeds(0, "member", 3)


@pytest.fixture(scope="module")
def images():
    return load(CifarShapedConfig(n_train=512, n_validation=64))


@pytest.fixture(scope="module")
def on_card(images):
    return images.to(CARD)


@pytest.fixture(autouse=True)
def exact(monkeypatch):
    """TF32's ten bits would hide what is compared."""
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)


def model(compiled=False):
    return ResNet9(8, (3, 32, 32), 10, compiled)


def after(data, capture, steps=WARM + 12, batch=32, mode="train", compiled=False, momentum=0.9):
    """Return the state after some steps, with a rate that changes, and the number of graphs."""
    start = model().init(SEEDS).to(data.device)
    state = State({name: p.requires_grad_() for name, p in start.parameters.items()}, start.statistics)
    optimiser = Sgd(state.parameters.values(), momentum, 5e-4)
    step = Step(model(compiled), data, state, optimiser, mode, capture=capture)
    draw = torch.Generator().manual_seed(1)
    for number in range(steps):
        retain, forget = (
            torch.randint(0, 512, (3, batch), generator=draw).to(data.train_x.device) for _ in range(2)
        )
        step([(retain, 1.0), (forget, -0.1)], 1e-3 * (1 + number % 3))
    return state.copy(), step.captured


def distance(a, b):
    """Return the greatest difference of any parameter or statistic, relative to its size."""
    parts = [
        (x, getattr(b, part)[name])
        for part in ("parameters", "statistics")
        for name, x in getattr(a, part).items()
    ]
    return max(float((x.cpu() - y.cpu()).norm() / (y.cpu().norm() + 1e-6)) for x, y in parts)


def moved(a):
    return distance(model().init(SEEDS), a)


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_a_captured_step_is_the_step(on_card, mode):
    plain, none = after(on_card, capture=False, mode=mode)
    graph, captured = after(on_card, capture=True, mode=mode)
    assert (none, captured) == (0, 1)
    assert distance(graph, plain) < 1e-2 * moved(plain)


def test_a_captured_step_on_other_points_is_another(on_card):
    plain, _ = after(on_card, capture=False)
    other, _ = after(on_card, capture=True, batch=31)
    assert distance(other, plain) > 0.1 * moved(plain)


def test_the_card_computes_what_the_processor_does(images, on_card):
    here, _ = after(images, capture=True, steps=WARM + 2)
    there, captured = after(on_card, capture=True, steps=WARM + 2)
    assert captured == 1
    assert distance(there, here) < 2e-2 * moved(here)


def test_the_compiled_network_is_the_network(on_card):
    plain, _ = after(on_card, capture=False)
    compiled, captured = after(on_card, capture=True, compiled=True)
    assert captured == 1
    assert distance(compiled, plain) < 2e-2 * moved(plain)


METHODS = [
    GaConfig(learning_rate=1e-3, batch_size=16),
    GdaConfig(learning_rate=1e-3, ascent_epochs=1, batch_size=16, forget_batch=16),
    GdaConfig(learning_rate=1e-3, ascent_epochs=1, batch_size=16, forget_batch=16, batch_norm="frozen"),
    DescentAscentConfig(learning_rate=1e-3, batch_size=16, forget_batch=16),
    NegGradPlusConfig(learning_rate=1e-3, batch_size=16, forget_batch=16),
]


@pytest.mark.parametrize("config", METHODS, ids=lambda config: f"{config.kind}-{config.batch_norm}")
def test_a_method_goes_the_same_way_on_both(images, on_card, config):
    ends = []
    for data in (images, on_card):
        start = model().init(SEEDS).to(data.device)
        parts = torch.arange(40, 512), torch.arange(40)
        (end,) = unlearn(model(), data, *parts, start, config, SEEDS, [1])
        ends.append(end.state)
    assert distance(*ends) < 2e-2 * moved(ends[0])


def test_mixed_precision_learns_and_margins_agree(images, on_card):
    config = TrainConfig(epochs=12, batch_size=32, learning_rate=0.4, peak_epoch=3, precision="bfloat16")
    fresh = margins(model(), model().init(SEEDS), images.train_x, images.train_y, ready=images.ready)
    state = train(model(), on_card, torch.arange(512), config, SEEDS)
    there = margins(model(), state, on_card.train_x, on_card.train_y, ready=on_card.ready)
    here = margins(model(), state.to(torch.device("cpu")), images.train_x, images.train_y, ready=images.ready)
    np.testing.assert_allclose(there, here, atol=1e-3)
    assert here.mean() > fresh.mean() + 0.2


def test_a_member_that_diverges_harms_no_other_and_the_card_is_named(on_card):
    start = model().init(SEEDS).to(CARD)
    start.parameters["weight0"][0] = torch.inf
    config = GdaConfig(learning_rate=1e-3, ascent_epochs=1, batch_size=16)
    (end,) = unlearn(model(), on_card, torch.arange(40, 512), torch.arange(40), start, config, SEEDS, [1])
    assert not torch.isfinite(end.state.parameters["head_weight"][0]).all()
    assert all(torch.isfinite(p[1:]).all() for p in end.state.parameters.values())
    assert described(find_device("auto")).startswith("cuda (")

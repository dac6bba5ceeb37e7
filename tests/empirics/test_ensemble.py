from dataclasses import dataclass

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from torch import nn

from ascentcheck.empirics.ensemble import Sgd, TrainConfig, batches, cross_entropy, member_seeds, train
from ascentcheck.empirics.margins import margins
from ascentcheck.empirics.models import Cnn, Mlp
from ascentcheck.empirics.randomness import streams

SHORT = TrainConfig(epochs=3, batch_size=24, learning_rate=0.1, peak_epoch=1)
SEEDS = member_seeds(0, "tests", 4)
SOME = torch.arange(100, 220)
MODELS = [Mlp((12, 7), (1, 8, 8), 10), Cnn((3, 5), (1, 8, 8), 10)]
both_models = pytest.mark.parametrize("model", MODELS, ids=repr)


def assert_equal(a, b, **tolerance):
    torch.testing.assert_close(a.parameters, b.parameters, **tolerance)
    torch.testing.assert_close(a.statistics, b.statistics, **tolerance)


@both_models
def test_a_member_equals_itself_trained_alone(model, digits):
    together = train(model, digits, SOME, SHORT, SEEDS)
    for member, seed in enumerate(SEEDS):
        alone = train(model, digits, SOME, SHORT, [seed])
        assert_equal(together.members(slice(member, member + 1)), alone, rtol=1e-3, atol=1e-4)


@both_models
def test_a_member_equals_a_plain_training_loop(model, digits, as_module, assert_same_member):
    together = train(model, digits, SOME, SHORT, SEEDS)
    steps = 5 * np.arange(4)
    for member, seed in enumerate(SEEDS):
        module = as_module(model, model.init([seed]), 0)
        optimiser = torch.optim.SGD(module.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
        order = streams([seed], "training order")[0]
        iteration = 0
        for _ in range(3):
            for index in torch.as_tensor(order.permutation(SOME.numpy())).split(24):
                loss = nn.functional.cross_entropy(module(digits.train_x[index]), digits.train_y[index])
                optimiser.zero_grad()
                loss.backward()
                optimiser.param_groups[0]["lr"] = np.interp(iteration, steps[[0, 1, 3]], [0, 0.1, 0])
                optimiser.step()
                iteration += 1
        assert_same_member(model, together, member, module, rtol=1e-3, atol=1e-4)


@both_models
def test_seeds_decide_every_bit(model, digits):
    first = train(model, digits, SOME, SHORT, SEEDS)
    assert_equal(first, train(model, digits, SOME, SHORT, SEEDS), rtol=0, atol=0)
    other = train(model, digits, SOME, SHORT, member_seeds(1, "tests", 4))
    for name, value in first.parameters.items():
        assert not torch.equal(value, other.parameters[name])
        assert not torch.equal(value[0], value[1])


@dataclass(frozen=True)
class Poisoned:
    """A network whose member 1 is nan from the start."""

    model: object

    def __getattr__(self, name):
        return getattr(self.model, name)

    def init(self, seeds):
        state = self.model.init(seeds)
        state.parameters["weight0"][1, 0] = torch.nan
        return state


@both_models
def test_a_broken_member_harms_no_other(model, digits):
    sound = train(model, digits, SOME, SHORT, SEEDS)
    beside = train(Poisoned(model), digits, SOME, SHORT, SEEDS)
    for name, value in sound.parameters.items():
        assert torch.equal(value[[0, 2, 3]], beside.parameters[name][[0, 2, 3]])
    assert beside.parameters["weight0"][1].isnan().all()


def test_divergence_is_a_result(digits):
    state = train(MODELS[0], digits, SOME, SHORT.model_copy(update={"learning_rate": 1e30}), SEEDS)
    assert not np.isfinite(margins(MODELS[0], state, digits.val_x, digits.val_y)).any(axis=1).any()


def test_members_may_have_points_of_their_own(digits):
    own = torch.stack([SOME, SOME + 500, SOME + 100, SOME])
    together = train(MODELS[0], digits, own, SHORT, SEEDS)
    alone = train(MODELS[0], digits, SOME + 500, SHORT, SEEDS[1:2])
    assert_equal(together.members(slice(1, 2)), alone, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": 4},
        {"batch_size": 20},
        {"learning_rate": 0.05},
        {"peak_epoch": 2},
        {"momentum": 0.0},
        {"weight_decay": 0.0},
        {"label_smoothing": 0.1},
        {"decayed": "weights"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_setting_changes_the_result(digits, change):
    assert set(TrainConfig.model_fields) >= set(change)
    usual = train(MODELS[0], digits, SOME, SHORT, SEEDS)
    changed = train(MODELS[0], digits, SOME, SHORT.model_copy(update=change), SEEDS)
    for name, value in usual.parameters.items():
        assert not torch.equal(value, changed.parameters[name])


def test_what_a_study_leaves_out_never_changes():
    """A file of old must mean the same, and jobs keep their keys."""
    assert TrainConfig().model_dump() == {
        "epochs": 20,
        "batch_size": 16,
        "learning_rate": 0.05,
        "peak_epoch": 4,
        "momentum": 0.9,
        "weight_decay": 5e-4,
        "last_batch": "drop",
        "label_smoothing": 0.0,
        "decayed": "all",
        "precision": "float32",
    }


def test_gains_and_shifts_may_be_left_out_of_decay():
    names = list(MODELS[0].init(SEEDS).parameters)
    decays = dict(zip(names, TrainConfig(weight_decay=0.1, decayed="weights").decays(names), strict=True))
    assert {name for name, decay in decays.items() if decay == 0} == {
        name for name in names if name.startswith(("gain", "shift"))
    }
    assert decays["weight0"] == decays["head_bias"] == 0.1
    assert TrainConfig(weight_decay=0.1).decays(names) == [0.1] * len(names)


def test_progress_is_told_after_each_epoch(digits):
    told = []
    train(MODELS[0], digits, SOME, SHORT, SEEDS, progress=lambda *state: told.append(state))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_default_network_learns_the_digits(digits):
    model = Mlp((64, 64), (1, 8, 8), 10)
    state = train(model, digits, torch.arange(1437), TrainConfig(), member_seeds(0, "accuracy", 4))
    accuracy = (margins(model, state, digits.val_x, digits.val_y) > 0).mean(axis=1)
    assert accuracy.min() > 0.95
    assert accuracy.mean() > 0.965


@pytest.mark.parametrize("peak", [0, 1, 2.5, 4])
def test_the_rate_is_a_triangle(peak):
    config = TrainConfig(epochs=4, peak_epoch=peak, learning_rate=0.3)
    rates = [config.rate(i, 10) for i in range(41 if peak < 4 else 40)]
    corners = [(0, 0 if peak else 0.3), (peak, 0.3), (4, 0 if peak < 4 else 0.3)]
    expected = np.interp(np.arange(len(rates)) / 10, *zip(*corners, strict=True))
    np.testing.assert_allclose(rates, expected, atol=1e-12)


@pytest.mark.parametrize(
    "wrong",
    [
        {"epochs": 0},
        {"epochs": 2.0},
        {"epochs": 3, "peak_epoch": 4},
        {"peak_epoch": -0.5},
        {"batch_size": 0},
        {"learning_rate": 0},
        {"learning_rate": float("inf")},
        {"learning_rate": "0.1"},
        {"momentum": 1.0},
        {"momentum": -0.01},
        {"weight_decay": -1e-4},
        {"lr": 0.1},
    ],
)
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValidationError):
        TrainConfig(**wrong)


@pytest.mark.parametrize(
    "edge",
    [
        {"epochs": 1, "peak_epoch": 1},
        {"peak_epoch": 0},
        {"batch_size": 1},
        {"learning_rate": 1e-30},
        {"momentum": 0.0},
        {"momentum": 0.999},
        {"weight_decay": 0.0},
        {"label_smoothing": 0.0},
    ],
)
def test_settings_at_their_edges_are_taken(edge):
    assert TrainConfig(**edge).model_dump(include=set(edge)) == edge


def test_a_pass_visits_every_point_once(digits):
    order = streams(SEEDS, "any")
    first, second = ([b.clone() for b in batches(SOME, 50, order)] for _ in range(2))
    assert [batch.shape for batch in first] == [(4, 50), (4, 50), (4, 20)]
    for epoch in (torch.cat(first, 1), torch.cat(second, 1)):
        assert torch.equal(epoch.sort(dim=1).values, SOME.expand(4, -1))
        assert not torch.equal(epoch[0], epoch[1])
    assert not torch.equal(first[0], second[0])
    x, y = digits.batch(first[2])
    assert torch.equal(x, digits.train_x[first[2]])
    assert torch.equal(y, digits.train_y[first[2]])


@pytest.mark.parametrize(("momentum", "decay"), [(0.0, 0.0), (0.9, 0.0), (0.0, 0.1), (0.9, 0.1)])
def test_sgd_is_that_of_pytorch(momentum, decay):
    start = torch.randn(3, 4)
    mine, plain = (start.clone().requires_grad_() for _ in range(2))
    sgd = Sgd([mine], momentum, decay)
    optimiser = torch.optim.SGD([plain], lr=0.1, momentum=momentum, weight_decay=decay)
    for _ in range(5):
        for parameter in (mine, plain):
            parameter.grad = None
            (parameter**2 * torch.arange(4)).sum().backward()
        sgd.step(0.1)
        optimiser.step()
        torch.testing.assert_close(mine, plain)
    assert mine.grad is None


def test_plain_descent_by_a_rate_that_may_change_on_the_device():
    start, gradient = torch.randn(3, 4), torch.randn(3, 4)
    moved = []
    for rate in (0.1, torch.tensor(0.1)):
        parameter = start.clone().requires_grad_()
        parameter.grad = gradient.clone()
        Sgd([parameter], 0.0, 0.0).step(rate)
        moved.append(parameter.detach())
    torch.testing.assert_close(moved[0], start - 0.1 * gradient)
    torch.testing.assert_close(moved[1], moved[0])


def test_each_parameter_decays_by_its_own_weight():
    parameters = [torch.ones(2, requires_grad=True) for _ in range(3)]
    for parameter in parameters:
        parameter.grad = torch.zeros(2)
    Sgd(parameters, 0.0, [0.0, 0.5, 2.0]).step(0.1)
    torch.testing.assert_close(
        torch.stack([p.detach() for p in parameters])[:, 0], torch.tensor([1, 0.95, 0.8])
    )


def test_cross_entropy_is_a_mean_per_member():
    logits, y = torch.randn(3, 5, 4), torch.randint(0, 4, (3, 5))
    expected = [nn.functional.cross_entropy(z, t) for z, t in zip(logits, y, strict=True)]
    torch.testing.assert_close(cross_entropy(logits, y), torch.stack(expected))
    smooth = [nn.functional.cross_entropy(z, t, label_smoothing=0.2) for z, t in zip(logits, y, strict=True)]
    torch.testing.assert_close(cross_entropy(logits, y, 0.2), torch.stack(smooth))


def test_member_seeds_do_not_depend_on_their_number():
    seeds = member_seeds(0, "pretrained", 100)
    assert member_seeds(0, "pretrained", 7) == seeds[:7]
    assert len({*seeds, *member_seeds(0, "oracle/ab", 100), *member_seeds(1, "pretrained", 100)}) == 300
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_member_seeds_never_change():
    assert member_seeds(0, "pretrained", 2) == [2360748815129163519, 1840534118998875472]


def test_streams_use_all_bits_of_a_seed():
    draws = {streams([seed], "use")[0].integers(2**62) for seed in (1, 1 + 2**32, 1 + 2**62)}
    assert len(draws) == 3
    assert streams([1], "use")[0].integers(2**62) in draws
    assert streams([1], "other use")[0].integers(2**62) not in draws


@both_models
def test_checkpoints_are_passed_by_and_change_nothing(model, digits):
    kept = {}
    keep = {"keep": lambda checkpoint: kept.update({checkpoint.epoch: checkpoint}), "keep_at": (0, 2, 3)}
    state = train(model, digits, SOME, SHORT, SEEDS, **keep)
    assert sorted(kept) == [0, 2, 3]
    assert_equal(state, train(model, digits, SOME, SHORT, SEEDS), rtol=0, atol=0)
    assert_equal(kept[3].state, state, rtol=0, atol=0)
    assert_equal(kept[0].state, model.init(SEEDS), rtol=0, atol=0)
    stopped = []
    early = train(model, digits, SOME, SHORT, SEEDS, keep=stopped.append, keep_at=[2], stop=2)
    for found in (stopped[0], kept[2]):
        assert_equal(found.state, early, rtol=0, atol=0)
        torch.testing.assert_close(found.velocities, kept[2].velocities, rtol=0, atol=0)
    assert kept[2].velocities.keys() == state.parameters.keys()
    assert all(not value.any() for value in kept[0].velocities.values())
    assert all(value.any() for value in kept[2].velocities.values())


def test_without_momentum_there_are_no_velocities(digits):
    kept = []
    config = SHORT.model_copy(update={"momentum": 0.0})
    train(MODELS[0], digits, SOME, config, SEEDS, keep=kept.append, keep_at=[1])
    assert [(checkpoint.epoch, checkpoint.velocities) for checkpoint in kept] == [(1, {})]


@pytest.mark.parametrize(
    ("last_batch", "n", "iterations", "points"),
    [
        ("drop", 120, 5, 120),
        ("drop", 119, 4, 96),
        ("drop", 5, 1, 5),
        ("keep", 120, 5, 120),
        ("keep", 119, 5, 119),
        ("keep", 5, 1, 5),
    ],
)
def test_points_passed_in_an_epoch(last_batch, n, iterations, points):
    config = SHORT.model_copy(update={"last_batch": last_batch})
    assert (config.per_epoch(n), config.passed(n)) == (iterations, points)


def test_some_points_of_an_epoch_are_the_first_of_its_order(digits):
    whole, some = (
        torch.cat(list(batches(SOME, 24, streams(SEEDS, "order"), points)), dim=1) for points in (None, 50)
    )
    assert some.shape == (4, 50)
    assert torch.equal(some, whole[:, :50])

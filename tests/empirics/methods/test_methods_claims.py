"""What each method claims to do, it does: parameters move, losses rise and fall, every setting matters."""

from typing import Literal, get_args, get_origin

import pytest
import torch

from empirics.ensemble import cross_entropy
from empirics.methods import (
    DoNothingConfig,
    FineTuneConfig,
    GaConfig,
    GdaConfig,
    NegGradPlusConfig,
    ScrubConfig,
    StatisticsOnlyConfig,
    Trajectory,
)
from empirics.methods.scrub import divergence
from empirics.models import State

variants = pytest.mark.parametrize("batch_norm", ["running", "frozen"])


@variants
def test_every_parameter_of_every_member_moves(method, batch_norm, go, with_, pretrained):
    (snapshot,) = go(with_(method, batch_norm=batch_norm), epochs=[2])
    for name, before in pretrained["mlp"].parameters.items():
        moved = (snapshot.state.parameters[name] - before).flatten(1).abs().amax(1)
        assert moved.min() > 1e-6, name


def test_frozen_statistics_stay_and_running_ones_move(method, kind, go, with_, pretrained):
    (running,) = go(with_(method, batch_norm="running"), kind=kind)
    (frozen,) = go(with_(method, batch_norm="frozen"), kind=kind)
    for name, before in pretrained[kind].statistics.items():
        assert torch.equal(frozen.state.statistics[name], before)
        assert not torch.any((running.state.statistics[name] == before).all(1))


def test_the_statistics_control_moves_the_statistics_and_nothing_else(go, pretrained):
    (snapshot,) = go(StatisticsOnlyConfig(ascent_epochs=2))
    for name, before in pretrained["mlp"].parameters.items():
        assert torch.equal(snapshot.state.parameters[name], before)
    for name, before in pretrained["mlp"].statistics.items():
        assert not torch.any((snapshot.state.statistics[name] == before).all(1))


def test_doing_nothing_changes_nothing(go, tensors, pretrained):
    for snapshot in go(DoNothingConfig(), epochs=[0, 3]):
        for name, before in tensors(pretrained["mlp"]).items():
            assert torch.equal(tensors(snapshot.state)[name], before)


class Watched(Trajectory):
    """A trajectory that measures the losses on all of F and R before and after each pass over one of them."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.passes = []

    def batches(self, part, size):
        before = self.losses()
        yield from super().batches(part, size)
        self.passes.append((part, before, self.losses()))

    @torch.no_grad()
    def losses(self):
        measured = {}
        for part, index in (("forget", self.forget), ("retain", self.retain)):
            x = self.dataset.train_x[index]
            y = self.dataset.train_y[index].expand(self.pretrained.n_members, -1)
            logits, _ = self.model.forward(State(self.parameters, self.statistics), x, self.mode)
            teacher, _ = self.model.forward(self.pretrained, x, "eval")
            measured[f"ce {part}"] = cross_entropy(logits, y)
            measured[f"kl {part}"] = divergence(teacher, logits, 4.0)
        return measured


def objectives(config):
    """What each pass claims to raise (+1) or lower (-1), as (pass, sign, function of the losses)."""
    raised = ("forget", 1, lambda loss: loss["ce forget"])
    lowered = ("retain", -1, lambda loss: loss["ce retain"])
    if isinstance(config, ScrubConfig):
        raised = ("forget", 1, lambda loss: loss["kl forget"])
        gamma, alpha = config.gamma, config.alpha
        return [raised, ("retain", -1, lambda loss: gamma * loss["ce retain"] + alpha * loss["kl retain"])]
    if isinstance(config, NegGradPlusConfig):
        a = config.retain_weight
        together = ("retain", -1, lambda loss: a * loss["ce retain"] - (1 - a) * loss["ce forget"])
        return [together, lowered if a > 0.5 else ("retain", *raised[1:])]
    return {GaConfig: [raised], GdaConfig: [raised, lowered], FineTuneConfig: [lowered]}[type(config)]


@variants
def test_what_is_to_rise_rises_and_what_is_to_fall_falls(
    method, batch_norm, with_, models, data, pretrained, forget, retain, seeds
):
    weights = [{"retain_weight": a} for a in (0.1, 0.9)] if isinstance(method, NegGradPlusConfig) else [{}]
    for weight in weights:
        config = with_(method, batch_norm=batch_norm, **weight)
        run = Watched(models["mlp"], data, retain, forget, pretrained["mlp"], config, seeds)
        config.epoch(run, 1)
        if isinstance(config, ScrubConfig) and batch_norm == "frozen":
            run.passes.clear()  # the student is still the teacher, where the divergence is flat
            config.epoch(run, 2)
        for part, sign, objective in objectives(config):
            ((before, after),) = [watched[1:] for watched in run.passes if watched[0] == part]
            assert torch.all(sign * (objective(after) - objective(before)) > 0), (part, sign)


def test_the_first_ascent_of_a_frozen_scrub_goes_nowhere(models, data, pretrained, forget, retain, seeds):
    config = ScrubConfig(learning_rate=0.01, ascent_epochs=1, batch_norm="frozen", weight_decay=0.0)
    run = Trajectory(models["mlp"], data, retain, forget, pretrained["mlp"], config, seeds)
    for batch in run.batches("forget", 10):
        run.descend(-divergence(run.teacher(batch), run.logits(batch), 4.0), 0.01)
    for name, before in pretrained["mlp"].parameters.items():
        torch.testing.assert_close(run.parameters[name].detach(), before, rtol=0, atol=1e-6)


ALTERNATIVES = {
    "batch_norm": "frozen",
    "learning_rate": 0.003,
    "batch_size": 17,
    "forget_batch": 17,
    "ascent_epochs": 3,
    "temperature": 2.0,
    "gamma": 0.5,
    "alpha": 0.5,
    "decay_epochs": [1],
    "momentum": 0.0,
    "weight_decay": 0.01,
    "retain_weight": 0.9,
}


def hyperparameters(config):
    """Every field that has a choice: a new one without an alternative above fails."""
    fields = type(config).model_fields
    fixed = [
        name
        for name, f in fields.items()
        if get_origin(f.annotation) is Literal and len(get_args(f.annotation)) == 1
    ]
    return [name for name in fields if name not in fixed]


def test_every_hyperparameter_changes_the_result(any_method, go, with_, tensors):
    usual = tensors(go(any_method)[0].state)
    for name in hyperparameters(any_method):
        changed = tensors(go(with_(any_method, **{name: ALTERNATIVES[name]}))[0].state)
        assert any(not torch.allclose(usual[key], changed[key], rtol=1e-6, atol=1e-7) for key in usual), name

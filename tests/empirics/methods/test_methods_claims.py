"""What single methods claim beyond the contract that all of them keep."""

import dataclasses

import pytest
import torch

from ascentcheck.empirics.contract.bench import bench, example
from ascentcheck.empirics.contract.watched import Watched
from ascentcheck.empirics.ensemble import cross_entropy, member_seeds
from ascentcheck.empirics.margins import margin, margins
from ascentcheck.empirics.methods import (
    DescentAscentConfig,
    DoNothingConfig,
    FineTuneConfig,
    GaConfig,
    NegGradPlusConfig,
    NoisyDescentConfig,
    NpoConfig,
    OracleMatchingConfig,
    Resources,
    RewindConfig,
    ScrubConfig,
    StatisticsOnlyConfig,
    Trajectory,
)
from ascentcheck.empirics.methods.promises import Seen
from ascentcheck.empirics.methods.scrub import divergence
from ascentcheck.empirics.randomness import streams

PARTS = ("retain", "forget")


def test_the_statistics_control_moves_the_statistics_and_nothing_else(go, pretrained):
    (snapshot,) = go(StatisticsOnlyConfig(ascent_epochs=2))
    for name, before in pretrained["mlp"].parameters.items():
        assert torch.equal(snapshot.state.parameters[name], before)
    for name, before in pretrained["mlp"].statistics.items():
        assert not torch.any((snapshot.state.statistics[name] == before).all(1))


def test_the_heavier_part_of_neg_grad_plus_leads_whichever_it_is():
    for weight, sign, part in ((0.1, 1, "forget"), (0.9, -1, "retain")):
        config = example(NegGradPlusConfig, retain_weight=weight)
        heavier = config.promises()[1]
        run = Watched(bench("mlp"), config)
        config.epoch(run, 1)
        (watched,) = [one for one in run.passes if one.part == "retain"]
        change = heavier.of(watched.after) - heavier.of(watched.before)
        assert torch.equal(change, watched.after[part].loss - watched.before[part].loss)
        assert (sign * change > 0).all()


@pytest.mark.parametrize(
    ("config", "of_retain", "of_forget"),
    [
        (example(DescentAscentConfig, beta=0.25), 1.0, -0.25),
        (example(NegGradPlusConfig, retain_weight=0.75), 0.75, -0.25),
    ],
)
def test_what_is_promised_to_fall_is_the_objective(config, of_retain, of_forget):
    draw = torch.Generator().manual_seed(0)
    logits = [torch.randn((2, 9, 10), generator=draw) for _ in range(2)]
    seen = {
        part: Seen(x, x, torch.zeros((2, 9), dtype=torch.int64))
        for part, x in zip(PARTS, logits, strict=True)
    }
    objective = config.promises()[0]
    losses = [
        torch.nn.functional.cross_entropy(x.movedim(-1, 1), seen[p].labels, reduction="none").mean(1)
        for p, x in zip(PARTS, logits, strict=True)
    ]
    assert (objective.during, objective.sign) == ("retain", -1)
    torch.testing.assert_close(objective.of(seen), of_retain * losses[0] + of_forget * losses[1])


def test_scrub_promises_a_divergence_on_f_and_its_objective_on_r():
    config = example(ScrubConfig, gamma=0.5, alpha=0.25, temperature=2.0)
    draw = torch.Generator().manual_seed(0)
    labels = torch.zeros((2, 9), dtype=torch.int64)
    seen = {part: Seen(*torch.randn((2, 2, 9, 10), generator=draw), labels) for part in PARTS}
    apart = {
        part: 4 * torch.nn.functional.kl_div(
            (one.logits / 2).log_softmax(2), (one.pretrained / 2).log_softmax(2), reduction="none", log_target=True
        ).sum(2).mean(1)
        for part, one in seen.items()
    }  # fmt: skip
    ascent, descent = config.promises()
    assert (ascent.during, ascent.sign, descent.during, descent.sign) == ("forget", 1, "retain", -1)
    torch.testing.assert_close(ascent.of(seen), apart["forget"])
    torch.testing.assert_close(descent.of(seen), 0.5 * seen["retain"].loss + 0.25 * apart["retain"])


def test_oracle_matching_promises_a_distance_from_the_margins_of_oracles():
    draw = torch.Generator().manual_seed(0)
    labels = torch.zeros((2, 9), dtype=torch.int64)
    seen = {
        p: Seen(*torch.randn((2, 2, 9, 10), generator=draw), labels, torch.randn((2, 9), generator=draw))
        for p in PARTS
    }
    (promise,) = example(OracleMatchingConfig).promises()
    apart = sum((margin(one.logits, labels) - one.wanted).square().mean(1) for one in seen.values())
    assert (promise.during, promise.sign) == ("retain", -1)
    torch.testing.assert_close(promise.of(seen), apart)


def test_an_objective_whose_weight_is_not_known_is_not_promised():
    (only,) = example(DescentAscentConfig, beta="samples").promises()
    assert (only.during, only.sign) == ("retain", 1)


def test_of_parts_that_weigh_as_much_the_loss_on_f_is_promised_to_rise():
    signs = [example(NegGradPlusConfig, retain_weight=a).promises()[1].sign for a in (0.5, 0.504)]
    assert signs == [1, -1]


def test_doing_nothing_changes_nothing(go, tensors, pretrained):
    for snapshot in go(DoNothingConfig(), epochs=[0, 3]):
        for name, before in tensors(pretrained["mlp"]).items():
            assert torch.equal(tensors(snapshot.state)[name], before)


def test_a_batch_that_is_only_observed_costs_its_passes_forward(
    models, data, pretrained, forget, retain, seeds
):
    config = GaConfig(learning_rate=0.01)
    run = Trajectory(models["mlp"], data, retain, forget, pretrained["mlp"], config, seeds)
    first, *_ = run.batches("forget", 10)
    run.observe(first)
    run.descend(run.logits(first).square().mean(), 0.01)
    assert (run.forward_samples, run.backward_samples) == (2 * first.size, first.size)


def test_the_first_ascent_of_a_frozen_scrub_goes_nowhere(models, data, pretrained, forget, retain, seeds):
    config = ScrubConfig(learning_rate=0.01, ascent_epochs=1, batch_norm="frozen", weight_decay=0.0)
    run = Trajectory(models["mlp"], data, retain, forget, pretrained["mlp"], config, seeds)
    for batch in run.batches("forget", 10):
        run.descend(-divergence(run.teacher(batch), run.logits(batch), 4.0), 0.01)
    for name, before in pretrained["mlp"].parameters.items():
        torch.testing.assert_close(run.parameters[name].detach(), before, rtol=0, atol=1e-6)


def test_rewinding_and_training_on_as_before_ends_where_pretraining_ended(
    models, kind, data, checkpoints, pretrained, recipe, seeds
):
    """With all points retained and the batch orders of pretraining, nothing is left but the rewinding itself."""
    everything, config = torch.arange(200), RewindConfig(rewind_epochs=2)
    given = Resources(recipe, checkpoints[kind][3])
    run = Trajectory(models[kind], data, everything, everything[:1], pretrained[kind], config, seeds, given)
    orders = streams(member_seeds(0, "pretrained", len(seeds)), "training order")
    for _ in range(3):
        [order.permutation(200) for order in orders]
    run._orders["retain"] = orders
    config.epoch(run, 1)
    config.epoch(run, 2)
    state = run.snapshot(2).state
    for name, value in {**pretrained[kind].parameters, **pretrained[kind].statistics}.items():
        assert torch.equal({**state.parameters, **state.statistics}[name], value), name


def _direction(models, data, retain, forget, pretrained, seeds, config):
    """The first step of a method, from all of F, as one vector for each member."""
    run = Trajectory(models["mlp"], data, retain, forget, pretrained["mlp"], config, seeds)
    config.epoch(run, 1)
    before = pretrained["mlp"].parameters
    return torch.cat([(p.detach() - before[n]).flatten(1) for n, p in run.parameters.items()], dim=1)


def test_samples_weighted_alike_are_forget_points_weighted_by_their_number(
    models, data, retain, forget, pretrained, seeds
):
    moves = [
        _direction(
            models, data, retain, forget, pretrained, seeds,
            DescentAscentConfig(learning_rate=0.01, beta=beta, batch_size=200),
        )
        for beta in ("samples", len(forget) / len(retain), 1.0)
    ]  # fmt: skip
    assert torch.equal(moves[0], moves[1])
    assert not torch.allclose(moves[0], moves[2])


def test_one_step_of_descent_ascent_is_the_difference_of_both_gradients(
    models, data, retain, forget, pretrained, seeds
):
    """With frozen statistics, where batches do not see each other: β times ascent on F and descent on R."""
    shared = {"learning_rate": 0.01, "batch_norm": "frozen"}
    both = DescentAscentConfig(beta=0.4, batch_size=200, **shared)
    parts = [GaConfig(**shared), FineTuneConfig(batch_size=200, **shared)]
    together, up, down = (
        _direction(models, data, retain, forget, pretrained, seeds, config) for config in (both, *parts)
    )
    torch.testing.assert_close(together, 0.4 * up + down, rtol=1e-3, atol=1e-6)


def test_npo_starts_as_ascent_and_lets_go(models, data, retain, forget, pretrained, seeds):
    """At its reference its gradient is GA's; far from it, where labels are unlikely, there is hardly any left."""
    steps = [
        _direction(
            models, data, retain, forget, pretrained, seeds, config(learning_rate=0.01, batch_norm="frozen")
        )
        for config in (GaConfig, NpoConfig)
    ]
    torch.testing.assert_close(steps[1], steps[0], rtol=1e-3, atol=1e-6)
    moves = []
    for config in (GaConfig(learning_rate=0.1), NpoConfig(learning_rate=0.1, beta=2.0)):
        config = type(config).model_validate({**config.model_dump(), "batch_norm": "frozen"})
        run = Trajectory(models["mlp"], data, retain, forget, pretrained["mlp"], config, seeds)
        for number in range(1, 61):
            config.epoch(run, number)
        moves.append(
            sum(
                float((p.detach() - pretrained["mlp"].parameters[n]).square().sum())
                for n, p in run.parameters.items()
            )
        )
    assert moves[0] != moves[0]  # nan: ascent has broken a member
    assert moves[1] < 10


@pytest.mark.parametrize("without", ["train", "checkpoint", "margins"])
def test_a_method_without_what_it_uses_is_an_error(
    without, models, data, retain, forget, pretrained, seeds, resources
):
    config = (
        RewindConfig(rewind_epochs=4) if without != "margins" else OracleMatchingConfig(learning_rate=0.01)
    )
    given = dataclasses.replace(resources(config), **{without: None})
    run = Trajectory(models["mlp"], data, retain, forget, pretrained["mlp"], config, seeds, given)
    with pytest.raises(ValueError, match="needs"):
        config.epoch(run, 1)


def test_a_checkpoint_of_another_epoch_is_an_error(
    models, data, retain, forget, pretrained, seeds, resources
):
    given = resources(RewindConfig(rewind_epochs=3))
    config = RewindConfig(rewind_epochs=4)
    run = Trajectory(models["mlp"], data, retain, forget, pretrained["mlp"], config, seeds, given)
    with pytest.raises(ValueError, match="4 epochs before its end"):
        config.epoch(run, 1)


def test_a_rewind_ends_with_its_schedule(go):
    with pytest.raises(ValueError, match="a snapshot at epoch 4: rewind ends after 3"):
        go(RewindConfig(rewind_epochs=3))


def test_noise_is_as_large_as_stated_and_independent(models, data, retain, forget, pretrained, seeds):
    config = NoisyDescentConfig(learning_rate=0.01, noise=1.0)
    run = Trajectory(models["mlp"], data, retain, forget, pretrained["mlp"], config, seeds)
    run.perturb(0.5)
    first = run.snapshot(0).state
    run.perturb(0.5)
    moves = [
        torch.cat([(after.parameters[n] - before.parameters[n]).flatten(1) for n in after.parameters], dim=1)
        for before, after in ((pretrained["mlp"], first), (first, run.snapshot(0).state))
    ]
    draws = torch.cat(moves)  # two for each of three members
    assert draws.std(1) == pytest.approx([0.5] * 6, rel=0.1)
    correlation = torch.corrcoef(draws) - torch.eye(6)
    assert correlation.abs().max() < 5 / draws.shape[1] ** 0.5


def test_a_member_alone_is_perturbed_too(models, data, retain, forget, pretrained, seeds):
    alone, config = pretrained["mlp"].copy(), NoisyDescentConfig(learning_rate=0.01, noise=1.0)
    for part in (alone.parameters, alone.statistics):
        part.update({name: value[:1] for name, value in part.items()})
    run = Trajectory(models["mlp"], data, retain, forget, alone, config, seeds[:1])
    run.perturb(0.5)
    after = run.snapshot(0).state.parameters
    moves = torch.cat([(after[n] - p).flatten() for n, p in alone.parameters.items()])
    assert moves.std() == pytest.approx(0.5, rel=0.1)


def test_clipping_bounds_the_step_and_keeps_its_direction(models, data, retain, forget, pretrained, seeds):
    def step(clip):
        config = NoisyDescentConfig(learning_rate=1.0, noise=0.0)
        run = Trajectory(models["mlp"], data, retain, forget, pretrained["mlp"], config, seeds)
        batch = next(run.batches("retain", 50))
        run.descend(cross_entropy(run.logits(batch), batch.y), 1.0, clip)
        before = pretrained["mlp"].parameters
        return torch.cat([(p.detach() - before[n]).flatten(1) for n, p in run.parameters.items()], dim=1)

    free, clipped, loose = step(None), step(0.01), step(1e6)
    assert free.norm(dim=1).min() > 0.02
    assert clipped.norm(dim=1) == pytest.approx([0.01] * 3, rel=1e-3)
    cosine = (free * clipped).sum(1) / (free.norm(dim=1) * clipped.norm(dim=1))
    assert cosine == pytest.approx([1.0] * 3, abs=1e-4)
    assert torch.equal(loose, free)


def test_oracle_matching_brings_margins_on_both_sets_near_the_oracles(
    go, models, data, oracle_margins, forget
):
    start, end = go(OracleMatchingConfig(learning_rate=0.003, forget_batch=25, batch_size=50), epochs=[0, 20])
    wanted = oracle_margins["mlp"].numpy()
    distance = [
        ((margins(models["mlp"], s.state, data.train_x, data.train_y) - wanted) ** 2) for s in (start, end)
    ]
    index = forget.numpy()
    assert (distance[1].mean(1) < 0.7 * distance[0].mean(1)).all()
    assert (distance[1][:, index].mean(1) < 0.7 * distance[0][:, index].mean(1)).all()

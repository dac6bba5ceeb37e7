"""Every method beside its plain, slow version: one ordinary module, PyTorch's optimiser and losses, a loop."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch.nn import functional

from ascentcheck.empirics.methods import Resources
from ascentcheck.empirics.randomness import streams

EPOCHS = 4


def plain_ga(config, net, teacher, step, forget, retain, epoch, more):
    for x, y in forget(config.batch_size):
        step(-functional.cross_entropy(net(x), y), config.learning_rate)


def plain_gda(config, net, teacher, step, forget, retain, epoch, more):
    if epoch <= config.ascent_epochs:
        for x, y in forget(config.forget_batch):
            step(-functional.cross_entropy(net(x), y), config.learning_rate)
    for x, y in retain(config.batch_size):
        step(functional.cross_entropy(net(x), y), config.learning_rate)


def plain_scrub(config, net, teacher, step, forget, retain, epoch, more):
    t = config.temperature
    rate = config.learning_rate * 0.1 ** len([e for e in config.decay_epochs if epoch > e])

    def distance(x, logits):
        with torch.no_grad():
            p = functional.softmax(teacher(x) / t, dim=1)
        return t * t * functional.kl_div(functional.log_softmax(logits / t, dim=1), p, reduction="batchmean")

    if epoch <= config.ascent_epochs:
        for x, _ in forget(config.forget_batch):
            step(-distance(x, net(x)), rate)
    for x, y in retain(config.batch_size):
        logits = net(x)
        loss = functional.cross_entropy(logits, y)
        step(config.gamma * loss + config.alpha * distance(x, logits), rate)


def plain_fine_tune(config, net, teacher, step, forget, retain, epoch, more):
    for x, y in retain(config.batch_size):
        step(functional.cross_entropy(net(x), y), config.learning_rate)


def plain_neg_grad_plus(config, net, teacher, step, forget, retain, epoch, more):
    a, beside = config.retain_weight, []
    for x, y in retain(config.batch_size):
        beside = beside or list(forget(config.forget_batch))
        fx, fy = beside.pop(0)
        down = a * functional.cross_entropy(net(x), y)
        step(down - (1 - a) * functional.cross_entropy(net(fx), fy), config.learning_rate)


def plain_descent_ascent(config, net, teacher, step, forget, retain, epoch, more):
    beside = []
    for x, y in retain(config.batch_size):
        beside = beside or list(forget(config.forget_batch))
        fx, fy = beside.pop(0)
        down = functional.cross_entropy(net(x), y)
        step(down - config.beta * functional.cross_entropy(net(fx), fy), config.learning_rate)


def plain_npo(config, net, teacher, step, forget, retain, epoch, more):
    for x, y in forget(config.batch_size):
        with torch.no_grad():
            reference = functional.softmax(teacher(x), dim=1)[torch.arange(len(y)), y]
        ratio = functional.softmax(net(x), dim=1)[torch.arange(len(y)), y] / reference
        step(-2 / config.beta * torch.sigmoid(-config.beta * ratio.log()).log().mean(), config.learning_rate)


def plain_rewind(config, net, teacher, step, forget, retain, epoch, more):
    recipe, whole = more.recipe, len(more.retain) // more.recipe.batch_size
    done = (recipe.epochs - config.rewind_epochs + epoch - 1) * whole
    for number, (x, y) in enumerate(list(retain(recipe.batch_size))[:whole]):
        step(functional.cross_entropy(net(x), y), recipe.rate(done + number, whole))
    if epoch == config.rewind_epochs:
        more.add_noise(config.noise)
        if config.batch_norm == "running":
            with torch.no_grad():
                for x, _ in list(retain(recipe.batch_size))[:whole]:
                    net(x)


def plain_noisy_descent(config, net, teacher, step, forget, retain, epoch, more):
    for x, y in retain(config.batch_size):
        step(functional.cross_entropy(net(x), y), config.learning_rate, config.clip)
        more.add_noise((2 * config.learning_rate) ** 0.5 * config.noise)


def plain_oracle_matching(config, net, teacher, step, forget, retain, epoch, more):
    left, beside = math.ceil(config.retain_share * len(more.retain)), []

    def distance(x, y):
        total = 0.0
        for point, logits, label in zip(x, net(x), y, strict=True):
            others = torch.stack([z for c, z in enumerate(logits) if c != label])
            place = next(i for i, other in enumerate(more.data.train_x) if torch.equal(other, point))
            total += (logits[label] - others.exp().sum().log() - more.margins[place]) ** 2
        return total / len(x)

    for x, y in retain(config.batch_size):
        if left <= 0:
            break
        beside = beside or list(forget(config.forget_batch))
        loss = distance(x[:left], y[:left])
        step(loss + distance(*beside.pop(0)), config.learning_rate)
        left -= config.batch_size


def plain_do_nothing(config, net, teacher, step, forget, retain, epoch, more):
    pass


def plain_statistics_only(config, net, teacher, step, forget, retain, epoch, more):
    for x, _ in [*(forget(config.forget_batch) if epoch <= config.ascent_epochs else ()), *retain(30)]:
        net(x)


PLAIN = {
    "ga": plain_ga,
    "gda": plain_gda,
    "descent-ascent": plain_descent_ascent,
    "scrub": plain_scrub,
    "fine-tune": plain_fine_tune,
    "neg-grad-plus": plain_neg_grad_plus,
    "npo": plain_npo,
    "rewind": plain_rewind,
    "noisy-descent": plain_noisy_descent,
    "oracle-matching": plain_oracle_matching,
    "do-nothing": plain_do_nothing,
    "statistics-only": plain_statistics_only,
}


@dataclass
class More:
    """What one member's plain method may need beside its network."""

    data: object
    retain: torch.Tensor
    recipe: object
    margins: torch.Tensor | None
    add_noise: object


def run_plainly(config, net, teacher, data, forget, retain, seed, recipe, velocities, margins):
    net.train(config.batch_norm == "running")
    teacher.eval()
    settings = recipe if config.kind == "rewind" else config
    momentum, decay = getattr(settings, "momentum", 0.0), getattr(settings, "weight_decay", 0.0)
    optimiser = torch.optim.SGD(net.parameters(), lr=1.0, momentum=momentum, weight_decay=decay)
    for parameter, velocity in zip(net.parameters(), velocities, strict=False):
        optimiser.state[parameter]["momentum_buffer"] = velocity.view_as(parameter).clone()
    stream = streams([seed], "noise")[0]

    def step(loss, rate, clip=None):
        optimiser.zero_grad()
        loss.backward()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(net.parameters(), clip)
        optimiser.param_groups[0]["lr"] = rate
        optimiser.step()

    @torch.no_grad()
    def add_noise(deviation):
        for parameter in net.parameters():
            draw = [stream.standard_normal(dtype=np.float32) for _ in range(parameter.numel())]
            parameter += deviation * torch.tensor(draw).view_as(parameter)

    def passes(indices, order):
        def batches(size):
            for index in torch.as_tensor(order.permutation(indices.numpy())).split(size):
                yield data.train_x[index], data.train_y[index]

        return batches

    more = More(data, retain, recipe, margins, add_noise)
    forget = passes(forget, streams([seed], "forget order")[0])
    retain = passes(retain, streams([seed], "retain order")[0])
    for epoch in range(1, EPOCHS + 1):
        PLAIN[config.kind](config, net, teacher, step, forget, retain, epoch, more)


@pytest.mark.parametrize("batch_norm", ["running", "frozen"])
def test_the_batched_method_equals_the_plain_one(
    any_method,
    batch_norm,
    kind,
    go,
    with_,
    models,
    data,
    pretrained,
    forget,
    retain,
    seeds,
    as_module,
    assert_same_member,
    recipe,
    resources,
):
    config = any_method
    if config.kind not in ("do-nothing", "statistics-only"):
        config = with_(config, batch_norm=batch_norm)
    if config.kind == "rewind":
        config = with_(config, noise=0.01)
    given = resources(config, kind) or Resources()
    (snapshot,) = go(config, epochs=[EPOCHS], kind=kind)
    for member, seed in enumerate(seeds):
        net, teacher = (as_module(models[kind], pretrained[kind], member) for _ in range(2))
        velocities = []
        if given.checkpoint is not None:
            net = as_module(models[kind], given.checkpoint.state, member)
            velocities = [v[member] for v in given.checkpoint.velocities.values()]
        margins = given.margins[member] if given.margins is not None else None
        run_plainly(config, net, teacher, data, forget, retain, seed, recipe, velocities, margins)
        assert_same_member(models[kind], snapshot.state, member, net, rtol=1e-3, atol=1e-4)

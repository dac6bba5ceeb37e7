"""Every method beside its plain, slow version: one ordinary module, PyTorch's optimiser and losses, a loop."""

import pytest
import torch
from torch.nn import functional

from empirics.randomness import streams

EPOCHS = 4


def plain_ga(config, net, teacher, step, forget, retain, epoch):
    for x, y in forget(config.batch_size):
        step(-functional.cross_entropy(net(x), y), config.learning_rate)


def plain_gda(config, net, teacher, step, forget, retain, epoch):
    if epoch <= config.ascent_epochs:
        for x, y in forget(config.forget_batch):
            step(-functional.cross_entropy(net(x), y), config.learning_rate)
    for x, y in retain(config.batch_size):
        step(functional.cross_entropy(net(x), y), config.learning_rate)


def plain_scrub(config, net, teacher, step, forget, retain, epoch):
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


def plain_fine_tune(config, net, teacher, step, forget, retain, epoch):
    for x, y in retain(config.batch_size):
        step(functional.cross_entropy(net(x), y), config.learning_rate)


def plain_neg_grad_plus(config, net, teacher, step, forget, retain, epoch):
    a, beside = config.retain_weight, []
    for x, y in retain(config.batch_size):
        beside = beside or list(forget(config.forget_batch))
        fx, fy = beside.pop(0)
        down = a * functional.cross_entropy(net(x), y)
        step(down - (1 - a) * functional.cross_entropy(net(fx), fy), config.learning_rate)


def plain_do_nothing(config, net, teacher, step, forget, retain, epoch):
    pass


def plain_statistics_only(config, net, teacher, step, forget, retain, epoch):
    for x, _ in [*(forget(config.forget_batch) if epoch <= config.ascent_epochs else ()), *retain(30)]:
        net(x)


PLAIN = {
    "ga": plain_ga,
    "gda": plain_gda,
    "scrub": plain_scrub,
    "fine-tune": plain_fine_tune,
    "neg-grad-plus": plain_neg_grad_plus,
    "do-nothing": plain_do_nothing,
    "statistics-only": plain_statistics_only,
}


def run_plainly(config, net, teacher, data, forget, retain, seed):
    net.train(config.batch_norm == "running")
    teacher.eval()
    momentum, decay = getattr(config, "momentum", 0.0), getattr(config, "weight_decay", 0.0)
    optimiser = torch.optim.SGD(net.parameters(), lr=1.0, momentum=momentum, weight_decay=decay)

    def step(loss, rate):
        optimiser.zero_grad()
        loss.backward()
        optimiser.param_groups[0]["lr"] = rate
        optimiser.step()

    def passes(indices, order):
        def batches(size):
            for index in torch.as_tensor(order.permutation(indices.numpy())).split(size):
                yield data.train_x[index], data.train_y[index]

        return batches

    forget = passes(forget, streams([seed], "forget order")[0])
    retain = passes(retain, streams([seed], "retain order")[0])
    for epoch in range(1, EPOCHS + 1):
        PLAIN[config.kind](config, net, teacher, step, forget, retain, epoch)


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
):
    config = any_method
    if config.kind not in ("do-nothing", "statistics-only"):
        config = with_(config, batch_norm=batch_norm)
    (snapshot,) = go(config, epochs=[EPOCHS], kind=kind)
    for member, seed in enumerate(seeds):
        net, teacher = (as_module(models[kind], pretrained[kind], member) for _ in range(2))
        run_plainly(config, net, teacher, data, forget, retain, seed)
        assert_same_member(models[kind], snapshot.state, member, net, rtol=1e-3, atol=1e-4)

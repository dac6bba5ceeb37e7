"""Models trained per second: the ensemble beside a plain PyTorch loop over models. One run, ratios.

Same networks, data, batches, schedule and optimiser, one thread or two for each. The two take turns, are timed by
the epoch in slices of about the same length (five epochs of one model, one epoch of the ensemble), and the best
slice of each counts: a busy neighbour only ever adds time. The perceptron is trained in full and its accuracy
shown; the convolutional network, many times dearer, for a few epochs. Then one gradient of the convolutional
network for 100 members in the three ways in which it could be computed.
"""

import argparse
import time

import numpy as np
import torch
from torch import nn
from torch.func import functional_call, grad, stack_module_state, vmap
from torch.nn import functional

from ascentcheck.empirics.data import DigitsConfig, load
from ascentcheck.empirics.ensemble import TrainConfig, cross_entropy, member_seeds, train
from ascentcheck.empirics.margins import margins
from ascentcheck.empirics.models import CnnConfig, MlpConfig, build

N = 100
THREADS = (1, 2)
SLICE = 5  # epochs of one model that take about as long as one of the ensemble


def module(kind, widths):
    layers, before = ([nn.Flatten()], 64) if kind == "mlp" else ([], 1)
    for i, width in enumerate(widths):
        if kind == "mlp":
            layers += [nn.Linear(before, width, bias=False), nn.BatchNorm1d(width), nn.ReLU()]
        else:
            layers += [nn.Conv2d(before, width, 3, 1 if i == 0 else 2, 1, bias=False), nn.BatchNorm2d(width)]
            layers += [nn.ReLU()]
        before = width
    pool = [] if kind == "mlp" else [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers, *pool, nn.Linear(before, 10))


def train_plainly(net, data, config):
    """The loop that one would write for a single model; return its accuracy and the seconds of each epoch."""
    optimiser = torch.optim.SGD(
        net.parameters(), lr=0.0, momentum=config.momentum, weight_decay=config.weight_decay
    )
    n = len(data.train_x)
    per_epoch, iteration = n // config.batch_size, 0
    net.train()
    times = []
    for _ in range(config.epochs):
        start = time.perf_counter()
        for index in torch.randperm(n).split(config.batch_size)[:per_epoch]:
            optimiser.param_groups[0]["lr"] = config.rate(iteration, per_epoch)
            optimiser.zero_grad()
            functional.cross_entropy(net(data.train_x[index]), data.train_y[index]).backward()
            optimiser.step()
            iteration += 1
        times.append(time.perf_counter() - start)
    net.eval()
    with torch.no_grad():
        return float((net(data.val_x).argmax(1) == data.val_y).float().mean()), times


def train_together(model, data, config, seeds):
    """The ensemble; return its state and the seconds of each epoch."""
    stamps = [time.perf_counter()]
    everything = torch.arange(len(data.train_x))
    state = train(model, data, everything, config, seeds, lambda *_: stamps.append(time.perf_counter()))
    return state, list(np.diff(stamps))


def compare(kind, config, data, rounds, loops):
    settings = MlpConfig() if kind == "mlp" else CnnConfig()
    widths = settings.hidden if kind == "mlp" else settings.channels
    model, seeds = build(settings, data.shape, data.n_classes), member_seeds(0, "benchmark", N)
    train_plainly(module(kind, widths), data, TrainConfig(epochs=1, peak_epoch=1))  # imports, warm-up
    plain, ours, accuracy, state = [], [], [], None
    for _ in range(rounds):
        for threads in THREADS:
            torch.set_num_threads(threads)
            for _ in range(loops):
                right, times = train_plainly(module(kind, widths), data, config)
                accuracy.append(right)
                slices = np.convolve(times, np.ones(SLICE) / SLICE, mode="valid")
                plain.append((slices.min() * config.epochs, threads))
            state, times = train_together(model, data, config, seeds)
            ours.append((min(times) * config.epochs / N, threads))
    print(f"{kind} {list(widths)}, {config.epochs} epochs of batches of {config.batch_size}:")
    for name, (best, threads) in (("loop", min(plain)), ("ensemble", min(ours))):
        print(f"  {name:8} {1 / best:7.2f} models per second ({threads} threads)")
    print(f"  ratio {min(plain)[0] / min(ours)[0]:.1f}; {N} models in {min(ours)[0] * N:.1f} s")
    together = (margins(model, state, data.val_x, data.val_y) > 0).mean()
    print(f"  validation accuracy: loop {np.mean(accuracy):.4f}, ensemble {together:.4f}", flush=True)


def milliseconds(function):
    start = time.perf_counter()
    function()
    return (time.perf_counter() - start) * 1e3


def convolutions(data, batch, rounds):
    """Time one gradient of the default convolutional network for N members, each way."""
    channels, seeds = CnnConfig().channels, member_seeds(0, "benchmark", N)
    model = build(CnnConfig(), data.shape, data.n_classes)
    index = torch.randint(0, len(data.train_x), (N, batch))
    x, y = data.train_x[index], data.train_y[index]

    state = model.init(seeds)
    parameters = [p.requires_grad_() for p in state.parameters.values()]

    def grouped():
        cross_entropy(model.forward(state, x, "train")[0], y).sum().backward()
        for p in parameters:
            p.grad = None

    def products():
        """Nine shifted copies of the image side by side, then one batched product."""
        a, p = x.movedim(2, 4), state.parameters
        for i in range(len(channels)):
            stride, h = (1 if i == 0 else 2), a.shape[2]
            padded = functional.pad(a, (0, 0, 1, 1, 1, 1))
            shifts = [
                padded[:, :, r : r + h : stride, c : c + h : stride] for r in range(3) for c in range(3)
            ]
            patches = torch.cat(shifts, dim=4)
            weight = p[f"weight{i}"].movedim(2, 4).flatten(2)
            z = torch.bmm(patches.flatten(1, 3), weight.mT)
            z = z - z.mean(1, keepdim=True)
            z = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-5) * p[f"gain{i}"][:, None]
            a = (z + p[f"shift{i}"][:, None]).relu().unflatten(1, patches.shape[1:4])
        logits = torch.baddbmm(p["head_bias"][:, None], a.mean((2, 3)), p["head_weight"].mT)
        cross_entropy(logits, y).sum().backward()
        for parameter in parameters:
            parameter.grad = None

    nets = [module("cnn", channels) for _ in range(N)]
    for net in nets:
        for layer in net:
            if isinstance(layer, nn.BatchNorm2d):
                layer.track_running_stats, layer.running_mean, layer.running_var = False, None, None
                layer.num_batches_tracked = None
    stacked, _ = stack_module_state(nets)
    one = vmap(grad(lambda p, x, y: functional.cross_entropy(functional_call(nets[0], p, (x,)), y)))

    print(f"one gradient of cnn {list(channels)}, {N} members, batches of {batch}, best of {rounds}:")
    for threads in THREADS:
        torch.set_num_threads(threads)
        ways = {
            "grouped convolution": grouped,
            "shifts and products": products,
            "vmap": lambda: one(stacked, x, y),
        }
        times = {name: min(milliseconds(way) for _ in range(rounds + 1)) for name, way in ways.items()}
        print(f"  {threads} threads: " + ", ".join(f"{name} {t:.1f} ms" for name, t in times.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--rounds", type=int, default=3, help="rounds of the comparison; the best time counts"
    )
    rounds = parser.parse_args().rounds
    data = load(DigitsConfig())
    compare("mlp", TrainConfig(), data, rounds, loops=3)
    compare("cnn", TrainConfig(epochs=SLICE, peak_epoch=2), data, rounds, loops=3)
    convolutions(data, 16, rounds * 3)


if __name__ == "__main__":
    main()

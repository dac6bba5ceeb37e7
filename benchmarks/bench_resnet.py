"""One training gradient of ResNet-9 for N members at once: the ways to compute it, and a plain PyTorch loop.

The ways are that of the package (one member after the other, channels last), the same channels first, one grouped
convolution over all members, `torch.func.vmap`, and the peer: an eager loop over plain modules, each forward
and backward before the next. All get the same weights and images, must give the same logits, take turns, and the
best round of each counts: a busy neighbour only ever adds time. Printed are milliseconds per member, and the FLOPs
of convolutions and products per second beside those of a large matrix product and of one large convolution, of the
same type in the same run. The product is no ceiling everywhere: in float32 on AMD's CPUs the library behind it
stays at half of what a convolution reaches. `floors.py` says what the floors are.

Measured with PyTorch 2.13 on one core of a shared AMD EPYC, in ms per member. In float32 a product reaches 88 to 103
GFLOP/s and a convolution 218 to 256, in bfloat16 420 and 444:

| width | batch | N | one by one | channels first | grouped | vmap | plain loop |
|---|---|---|---|---|---|---|---|
| 8 | 64 | 1 | 22.8 | 27.9 | 28.5 | 43.0 | 29.4 |
| 8 | 64 | 4 | 28.9 | 31.5 | 36.4 | 43.1 | 26.7 |
| 8 | 64 | 10 | 25.1 | 31.6 | 40.1 | 47.3 | 29.2 |
| 16 | 64 | 1 | 48.5 | 62.4 | 67.6 | 81.2 | 62.0 |
| 16 | 64 | 4 | 52.5 | 66.5 | 84.4 | 100.3 | 71.9 |
| 16 | 64 | 10 | 48.1 | 63.0 | 92.1 | 163.1 | 62.2 |
| 64 | 64 | 1 | 553.4 | 631.0 | 592.9 | 769.8 | 629.4 |
| 64 | 64 | 4 | 596.7 | 696.4 | 685.1 | 1039.3 | 614.7 |
| 64 | 64 | 10 | 569.5 | 666.0 | 910.1 | 1419.2 | 652.2 |
| 16 | 512 | 1 | 554.6 | 680.2 | 758.5 | 1156.0 | 679.2 |
| 16 | 512 | 4 | 574.4 | 747.8 | 1066.2 | 1596.8 | 531.0 |

and in bfloat16

| 16 | 64 | 4 | 34.1 | 42.7 | 49.0 | 88.3 | 45.1 |
| 64 | 64 | 4 | 307.0 | 355.0 | 387.9 | 1149.4 | 345.8 |

One by one is 0.92 to 1.37 times as fast as the plain loop, and channels last 1.09 to 1.32 times as fast as first; runs
differ by a tenth. Grouped is slower than one by one at every size, and vmap slower still. At batch 512 a part of the time
is memory that the system hands out afresh in each step, for all members at once: with an allocator that keeps it
(glibc's MALLOC_TRIM_THRESHOLD_ and MALLOC_MMAP_THRESHOLD_ at 1e11) the last row of float32 becomes 395.4, 503.9, 539.4,
680.7 and 511.9. With --compile, at batch 64 and N = 4, torch.compile takes 46.5 ms to 45.8 one by one at width 16, and 300.5
to 283.2 at width 64 in bfloat16, after 45 s of compiling. Of the floors of one gradient at width 64, batch 64, that
of FLOPs is 450 ms, of bytes 8.2 ms and of launches 0.14 ms. `bench_training.py` has whole steps,
and what they take on a GPU.
"""

import argparse
import platform

import torch
from floors import rates, seconds, traffic
from torch import nn
from torch.func import vmap
from torch.nn import functional

from ascentcheck.empirics.device import autocast
from ascentcheck.empirics.ensemble import member_seeds
from ascentcheck.empirics.models import ResNet9, State, resnet9
from ascentcheck.empirics.models.flops import forward_flops
from ascentcheck.empirics.models.layers import EPSILON, MOMENTUM
from ascentcheck.empirics.models.residual import Member

SHAPE, CLASSES, TRAIN_SIZE = (3, 32, 32), 10, 50_000
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def convolution(before, out, size=3, stride=1, padding=1):
    return nn.Sequential(
        nn.Conv2d(before, out, size, stride, padding, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)
    )


class Plain(nn.Module):
    """One member as one would write it for a single model."""

    def __init__(self, w):
        super().__init__()
        self.stem = nn.Sequential(convolution(3, w), convolution(w, 2 * w, 5, 2, 2))
        self.first = nn.Sequential(convolution(2 * w, 2 * w), convolution(2 * w, 2 * w))
        self.middle = nn.Sequential(convolution(2 * w, 4 * w), nn.MaxPool2d(2))
        self.second = nn.Sequential(convolution(4 * w, 4 * w), convolution(4 * w, 4 * w))
        self.end = nn.Sequential(convolution(4 * w, 2 * w, padding=0), nn.AdaptiveMaxPool2d(1), nn.Flatten())
        self.head = nn.Linear(2 * w, CLASSES, bias=False)

    def forward(self, x):
        a = self.stem(x)
        a = self.middle(a + self.first(a))
        return resnet9.SCALE * self.head(self.end(a + self.second(a)))


class Grouped(Member):
    """All members side by side in the channels."""

    def convolve(self, i, x, stride=1, padding=1):
        weight, gain, shift = (self.parameters[f"{part}{i}"] for part in ("weight", "gain", "shift"))
        mean, var = (self.statistics[f"{part}{i}"].view(-1) for part in ("mean", "var"))
        z = functional.conv2d(x, weight.flatten(0, 1), None, stride, padding, groups=len(weight))
        return functional.batch_norm(z, mean, var, gain.flatten(), shift.flatten(), True, MOMENTUM, EPSILON)


class WithoutRunning(Member):
    """vmap cannot move running statistics in place: it is let off."""

    def convolve(self, i, x, stride=1, padding=1):
        p = self.parameters
        z = functional.conv2d(x, p[f"weight{i}"], stride=stride, padding=padding)
        return functional.batch_norm(z, None, None, p[f"gain{i}"], p[f"shift{i}"], True, MOMENTUM, EPSILON)


def head(a, p):
    return resnet9.SCALE * a @ p["head_weight"].mT


def ways(model, state, x, compiling=False):
    """Return the ways by name: functions that give logits [n, B, C] of all members or of some at a time."""
    modules = [Plain(model.width).to(x.device) for _ in x]
    with torch.no_grad():
        for member, module in enumerate(modules):
            for mine, plain in zip(state.parameters.values(), module.parameters(), strict=True):
                plain.copy_(mine[member])

    def plain():
        for module, points in zip(modules, x, strict=True):
            module.zero_grad()
            yield module(points)[None]

    def grouped():
        statistics = {name: value.clone() for name, value in state.statistics.items()}
        a = resnet9.network(Grouped(state.parameters, statistics, "train"), x.transpose(0, 1).flatten(1, 2))
        return [head(a.unflatten(1, (len(x), -1)).transpose(0, 1), state.parameters)]

    def channels_first():
        statistics = {name: value.clone() for name, value in state.statistics.items()}
        parameters = {name: value.unbind() for name, value in state.parameters.items()}
        features = [
            resnet9.network(
                Member(
                    {name: values[i] for name, values in parameters.items()},
                    {name: value[i] for name, value in statistics.items()},
                    "train",
                ),
                points,
            )
            for i, points in enumerate(x)
        ]
        return [head(torch.stack(features), state.parameters)]

    def forward(parameters, statistics, x):
        return model.forward(State(parameters, statistics), x, "train")[0]

    one = vmap(lambda p, x: head(resnet9.network(WithoutRunning(p, {}, "train"), x), p))
    # On a GPU the mode also captures the graph of launches.
    fast = torch.compile(forward, dynamic=False, mode="reduce-overhead" if x.is_cuda else None)
    compiled = {"compiled": lambda: [fast(state.parameters, state.statistics, x)]} if compiling else {}
    return {
        "one by one": lambda: [model.forward(state, x, "train")[0]],
        "channels first": channels_first,
        "grouped": grouped,
        "vmap": lambda: [one(state.parameters, x)],
        **compiled,
        "plain loop": plain,
    }


def compare(width, batch, n, device, precision, rounds, compiling=False):
    model = ResNet9(width, SHAPE, CLASSES)
    start = model.init(member_seeds(0, "benchmark", n)).to(device)
    state = State({name: p.requires_grad_() for name, p in start.parameters.items()}, start.statistics)
    x = torch.randn(n, batch, *SHAPE, generator=torch.Generator().manual_seed(0)).to(device)
    weights = torch.randn(n, batch, CLASSES, device=device)
    choices = ways(model, state, x, compiling)

    def gradient(way):
        with autocast(precision, device):
            for logits in way():  # of the plain loop one by one, each with its own way back
                with torch.autocast(device.type, enabled=False):
                    (logits.float() * weights[: len(logits)]).sum().backward()
        for p in state.parameters.values():
            p.grad = None

    # On a GPU convolutions of float32 are in TF32, ten bits; bfloat16 has eight, through eight layers.
    tolerance = 0.2 if precision == "bfloat16" else 2e-2 if device.type == "cuda" else 1e-3
    with torch.no_grad(), autocast(precision, device):
        expected = choices["one by one"]()[0].float()
        for name, way in choices.items():
            error = float((torch.cat(list(way())).float() - expected).abs().max() / expected.std())
            if not error < tolerance:
                raise SystemExit(f"{name} gives other logits: they differ by {error:.2g} of their spread")
    best = dict.fromkeys(choices, float("inf"))
    for _ in range(rounds):
        for name, way in choices.items():
            best[name] = min(best[name], seconds(lambda way=way: gradient(way), device) / n)
    work = 3 * batch * forward_flops(model, SHAPE)  # backward is two passes forward
    reached = rates(device, DTYPES[precision], rounds)
    product, conv = reached.product / 1e9, reached.convolution / 1e9
    moved = traffic(lambda: gradient(choices["one by one"]))
    print(f"width {width}, batch {batch}, N = {n}, each: {work / 1e9:.1f} GFLOP;", end=" ")
    print(
        f"{moved.fused / n / 1e6:.0f} MB if all is fused, {moved.bytes / n / 1e6:.0f} MB as it is;", end=" "
    )
    print(f"{moved.operations / n:.0f} operations")
    print(f"  product {product:.0f} GFLOP/s, convolution {conv:.0f} GFLOP/s,", end=" ")
    print(f"copy {reached.copy / 1e9:.1f} GB/s, launch {reached.launch * 1e6:.1f} µs")
    floors = reached.floors(work, moved.fused / n, moved.operations / n)
    epoch = TRAIN_SIZE / batch
    for name, least in floors.items():
        print(f"  floor of {name:8} {least * 1e3:9.2f} ms, {least * epoch:8.1f} s an epoch of {TRAIN_SIZE:,}")
    for name, time_each in best.items():
        rate = work / time_each / 1e9
        print(f"  {name:13} {time_each * 1e3:9.2f} ms {rate:9.0f} GFLOP/s,", end=" ")
        print(f"{rate / product:4.0%} of the product, {rate / conv:4.0%} of the convolution,", end=" ")
        print(f"{best['plain loop'] / time_each:.2f} × the loop")
    row = " | ".join(f"{best[name] * 1e3:.{1 if device.type == 'cpu' else 2}f}" for name in best)
    print(f"| {width} | {batch} | {n} | {row} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--width", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--batch", type=int, nargs="+", default=[64])
    parser.add_argument("--members", type=int, nargs="+", default=[1, 4, 10])
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many counts")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--precision", choices=DTYPES, default="float32")
    parser.add_argument(
        "--compile", action="store_true", help="with torch.compile too; takes a minute for each size"
    )
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    device = torch.device(given.device)
    torch.set_num_threads(given.threads)
    card = torch.cuda.get_device_name(device) if device.type == "cuda" else f"{given.threads} threads"
    cudnn = torch.backends.cudnn.version() if device.type == "cuda" else None
    print(f"PyTorch {torch.__version__}, CUDA {torch.version.cuda}, cuDNN {cudnn}, Python", end=" ")
    print(f"{platform.python_version()}; {device.type}, {card}; {given.precision}")
    for width in given.width:
        for batch in given.batch:
            for n in given.members:
                compare(width, batch, n, device, given.precision, given.rounds, given.compile)


if __name__ == "__main__":
    main()

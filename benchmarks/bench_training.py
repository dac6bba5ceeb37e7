"""Whole training steps of ResNet-9, images to updated weights: the package's ways beside a plain PyTorch loop.

Each way trains its members on CIFAR-shaped noise that lies on the device; printed are milliseconds per member's step, the
FLOPs of convolutions and products per second, their share of what one large matrix product reaches in the same run, and
models per hour for 24 epochs of 50,000 images. The peer is what one would write for one model at a time: modules,
`torch.optim.SGD`, autocast. It gets channels last and cuDNN's own search as well, and the best peer counts. The
package's ways are the members one after the other (`eager`), that step captured as a CUDA graph (`captured`), the
network compiled (`compiled`), and both. `--workers` runs so many processes of one way on the same device at once: their
steps count over the seconds during which all of them ran.

`floors.py` says what the product's rate is. Results of runs are in docs/results/records.md.
"""

import argparse
import json
import platform
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace

import torch
from bench_resnet import DTYPES, Plain
from floors import rates

from ascentcheck.empirics.data import Dataset, Scaling
from ascentcheck.empirics.device import autocast, described
from ascentcheck.empirics.ensemble import member_seeds
from ascentcheck.empirics.models import ResNet9, State
from ascentcheck.empirics.models.flops import forward_flops
from ascentcheck.empirics.step import WARM, Sgd, Step, cross_entropy

SHAPE, CLASSES, TRAIN_SIZE, EPOCHS = (3, 32, 32), 10, 50_000, 24
RATE = 0.01
START = 20.0
"""Seconds that several processes have to get ready."""
PACKAGE = {
    "eager": (False, False),
    "captured": (True, False),
    "compiled": (False, True),
    "both": (True, True),
}
PEERS = {"plain": (False, False), "plain channels last": (True, False), "plain tuned": (True, True)}


@dataclass(frozen=True)
class Timed:
    """`milliseconds` per member's step; `first` is the seconds before the first timed step, compiling included."""

    way: str
    precision: str
    batch: int
    members: int
    workers: int
    milliseconds: float
    first: float
    steps: int
    tflops: float
    models_per_hour: float


def noise(device, size=4096):
    """Return images of CIFAR's shape that lie on the device."""
    draw = torch.Generator().manual_seed(0)
    x = torch.randint(0, 256, (size, *SHAPE), dtype=torch.uint8, generator=draw)
    y = torch.randint(0, CLASSES, (size,), generator=draw)
    scaling = Scaling((0.5,) * 3, (0.25,) * 3)
    return Dataset("noise", x, y, x[:8], y[:8], CLASSES, scaling).to(device)


def package(way, width, batch, members, precision, data):
    """Return a function that takes one step of all members."""
    capture, compiled = PACKAGE[way]
    model = replace(ResNet9(width, SHAPE, CLASSES), compiled=compiled)
    start = model.init(member_seeds(0, "benchmark", members)).to(data.device)
    state = State({name: p.requires_grad_() for name, p in start.parameters.items()}, start.statistics)
    step = Step(
        model, data, state, Sgd(state.parameters.values(), 0.9, 5e-4), precision=precision, capture=capture
    )
    index = torch.randint(0, len(data.train_x), (members, batch), device=data.device)
    return lambda: step([(index, 1.0)], RATE)


def peer(way, width, batch, members, precision, data):
    """Return a function that takes one step of a single model, as one would write it."""
    last, tuned = PEERS[way]
    torch.backends.cudnn.benchmark = tuned
    module = Plain(width).to(data.device)
    if last:
        module = module.to(memory_format=torch.channels_last)
    optimiser = torch.optim.SGD(module.parameters(), RATE, momentum=0.9, weight_decay=5e-4)
    index = torch.randint(0, len(data.train_x), (1, batch), device=data.device)

    def step():
        x, y = data.batch(index)
        x = x[0].contiguous(memory_format=torch.channels_last) if last else x[0]
        with autocast(precision, data.device):
            logits = module(x)
        loss = cross_entropy(logits.float()[None], y).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    return step


def wait(device):
    if device.type == "cuda":
        torch.cuda.synchronize()


def measure(way, width, batch, members, precision, device, seconds, start_at=None):
    """Return the time of a way's steps: as many as fit into `seconds`, in at least three rounds of which the best counts.

    With `start_at`, a time of the system's clock, the mean of the steps in the `seconds` from then on counts.
    """
    data, begin = noise(device), time.perf_counter()
    make, n = (package, members) if way in PACKAGE else (peer, 1)
    torch.backends.cudnn.benchmark = True
    step = make(way, width, batch, n, precision, data)
    for _ in range(WARM + 2):
        step()
    wait(device)
    first, best, steps, spent = time.perf_counter() - begin, float("inf"), 0, 0.0
    if start_at is not None:
        if time.time() > start_at:
            raise RuntimeError(f"{way}: ready {time.time() - start_at:.1f} s after the common start")
        while time.time() < start_at + seconds:
            step()
            wait(device)
            steps += time.time() > start_at
        return timed(way, width, batch, n, precision, seconds / steps, first, steps)
    start = time.perf_counter()
    step()
    wait(device)
    each = max(1, int(seconds / 3 / max(time.perf_counter() - start, 1e-6)))
    while spent < seconds or steps < 3 * each:
        start = time.perf_counter()
        for _ in range(each):
            step()
        wait(device)
        now = time.perf_counter() - start
        best, steps, spent = min(best, now / each), steps + each, spent + now
    return timed(way, width, batch, n, precision, best, first, steps)


def timed(way, width, batch, members, precision, each, first, steps):
    """Return what is printed of steps of `each` seconds."""
    per_member = each / members
    work = 3 * batch * forward_flops(ResNet9(width, SHAPE, CLASSES), SHAPE)
    hour = 3600 / (per_member * EPOCHS * (TRAIN_SIZE // batch))
    return Timed(
        way, precision, batch, members, 1, per_member * 1e3, first, steps, work / per_member / 1e12, hour
    )


def together(way, given, batch, members, precision, workers):
    """Return what several processes on the one device reach together: the sum of their rates, over the same seconds."""
    command = [sys.executable, __file__, "--ways", way, "--batch", str(batch), "--members", str(members)]
    command += [
        "--precision",
        precision,
        "--width",
        str(given.width),
        "--seconds",
        str(given.seconds),
        "--bare",
    ]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(workers)]
    found = [json.loads(process.communicate()[0])[0] for process in running]
    rate = sum(1 / one["milliseconds"] for one in found)
    flops, hour = (sum(one[key] for one in found) for key in ("tflops", "models_per_hour"))
    steps, first = sum(one["steps"] for one in found), max(one["first"] for one in found)
    return Timed(way, precision, batch, members, workers, 1 / rate, first, steps, flops, hour)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--ways", nargs="+", choices=[*PACKAGE, *PEERS], default=[*PEERS, "eager", "captured"]
    )
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--batch", type=int, nargs="+", default=[512])
    parser.add_argument("--members", type=int, default=10)
    parser.add_argument("--precision", choices=DTYPES, nargs="+", default=["bfloat16"])
    parser.add_argument(
        "--workers",
        type=int,
        nargs="*",
        default=[],
        help="so many processes at once, too, of the least batch",
    )
    parser.add_argument("--seconds", type=float, default=1.0, help="for each way")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--start-at", type=float, help="when to begin to count, by the system's clock")
    parser.add_argument("--bare", action="store_true", help="print the times alone, as JSON")
    parser.add_argument("--json", help="write the times to this file, too")
    given = parser.parse_args()
    device, times = torch.device(given.device), []
    torch.set_num_threads(1)
    if not given.bare:
        cards = {p: rates(device, DTYPES[p], 3) for p in given.precision}
        print(
            f"PyTorch {torch.__version__}, Python {platform.python_version()}; {described(device)}",
            flush=True,
        )

    def add(one):
        times.append(asdict(one))
        if given.bare:
            return
        share = one.tflops * 1e12 / cards[one.precision].product
        print(
            f"batch {one.batch:4} {one.precision:9} {one.way:20} × {one.members:2}, workers {one.workers}: "
            f"{one.milliseconds:8.3f} ms, {one.tflops:6.1f} TFLOP/s ({share:4.0%} of the product), "
            f"{one.models_per_hour:8.0f} models an hour; {one.first:5.1f} s before",
            flush=True,
        )
        if given.json:
            reached = {p: asdict(card) for p, card in cards.items()}
            with open(given.json, "w", encoding="utf-8") as file:  # noqa: PTH123 - written anew after each way
                json.dump(
                    {
                        "device": described(device),
                        "torch": torch.__version__,
                        "rates": reached,
                        "times": times,
                    },
                    file,
                )

    for precision in given.precision:
        for batch in given.batch:
            for way in given.ways:
                try:
                    timing = given.seconds, given.start_at
                    add(measure(way, given.width, batch, given.members, precision, device, *timing))
                except (RuntimeError, torch.OutOfMemoryError) as error:
                    print(
                        f"{way} at batch {batch}: {str(error).splitlines()[0]}", file=sys.stderr, flush=True
                    )
                if device.type == "cuda":
                    torch.cuda.empty_cache()
        for workers in given.workers:
            for way in ("eager", "captured"):
                add(together(way, given, min(given.batch), given.members, precision, workers))
    if given.bare:
        print(json.dumps(times))


if __name__ == "__main__":
    main()

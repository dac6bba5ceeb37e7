"""What a gradient cannot take less than: its FLOPs, its bytes and its launches, each at a rate measured beside it.

The bytes are those that convolutions and products read and write if everything between them (norms, activations,
pooling) is fused into them: each of their inputs read once and each output written once, forward and backward. Those that
PyTorch moves operation by operation are given too: what fusing could save.
"""

import time
from dataclasses import dataclass

import torch
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

PRODUCTS = ("convolution", "convolution_backward", "mm", "bmm", "addmm", "baddbmm")
NO_WORK = ("detach", "empty", "empty_like", "empty_strided", "_unsafe_view", "unbind")


class Traffic(TorchDispatchMode):
    """Counts operations, the bytes that they read and write, and those of convolutions and products among them."""

    def __init__(self):
        super().__init__()
        self.operations = self.bytes = self.fused = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        name = func.overloadpacket.__name__
        if func.is_view or name in NO_WORK:
            return out
        tensors = [t for t in tree_leaves((args, kwargs, out)) if isinstance(t, torch.Tensor)]
        moved = sum(t.numel() * t.element_size() for t in tensors)
        self.operations += 1
        self.bytes += moved
        self.fused += moved * (name in PRODUCTS)
        return out


def traffic(function):
    """Return the traffic of a call, backward passes included."""
    with Traffic() as counted:
        function()
    return counted


def seconds(function, device):
    """Return the time of a call, all of its work on the device included."""
    if device.type == "cuda":
        torch.cuda.synchronize()
    start = time.perf_counter()
    function()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start


@dataclass(frozen=True)
class Rates:
    """What the device reaches: FLOP/s of a large matrix product and of a large convolution, bytes/s of a copy that no
    cache holds (read and written), and seconds for one operation on one number.
    """

    product: float
    convolution: float
    copy: float
    launch: float

    def floors(self, flops, moved, launches):
        """Return the least seconds for so many FLOPs of convolutions, bytes, and operations, by name."""
        return {
            "FLOPs": flops / self.convolution,
            "bytes": moved / self.copy,
            "launches": launches * self.launch,
        }


@torch.no_grad()
def rates(device, dtype, rounds):
    """Measure what a device reaches with one type of number; the best round counts."""
    size, batch = (8192, 1024) if device.type == "cuda" else (2048, 16)
    a = torch.randn(size, size, device=device, dtype=dtype)
    x = torch.randn(batch, 256, 32, 32, device=device, dtype=dtype)
    x = x.contiguous(memory_format=torch.channels_last)
    weight = torch.randn(256, 256, 3, 3, device=device, dtype=dtype)
    source = torch.zeros(2**30 if device.type == "cuda" else 2**28, dtype=torch.uint8, device=device)
    target, one, times = torch.empty_like(source), torch.zeros(1, device=device), 1000

    def best(function):
        return min(seconds(function, device) for _ in range(rounds + 2))

    def launches():
        for _ in range(times):
            one.add_(1)

    return Rates(
        2 * size**3 / best(lambda: a @ a),
        2 * 9 * 256**2 * 32**2 * batch / best(lambda: functional.conv2d(x, weight, padding=1)),
        2 * len(source) / best(lambda: target.copy_(source)),
        best(launches) / times,
    )

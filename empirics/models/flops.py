"""The work of a network, from the shapes of its layers and not timed: what a plan of a study multiplies by its samples.

Two FLOPs for each multiply-add of convolutions and matrix products; normalisation and activations are not counted. A pass
backward is about twice as much.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import prod

from ascentcheck.empirics.models.base import Model
from ascentcheck.empirics.models.cnn import Cnn
from ascentcheck.empirics.models.mlp import Mlp
from ascentcheck.empirics.models.resnet9 import ResNet9
from ascentcheck.empirics.models.resnet18 import STAGES, ResNet18

Layer = tuple[int, int, int, tuple[int, ...]]
"""Values in and out, the kernel's width, and the places at which it is applied."""


def forward_flops(model: Model, shape: tuple[int, ...]) -> int:
    """Return the FLOPs of one member's forward pass over one point of `shape`; a network of others is run and counted."""
    match model:
        case Mlp():
            widths = (prod(shape), *model.hidden, model.n_classes)
            return _work((before, after, 1, ()) for before, after in pairwise(widths))
        case Cnn():
            return _work(_cnn(model, shape))
        case ResNet9():
            return _work(_resnet9(model, shape))
        case ResNet18():
            return _work(_resnet18(model, shape))
    from ascentcheck.empirics.models.counted import counted

    return counted(model, shape)


def _work(layers: Iterable[Layer]) -> int:
    return sum(2 * before * after * kernel**2 * prod(places) for before, after, kernel, places in layers)


def _halved(places: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(-(-side // 2) for side in places)


def _cnn(model: Cnn, shape: tuple[int, ...]) -> Iterable[Layer]:
    before, *places = shape
    places = tuple(-(-side // model.first_stride) for side in places)
    for number, after in enumerate(model.channels):
        places = _halved(places) if number else places
        yield before, after, 3 if number else model.first_kernel, places
        before = after
    yield before * (prod(places) if model.head == "flatten" else 1), model.n_classes, 1, ()


def _resnet9(model: ResNet9, shape: tuple[int, ...]) -> Iterable[Layer]:
    w, (channels, *places) = model.width, shape
    half = _halved(tuple(places))
    quarter = tuple(side // 2 for side in half)
    yield channels, w, 3, tuple(places)
    yield w, 2 * w, 5, half
    yield from [(2 * w, 2 * w, 3, half)] * 2
    yield 2 * w, 4 * w, 3, half
    yield from [(4 * w, 4 * w, 3, quarter)] * 2
    yield 4 * w, 2 * w, 3, tuple(side - 2 for side in quarter)
    yield 2 * w, model.n_classes, 1, ()


def _resnet18(model: ResNet18, shape: tuple[int, ...]) -> Iterable[Layer]:
    before, places = model.width, _halved(shape[1:])
    yield shape[0], before, 7, places
    places = _halved(places)
    for stage in range(STAGES):
        after = model.width << stage
        if stage:
            places = _halved(places)
            yield before, after, 1, places
        yield before, after, 3, places
        yield from [(after, after, 3, places)] * 3
        before = after
    yield before, model.n_classes, 1, ()

"""The story of §5.2 solved: landscapes, paths and basins in the literal reading, and where the story fails in the others.

Minima are enclosed and the map of regimes is proved (`stationary`, `regimes`); paths and the grid of losses are floats, and
so SIMULATED.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from ascentcheck.theory.toy import paths, regimes
from ascentcheck.theory.toy.problem import Name, Reading, toy
from ascentcheck.theory.toy.stationary import Cover, StationaryPoint, solve

Array = NDArray[np.float64]
READING = Reading()
RIDGE = fmpq(1, 10)
FORGOTTEN = 2
SPAN_A, SPAN_B = (-1.0, 5.0), (-3.5, 1.5)
GRID = 90
RATE = 0.05
"""Learning rate of descent and ascent in turns."""
TOLD: tuple[Name, ...] = ("pretrained", "da", "retrained")


@dataclass(frozen=True)
class Landscape:
    """A problem: minima [n, 2], lowest loss first, the planes they stand for, and the loss on the grid [b, a]."""

    name: Name
    minima: Array
    signs: tuple[str, ...]
    loss: Array


@dataclass(frozen=True)
class Story:
    """Landscapes over the grid `a` × `b`, paths [n, 2] by name, the line between the basins, and the regimes.

    `regimes` [readings, ridges] holds the first part of the story that fails, by `regimes.PARTS`. `crossing` is where
    descent-ascent leaves the basin in which it starts, None where it does not.
    """

    a: Array
    b: Array
    landscapes: tuple[Landscape, ...]
    ways: tuple[tuple[str, Array], ...]
    separatrix: Array
    crossing: Array | None
    readings: tuple[Reading, ...]
    ridges: Array
    regimes: NDArray[np.int64]


def solved() -> Story:
    """Solve the literal reading at λ = 0.1, and read the stored map of regimes."""
    a, b = np.linspace(*SPAN_A, GRID), np.linspace(*SPAN_B, GRID)
    grid = np.stack(np.meshgrid(a, b), axis=-1)
    covers: dict[Name, Cover] = {
        name: solve(name, READING, RIDGE, 0 if name == "pretrained" else FORGOTTEN) for name in TOLD
    }
    problems = {name: toy(name, READING, RIDGE, FORGOTTEN) for name in TOLD}
    landscapes = tuple(
        Landscape(
            name,
            np.array([_place(m) for m in cover.minima]),
            tuple(m.signs for m in cover.minima),
            paths.loss(problems[name], grid),
        )
        for name, cover in covers.items()
    )
    start = _place(covers["pretrained"].minima[0])
    ascended = paths.flow(problems["da"], start)
    ways = (
        ("retraining", paths.flow(problems["retrained"], start)),
        ("descent-ascent", ascended),
        ("in turns", paths.in_turns(READING, RIDGE, FORGOTTEN, start, RATE, 2000)),
        ("finetuning on R after it", paths.flow(problems["retrained"], ascended[-1])),
    )
    saddle = next(p for p in covers["retrained"].points if p.kind == "saddle")
    ends = np.array([_place(m) for m in covers["retrained"].minima])
    crossed = paths.crossing(problems["retrained"], ends, ascended)
    stored = regimes.stored()
    every = tuple(regimes.readings())
    return Story(
        a,
        b,
        landscapes,
        ways,
        paths.separatrix(problems["retrained"], _place(saddle)),
        None if crossed is None else ascended[crossed],
        every,
        np.array([int(r.p) / int(r.q) for r in regimes.RIDGES]),
        np.array([stored[regimes.key(reading)] for reading in every]),
    )


def _place(point: StationaryPoint) -> Array:
    return np.array([float(point.a.mid()), float(point.b.mid())])

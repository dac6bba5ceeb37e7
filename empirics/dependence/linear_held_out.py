"""Test loss in linear models: what doing nothing, the best stop and the end cost on samples that no solution has seen.

A fifth of the samples is held out, and the rest is solved as in the sweep of the ridge. *Excess* is the mean loss on what is held
out less that of the retrained solution; the best stop is the place of the flow whose margins are nearest to the retrained one's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ascentcheck.empirics.data.copies import set_aside
from ascentcheck.empirics.data.stratified import stratified
from ascentcheck.empirics.dependence.doses import ASIDE
from ascentcheck.empirics.dependence.linear_apart import DRAWS
from ascentcheck.empirics.dependence.linear_courses import ACCURACY, BETAS, solved
from ascentcheck.empirics.dependence.linear_data import SETTINGS, Labelled, Setting, bundled, mask
from ascentcheck.empirics.dependence.linear_doses import SIZE
from ascentcheck.empirics.dependence.linear_sweep import (
    FEW,
    LOSS,
    RIDGES,
    SOFTMAX_RIDGES,
    Found,
    by_draw,
    by_draw_softmax,
)
from ascentcheck.empirics.dependence.ratio import Interval, t_interval
from ascentcheck.empirics.dependence.softmax import SoftmaxProblem
from ascentcheck.empirics.progress import Show
from ascentcheck.empirics.store import Store
from ascentcheck.theory.linear.flow import follow
from ascentcheck.theory.linear.minimum import Minimum, minimum
from ascentcheck.theory.linear.problem import Objective

CODE = 1
"""Raise it when a result would come out differently."""
PART = 5
"""One sample in so many is held out."""
PLACES = ("nothing", "nearest", "end")

Vector = np.ndarray


@dataclass(frozen=True)
class Excess:
    """The mean excess of the test loss at a place over random F; `retrained` is the retrained solution's own test loss.

    `diverges` is the share of F whose flow has no end; where it is above 0 there is no mean at the end.
    """

    data: str
    loss: str
    ridge: float
    beta: str
    place: str
    n: int
    excess: Interval
    retrained: Interval
    diverges: float


def parts(classes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the indices that are solved and those that are held out, each class in proportion."""
    held = len(classes) // PART
    return stratified(classes, len(classes) - held, held, 0)


def settings(data: Mapping[str, Labelled]) -> list[Setting]:
    """Return those of the sweep on each of the data, and all others of the doses."""
    swept = [Setting(name, LOSS, ridge) for name in data for ridge in RIDGES]
    return [*swept, *(one for one in SETTINGS if one not in swept)]


def on_data(data: Mapping[str, Labelled]) -> dict[Setting, Labelled]:
    """Return the same, each with its data: those that are given, or those that come along."""
    return {one: data[one.data] if one.data in data else bundled(one.data) for one in settings(data)}


def on_split(setting: Setting, data: Labelled, draw: int, size: int = SIZE) -> dict[str, Any]:
    """Return the excess at each place for both β of a random forget set, as plain data."""
    kept, held = parts(data.classes)
    mine = replace(data, x=data.x[kept], signs=data.signs[kept], classes=data.classes[kept])
    forget = set_aside(mine.classes, size, ASIDE, np.random.default_rng([draw, size])).forget
    problem = setting.problem(mine, mask(len(kept), forget))
    start, oracle = solved(problem)
    x, signs = data.x[held], data.signs[held]

    def loss(w: Vector) -> float:
        return float(np.mean(problem.loss.value(signs * (x @ w))))

    return _excesses(problem.descent_ascent, size / (len(kept) - size), start, oracle, problem.gram(), loss)


def by_softmax(data: Labelled, ridge: float, draw: int, size: int = SIZE) -> dict[str, Any]:
    """Return the same for the cross-entropy of all classes."""
    kept, held = parts(data.classes)
    forget = set_aside(data.classes[kept], size, ASIDE, np.random.default_rng([draw, size])).forget
    problem = SoftmaxProblem(data.x[kept], data.classes[kept], mask(len(kept), forget), ridge)
    test = SoftmaxProblem(data.x[held], data.classes[held], np.arange(len(held)) == 0, ridge)
    share = size / len(kept)
    start = minimum(problem.objective(1 - share, share), problem.zero).w
    oracle = minimum(problem.objective(1.0, 0.0), start).w

    def loss(w: Vector) -> float:
        whole = test.objective(1 - 1 / len(held), 1 / len(held))
        return whole.value(w) - ridge / 2 * float(w @ w)

    def descent_ascent(beta: float) -> Objective:
        return problem.objective(1.0, -beta)

    return _excesses(descent_ascent, size / (len(kept) - size), start, oracle, problem.gram(), loss)


def _excesses(
    objective: Callable[[float], Objective],
    ratio: float,
    start: Vector,
    oracle: Vector,
    gram: np.ndarray,
    loss: Callable[[Vector], float],
) -> dict[str, Any]:
    least, found = loss(oracle), {}
    for beta in BETAS:
        path = follow(objective(1.0 if beta == "one" else ratio), start, oracle, ACCURACY, (gram,))
        end = loss(path.end.w) - least if isinstance(path.end, Minimum) else None
        nearest = loss(path.closest[1].w) - least
        found[beta] = {
            "retrained": least,
            "excess": dict(zip(PLACES, (loss(start) - least, nearest, end), strict=True)),
        }
    return found


def run(store: Store, show: Show, data: Mapping[str, Labelled], draws: int = DRAWS) -> Found:
    """Return every excess, from the store where it is known."""
    return by_draw("linear held out", CODE, on_data(data), draws, on_split, store, show)


def run_softmax(
    store: Store, show: Show, draws: int = FEW, ridges: Sequence[float] = SOFTMAX_RIDGES
) -> Found:
    """Return the excesses of the cross-entropy of all ten digits, from the store where they are known."""
    return by_draw_softmax("softmax held out", CODE, draws, ridges, by_softmax, store, show)


def responses(found: Found) -> Iterator[Excess]:
    """Yield the mean excess at each place of each course."""
    for setting in dict.fromkeys(key[0] for key in found):
        for beta in BETAS:
            here = [c[beta] for (s, _), c in found.items() if s == setting]
            for place in PLACES:
                values = [c["excess"][place] for c in here]
                gone = [value is None for value in values]
                mean = Interval(math.nan, math.nan, math.nan) if any(gone) else t_interval(np.array(values))
                yield Excess(
                    setting.data,
                    setting.loss,
                    setting.ridge,
                    beta,
                    place,
                    len(here),
                    mean,
                    t_interval(np.array([c["retrained"] for c in here])),
                    float(np.mean(gone)),
                )

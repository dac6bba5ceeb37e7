"""The character of the stationary points of descent-ascent in each linear setting, on a few random forget sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascentcheck.empirics.data.copies import set_aside
from ascentcheck.empirics.dependence.doses import ASIDE
from ascentcheck.empirics.dependence.linear_courses import BETAS, solved
from ascentcheck.empirics.dependence.linear_data import Labelled, Setting, mask
from ascentcheck.empirics.dependence.linear_doses import SIZE
from ascentcheck.empirics.dependence.linear_held_out import on_data
from ascentcheck.empirics.dependence.linear_sweep import Found, by_draw
from ascentcheck.empirics.dependence.stationary import SCALES, STARTS, found, least_curvature
from ascentcheck.empirics.progress import Show
from ascentcheck.empirics.store import Store

CODE = 1
"""Raise it when a result would come out differently."""
DRAWS = 3


@dataclass(frozen=True)
class Points:
    """The stationary points over random F: on how many of these a bound proves that there is one, and what the search finds.

    `least_curvature` is the least and `most_curvature` the largest of the bounds over the F. `found` are the numbers of points by
    Morse index for each F, such as `0:1 1:2`; empty where none is found. `starts` is the number of starts of the search.
    """

    data: str
    loss: str
    ridge: float
    beta: str
    n: int
    proved: int
    least_curvature: float
    most_curvature: float
    found: str
    starts: int


def at_draw(setting: Setting, data: Labelled, draw: int, size: int = SIZE) -> dict[str, Any]:
    """Return the bound and the points found for both β of a random forget set, as plain data."""
    forget = set_aside(data.classes, size, ASIDE, np.random.default_rng([draw, size])).forget
    problem = setting.problem(data, mask(len(data.x), forget))
    near = solved(problem)
    known: dict[str, Any] = {}
    for beta in BETAS:
        weight = 1.0 if beta == "one" else problem.n_forget / problem.n_retain
        points = found(problem, weight, near, np.random.default_rng([draw, size]))
        bound = least_curvature(problem, weight)
        known[beta] = {
            "bound": None if np.isinf(bound) else bound,
            "points": [{"index": p.index, "length": float(np.linalg.norm(p.w))} for p in points],
        }
    return known


def run(store: Store, show: Show, data: Mapping[str, Labelled], draws: int = DRAWS) -> Found:
    """Return every F's points, from the store where they are known."""
    return by_draw("linear points", CODE, on_data(data), draws, at_draw, store, show)


def responses(known: Found) -> Iterator[Points]:
    """Yield what is known of each setting and β."""
    for setting in dict.fromkeys(key[0] for key in known):
        for beta in BETAS:
            here = [c[beta] for (s, _), c in known.items() if s == setting]
            bounds = [-np.inf if c["bound"] is None else c["bound"] for c in here]
            yield Points(
                setting.data,
                setting.loss,
                setting.ridge,
                beta,
                len(here),
                int(np.sum(np.array(bounds) > 0)),
                float(min(bounds)),
                float(max(bounds)),
                "; ".join(_counted(c["points"]) for c in here),
                3 + STARTS * len(SCALES),
            )


def _counted(points: list[dict[str, Any]]) -> str:
    count = Counter(str(p["index"]) for p in points)
    return " ".join(f"{index}:{number}" for index, number in count.items()) or "none"

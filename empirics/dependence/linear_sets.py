"""The observation in linear models: forget sets of two sizes that span dependence, each solved exactly, with its predictors.

Eight kinds of sets of the digits, eight of each at each size. Labels and features are those of the bundled data, but of
`mislabelled` sets, whose labels are wrong for every model, and of `duplicates`, of which an exact copy is kept in R.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from jaxtyping import Int64
from sklearn.cluster import KMeans

from ascentcheck.empirics.data.copies import set_aside, with_copies
from ascentcheck.empirics.dependence.linear_courses import BETAS, course, solved
from ascentcheck.empirics.dependence.linear_data import SETTINGS, Labelled, Setting, bundled, mask
from ascentcheck.empirics.dependence.predictors import predictors
from ascentcheck.empirics.dependence.tables import Row
from ascentcheck.empirics.progress import Show
from ascentcheck.empirics.store import Store
from ascentcheck.theory.linear.minimum import minimum

CODE = 1
"""Raise it when a result would come out differently."""
SIZES, EACH = (20, 100), 8
EXTREME = 250
"""Outliers and boundary points are drawn among so many that are farthest out, or nearest to the boundary."""
CLUSTERS = 10
OBSERVED = tuple(s for s in SETTINGS if s.data == "digits-halves")


@dataclass(frozen=True, eq=False)
class Chosen:
    """A forget set, and the data that it is a part of."""

    kind: str
    number: int
    forget: Int64[np.ndarray, " k"]
    data: Labelled

    @property
    def name(self) -> str:
        """A short name for people."""
        return f"{self.kind}-{len(self.forget)}-{self.number}"


Choose = Callable[[Labelled, int, int, np.random.Generator], Chosen]


def _random(data: Labelled, size: int, number: int, draw: np.random.Generator) -> Chosen:
    return Chosen("random", number, draw.choice(len(data.x), size, replace=False), data)


def _neighbours(data: Labelled, size: int, number: int, draw: np.random.Generator) -> Chosen:
    centre = data.x[draw.integers(len(data.x))]
    nearest = np.argsort(np.linalg.norm(data.x - centre, axis=1), kind="stable")[:size]
    return Chosen("neighbours", number, nearest, data)


def _class(data: Labelled, size: int, number: int, draw: np.random.Generator) -> Chosen:
    mine = np.flatnonzero(data.classes == number)
    return Chosen("class", number, draw.choice(mine, size, replace=False), data)


def _cluster(data: Labelled, size: int, number: int, draw: np.random.Generator) -> Chosen:
    found = KMeans(CLUSTERS, n_init=1, random_state=0).fit(data.x)
    away = found.transform(data.x)[:, number]
    return Chosen("cluster", number, np.argsort(away, kind="stable")[:size], data)


def _outliers(data: Labelled, size: int, number: int, draw: np.random.Generator) -> Chosen:
    away = np.empty(len(data.x))
    for label in np.unique(data.classes):
        mine = data.classes == label
        away[mine] = np.linalg.norm(data.x[mine] - data.x[mine].mean(axis=0), axis=1)
    farthest = np.argsort(-away, kind="stable")[:EXTREME]
    return Chosen("outliers", number, draw.choice(farthest, size, replace=False), data)


def _boundary(data: Labelled, size: int, number: int, draw: np.random.Generator) -> Chosen:
    everything = OBSERVED[0].problem(data, mask(len(data.x), np.arange(1)))
    margins = np.abs(everything.margins(minimum(everything.pretrained()).w))
    nearest = np.argsort(margins, kind="stable")[:EXTREME]
    return Chosen("boundary", number, draw.choice(nearest, size, replace=False), data)


def _mislabelled(data: Labelled, size: int, number: int, draw: np.random.Generator) -> Chosen:
    forget = draw.choice(len(data.x), size, replace=False)
    signs = np.where(mask(len(data.x), forget), -data.signs, data.signs)
    return Chosen("mislabelled", number, forget, replace(data, signs=signs))


def _duplicates(data: Labelled, size: int, number: int, draw: np.random.Generator) -> Chosen:
    aside = set_aside(data.classes, size, 1, draw)
    x = with_copies(data.x, data.classes, aside, 1, 1.0)
    return Chosen("duplicates", number, aside.forget, replace(data, x=x))


KINDS: tuple[Choose, ...] = (
    _random,
    _neighbours,
    _class,
    _cluster,
    _outliers,
    _boundary,
    _mislabelled,
    _duplicates,
)


def choose(data: Labelled, kind: int, size: int, number: int) -> Chosen:
    """Return set `number` of that size of the kind KINDS[kind], its indices sorted."""
    found = KINDS[kind](data, size, number, np.random.default_rng([kind, size, number]))
    return replace(found, forget=np.sort(found.forget))


def solve(setting: Setting, chosen: Chosen) -> dict[str, Any]:
    """Return the predictors of a set and its courses for both β, as plain data."""
    problem = setting.problem(chosen.data, mask(len(chosen.data.x), chosen.forget))
    start, oracle = solved(problem)
    return {
        "predictors": asdict(predictors(problem, start, oracle)),
        **{beta: asdict(course(problem, beta, start, oracle)) for beta in BETAS},
    }


@dataclass(frozen=True)
class Observed:
    """A set in a setting: its size and kind, its predictors, and its courses by β."""

    setting: str
    name: str
    kind: str
    size: int
    predictors: dict[str, float]
    courses: dict[str, dict[str, Any]]


def run(store: Store, show: Show, settings: Sequence[Setting] = OBSERVED, each: int = EACH) -> list[Observed]:
    """Return every set in every setting, from the store where it is known."""
    found: list[Observed] = []
    total = len(settings) * len(KINDS) * len(SIZES) * each
    for setting in settings:
        data = bundled(setting.data)
        for kind in range(len(KINDS)):
            for size in SIZES:
                for number in range(each):
                    chosen = choose(data, kind, size, number)
                    key = json.dumps(["linear set", CODE, asdict(setting), kind, size, number])
                    known = store.remembered(key, partial(solve, setting, chosen))
                    courses = {beta: known[beta] for beta in BETAS}
                    found.append(
                        Observed(setting.label, chosen.name, chosen.kind, size, known["predictors"], courses)
                    )
                    show(f"{setting.label} {chosen.name}", len(found) / total)
    return found


def row(one: Observed) -> Row:
    """Return a set in a setting as a row: predictors by name, log ratios as `BETA PLACE`."""
    found: Row = {"setting": one.setting, "name": one.name, "kind": one.kind, "size": one.size}
    found |= one.predictors
    for beta, known in one.courses.items():
        found["nothing"] = known["nothing"]
        found |= {f"{beta} {place}": ratio for place, ratio in known["log_ratios"].items()}
        found |= {f"{beta} nearest in weights": known["nearest_in_weights"]}
        found |= {f"{beta} line in weights": known["line_in_weights"]}
    return found

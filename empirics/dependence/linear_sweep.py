"""The ridge: random forget sets without copies at every λ, on the bundled data and on features of a pretrained network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from ascentcheck.empirics.data.copies import set_aside
from ascentcheck.empirics.dependence.doses import ASIDE
from ascentcheck.empirics.dependence.linear_apart import DRAWS
from ascentcheck.empirics.dependence.linear_courses import BETAS, course, solved
from ascentcheck.empirics.dependence.linear_data import Labelled, Setting, mask
from ascentcheck.empirics.dependence.linear_doses import SIZE
from ascentcheck.empirics.dependence.ratio import Interval, t_interval
from ascentcheck.empirics.progress import Show
from ascentcheck.empirics.store import Store

CODE = 1
"""Raise it when a result would come out differently."""
RIDGES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
LOSS = "logistic"

Found = Mapping[tuple[Setting, int], dict[str, Any]]


@dataclass(frozen=True)
class Swept:
    """The mean log ratio at a place over random F, at one λ; `fails` is the share of F with a ratio of 1 or more."""

    data: str
    ridge: float
    beta: str
    place: str
    n: int
    ratio: Interval
    nothing: Interval
    fails: float


def at_ridge(setting: Setting, data: Labelled, draw: int, size: int = SIZE) -> dict[str, Any]:
    """Return the courses for both β of a random forget set, as plain data."""
    forget = set_aside(data.classes, size, ASIDE, np.random.default_rng([draw, size])).forget
    problem = setting.problem(data, mask(len(data.x), forget))
    start, oracle = solved(problem)
    return {beta: asdict(course(problem, beta, start, oracle)) for beta in BETAS}


def run(store: Store, show: Show, data: Mapping[str, Labelled], draws: int = DRAWS) -> Found:
    """Return every course on each of the data, from the store where it is known."""
    found, total = {}, len(data) * len(RIDGES) * draws
    for name, labelled in data.items():
        for ridge in RIDGES:
            setting = Setting(name, LOSS, ridge)
            for draw in range(draws):
                key = json.dumps(["linear sweep", CODE, labelled.digest, asdict(setting), SIZE, draw])
                found[setting, draw] = store.remembered(key, partial(at_ridge, setting, labelled, draw))
                show(setting.label, len(found) / total)
    return found


def responses(found: Found) -> Iterator[Swept]:
    """Yield the mean at each place of each course."""
    for setting in dict.fromkeys(key[0] for key in found):
        for beta in BETAS:
            here = [c[beta] for (s, _), c in found.items() if s == setting]
            for place in here[0]["log_ratios"]:
                ratios = np.array([c["log_ratios"][place] for c in here])
                yield Swept(
                    setting.data,
                    setting.ridge,
                    beta,
                    place,
                    len(here),
                    t_interval(ratios),
                    t_interval(np.log([c["nothing"] for c in here])),
                    float((ratios >= 0).mean()),
                )

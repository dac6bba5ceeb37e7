"""Dependence taken away in linear models: a share of each forgotten sample is moved to a direction that no other sample has.

At a share of 1 forget and retain samples are orthogonal, which is ε = 0 of the paper's correlated pair, and α without bound.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
from jaxtyping import Float

from ascentcheck.empirics.data.copies import set_aside
from ascentcheck.empirics.dependence.doses import ASIDE
from ascentcheck.empirics.dependence.linear_courses import BETAS, course, solved
from ascentcheck.empirics.dependence.linear_data import SETTINGS, Index, Labelled, Setting, bundled, mask
from ascentcheck.empirics.dependence.linear_doses import SIZE
from ascentcheck.empirics.dependence.ratio import Interval, t_interval
from ascentcheck.empirics.progress import Show
from ascentcheck.empirics.store import Store

CODE = 1
"""Raise it when a result would come out differently."""
SHARES = (0.0, 0.5, 0.9, 1.0)
DRAWS = 10


@dataclass(frozen=True)
class Apart:
    """The mean log ratio at a place over random F, with a share of each forgotten sample on a direction of its own.

    `fails` is the share of F with a ratio of 1 or more, `nothing` the mean logarithm of doing nothing's distance.
    """

    setting: str
    beta: str
    share: float
    place: str
    n: int
    ratio: Interval
    nothing: Interval
    fails: float


def moved(x: Float[np.ndarray, "n d"], forget: Index, share: float) -> Float[np.ndarray, "n e"]:
    """Return the samples with a further direction for each forgotten one; every sample keeps its length."""
    own = np.zeros((len(x), len(forget)))
    own[forget, np.arange(len(forget))] = np.sqrt(share) * np.linalg.norm(x[forget], axis=1)
    left = x.copy()
    left[forget] *= np.sqrt(1 - share)
    return np.column_stack([left, own])


def at_share(setting: Setting, data: Labelled, draw: int, share: float, size: int = SIZE) -> dict[str, Any]:
    """Return the courses for both β of a random forget set, the one of that draw of the doses, as plain data."""
    forget = set_aside(data.classes, size, ASIDE, np.random.default_rng([draw, size])).forget
    problem = setting.problem(data, mask(len(data.x), forget), moved(data.x, forget, share))
    start, oracle = solved(problem)
    return {beta: asdict(course(problem, beta, start, oracle)) for beta in BETAS}


Found = Mapping[tuple[Setting, int, float], dict[str, Any]]


def run(store: Store, show: Show, settings: Sequence[Setting] = SETTINGS, draws: int = DRAWS) -> Found:
    """Return every course, from the store where it is known."""
    found, total = {}, len(settings) * draws * len(SHARES)
    for setting in settings:
        data = bundled(setting.data)
        for draw in range(draws):
            for share in SHARES:
                key = json.dumps(["linear apart", CODE, asdict(setting), SIZE, draw, share])
                compute = partial(at_share, setting, data, draw, share)
                found[setting, draw, share] = store.remembered(key, compute)
                show(setting.label, len(found) / total)
    return found


def responses(found: Found) -> Iterator[Apart]:
    """Yield the mean at each place of each course."""
    for setting, share in dict.fromkeys((key[0], key[2]) for key in found):
        for beta in BETAS:
            here = [c[beta] for (s, _, at), c in found.items() if (s, at) == (setting, share)]
            for place in here[0]["log_ratios"]:
                ratios = np.array([c["log_ratios"][place] for c in here])
                yield Apart(
                    setting.label,
                    beta,
                    share,
                    place,
                    len(here),
                    t_interval(ratios),
                    t_interval(np.log([c["nothing"] for c in here])),
                    float((ratios >= 0).mean()),
                )

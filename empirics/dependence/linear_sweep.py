"""The ridge: random forget sets without copies at every λ, on the digits, on features of a pretrained network, and by softmax."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from ascentcheck.empirics.data.copies import set_aside
from ascentcheck.empirics.dependence.doses import ASIDE
from ascentcheck.empirics.dependence.linear_apart import DRAWS
from ascentcheck.empirics.dependence.linear_courses import ACCURACY, BETAS, course, solved
from ascentcheck.empirics.dependence.linear_data import Labelled, Setting, bundled, mask
from ascentcheck.empirics.dependence.linear_doses import SIZE
from ascentcheck.empirics.dependence.ratio import Interval, log_ratio, t_interval
from ascentcheck.empirics.dependence.softmax import SoftmaxProblem
from ascentcheck.empirics.progress import Show
from ascentcheck.empirics.store import Store
from ascentcheck.theory.linear.flow import follow
from ascentcheck.theory.linear.minimum import Minimum, minimum

CODE = 1
"""Raise it when a result would come out differently."""
RIDGES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
LOSS = "logistic"
SOFTMAX, FEW, SOFTMAX_RIDGES = "digits, softmax", 5, (1e-2, 1e-1)
"""What the digits by softmax are called, how many F they have, and at which λ."""

Found = dict[tuple[Setting, int], dict[str, Any]]


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


def by_draw(
    name: str,
    code: int,
    of: Mapping[Setting, Labelled],
    draws: int,
    work: Callable[[Setting, Labelled, int], dict[str, Any]],
    store: Store,
    show: Show,
) -> Found:
    """Return what `work` finds of each setting on its data at each draw, from the store where it is known.

    Results are known by `name`, `code`, data, setting, size and draw.
    """
    found: Found = {}
    for setting, labelled in of.items():
        for draw in range(draws):
            key = json.dumps([name, code, labelled.digest, asdict(setting), SIZE, draw])
            found[setting, draw] = store.remembered(key, partial(work, setting, labelled, draw))
            show(setting.label, len(found) / (len(of) * draws))
    return found


def run(store: Store, show: Show, data: Mapping[str, Labelled], draws: int = DRAWS) -> Found:
    """Return every course on each of the data, from the store where it is known."""
    of = {Setting(name, LOSS, ridge): labelled for name, labelled in data.items() for ridge in RIDGES}
    return by_draw("linear sweep", CODE, of, draws, at_ridge, store, show)


def by_draw_softmax(
    name: str,
    code: int,
    draws: int,
    ridges: Sequence[float],
    work: Callable[[Labelled, float, int], dict[str, Any]],
    store: Store,
    show: Show,
) -> Found:
    """Return the same of the cross-entropy of all ten digits."""
    data, found = bundled("digits-halves"), {}
    for ridge in ridges:
        setting = Setting(SOFTMAX, "softmax", ridge)
        for draw in range(draws):
            key = json.dumps([name, code, asdict(setting), SIZE, draw])
            found[setting, draw] = store.remembered(key, partial(work, data, ridge, draw))
            show(setting.label, len(found) / (len(ridges) * draws))
    return found


def run_softmax(
    store: Store, show: Show, draws: int = FEW, ridges: Sequence[float] = SOFTMAX_RIDGES
) -> Found:
    """Return every course of the cross-entropy of all ten digits, from the store where it is known."""
    return by_draw_softmax("softmax", CODE, draws, ridges, by_softmax, store, show)


def by_softmax(data: Labelled, ridge: float, draw: int, size: int = SIZE) -> dict[str, Any]:
    """Return the nearest place and the end for both β of a random forget set, as plain data."""
    forget = set_aside(data.classes, size, ASIDE, np.random.default_rng([draw, size])).forget
    problem = SoftmaxProblem(data.x, data.classes, mask(len(data.x), forget), ridge)
    start = minimum(problem.objective(1 - size / len(data.x), size / len(data.x)), problem.zero).w
    oracle = minimum(problem.objective(1.0, 0.0), start).w
    gram = problem.gram()

    def apart(w: np.ndarray) -> float:
        return float(np.sqrt((w - oracle) @ gram @ (w - oracle)))

    found: dict[str, Any] = {}
    for beta in BETAS:
        weight = 1.0 if beta == "one" else size / (len(data.x) - size)
        path = follow(problem.objective(1.0, -weight), start, oracle, ACCURACY, (gram,))
        nothing = apart(start)
        end = apart(path.end.w) if isinstance(path.end, Minimum) else np.inf
        ratios = {"nearest": log_ratio(path.closest[1].distance, nothing), "end": log_ratio(end, nothing)}
        found[beta] = {"nothing": nothing, "log_ratios": ratios}
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

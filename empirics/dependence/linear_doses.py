"""The intervention in linear models: random forget sets at every dose, solved exactly, and the effect of a dose on each place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from ascentcheck.empirics.data.copies import set_aside, with_copies
from ascentcheck.empirics.dependence.doses import ASIDE, DOSES, NONE, Dose
from ascentcheck.empirics.dependence.linear_courses import BETAS, course, solved
from ascentcheck.empirics.dependence.linear_data import SETTINGS, Labelled, Setting, bundled, mask
from ascentcheck.empirics.dependence.predicted import predicted
from ascentcheck.empirics.dependence.ratio import Interval, t_interval
from ascentcheck.empirics.progress import Show
from ascentcheck.empirics.store import Store

CODE = 1
"""Raise it when a result would come out differently."""
SIZE, DRAWS = 40, 30
"""|F|, and how many random F."""


@dataclass(frozen=True)
class Response:
    """What a dose does at one place of the course: the mean log ratio over random F, and its change from no copies, paired.

    `distance_effect` is the change of the distance's own logarithm, ratio and doing nothing's together.
    `nothing` and its change are of the logarithm of doing nothing's distance; `fails` is the share of F with a ratio of 1 or
    more; `predicted` is the change that the correlated pair predicts, None where it predicts none.
    """

    setting: str
    beta: str
    dose: Dose
    place: str
    n: int
    ratio: Interval
    effect: Interval
    distance_effect: Interval
    nothing: Interval
    nothing_effect: Interval
    fails: float
    predicted: float | None
    predicted_nothing: float


def at_dose(setting: Setting, data: Labelled, draw: int, dose: Dose, size: int = SIZE) -> dict[str, Any]:
    """Return the courses for both β of a random forget set at a dose, as plain data."""
    aside = set_aside(data.classes, size, ASIDE, np.random.default_rng([draw, size]))
    x = with_copies(data.x, data.classes, aside, dose.per_point, dose.correlation)
    problem = setting.problem(data, mask(len(x), aside.forget), x)
    start, oracle = solved(problem)
    return {beta: asdict(course(problem, beta, start, oracle)) for beta in BETAS}


def run(
    store: Store,
    show: Show,
    settings: Sequence[Setting] = SETTINGS,
    draws: int = DRAWS,
    doses: Sequence[Dose] = DOSES,
) -> dict[tuple[Setting, int, Dose], dict[str, Any]]:
    """Return every course, from the store where it is known."""
    found, total = {}, len(settings) * draws * len(doses)
    for setting in settings:
        data = bundled(setting.data)
        for draw in range(draws):
            for dose in doses:
                key = json.dumps(["linear dose", CODE, asdict(setting), SIZE, draw, asdict(dose)])
                compute = partial(at_dose, setting, data, draw, dose)
                found[setting, draw, dose] = store.remembered(key, compute)
                show(setting.label, len(found) / total)
    return found


def responses(found: dict[tuple[Setting, int, Dose], dict[str, Any]]) -> Iterator[Response]:
    """Yield the response to each dose at each place of each course."""
    settings = dict.fromkeys(key[0] for key in found)
    for setting in settings:
        n = len(bundled(setting.data).x)
        draws = sorted({key[1] for key in found if key[0] == setting})
        doses = list(dict.fromkeys(key[2] for key in found if key[0] == setting))
        for beta in BETAS:
            foreseen = {
                dose: predicted(dose, n - SIZE, SIZE, setting.loss, setting.ridge, beta) for dose in doses
            }
            still = [found[setting, draw, NONE][beta] for draw in draws]
            for dose in doses:
                here = [found[setting, draw, dose][beta] for draw in draws]
                for place in here[0]["log_ratios"]:
                    ratios, before = (
                        np.array([c["log_ratios"][place] for c in some]) for some in (here, still)
                    )
                    nothing, nothing_before = (np.log([c["nothing"] for c in some]) for some in (here, still))
                    change = None
                    if place in ("nearest", "end"):
                        change = getattr(foreseen[dose], place) - getattr(foreseen[NONE], place)
                    yield Response(
                        setting.label,
                        beta,
                        dose,
                        place,
                        len(draws),
                        t_interval(ratios),
                        t_interval(ratios - before),
                        t_interval(ratios - before + nothing - nothing_before),
                        t_interval(nothing),
                        t_interval(nothing - nothing_before),
                        float((ratios >= 0).mean()),
                        change,
                        foreseen[dose].nothing - foreseen[NONE].nothing,
                    )

"""The response of networks to a dose: the change of each snapshot's ratio, and of the nearest, with intervals over models."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ascentcheck.empirics.dependence.doses import NONE, Dose
from ascentcheck.empirics.dependence.networks import Course
from ascentcheck.empirics.dependence.ratio import Interval, jackknife, t_interval

NEAREST = "nearest"

Vector = Float[np.ndarray, " n_plus_1"]


@dataclass(frozen=True)
class NetworkResponse:
    """What a dose does to one snapshot, a mean over the random F; intervals are over models, with each F's added up.

    `distance_effect` is the change of the distance's own logarithm, ratio and doing nothing's together. `over_sets` is the
    effect with Student's interval over the random F, nan where there is one.
    `nearest` in place of a rate is the least ratio over all of a method's snapshots. Each has the noise of N models, so that
    the least is below what it would be with models without end. `n_models` are those of each kind.

    Pretrained models have the same seeds at every dose and for every draw of F, and the oracles of an F at every dose: errors
    over models are not independent. What all F share is not averaged out as intervals of means suppose, which may be too narrow;
    what doses share falls out of an effect, whose interval may be too wide.
    """

    method: str
    place: str
    learning_rate: float | None
    batch_norm: str | None
    epoch: int | None
    dose: Dose
    n_models: int
    n_sets: int
    ratio: Interval
    effect: Interval
    over_sets: Interval
    distance_effect: Interval
    nothing: Interval
    nothing_effect: Interval
    validation_rise: Interval


def responses(found: Mapping[tuple[int, Dose], Sequence[Course]]) -> Iterator[NetworkResponse]:
    """Yield the response at every place; `found` are the courses by draw of F and dose.

    A dose is compared on the draws that have it and no copies.
    """
    for dose in dict.fromkeys(dose for _, dose in found):
        draws = [draw for draw, other in found if other == dose and (draw, NONE) in found]
        if not draws:
            continue
        here = [_places(found[draw, dose]) for draw in draws]
        still = [_places(found[draw, NONE]) for draw in draws]
        for place, first in here[0].items():
            if any(place not in places for places in (*here, *still)):
                continue
            now, before = ([places[place] for places in some] for some in (here, still))
            method, rate, norm, epoch = place
            yield NetworkResponse(
                method,
                NEAREST if rate is None else "fixed",
                rate,
                norm,
                epoch,
                dose,
                len(first.log_ratio) - 1,
                len(draws),
                _mean([one.log_ratio for one in now]),
                _difference([one.log_ratio for one in now], [one.log_ratio for one in before]),
                t_interval(
                    np.array([a.log_ratio[0] - b.log_ratio[0] for a, b in zip(now, before, strict=True)])
                ),
                _difference([one.distance for one in now], [one.distance for one in before]),
                _mean([np.log(one.nothing) for one in now]),
                _difference([np.log(one.nothing) for one in now], [np.log(one.nothing) for one in before]),
                _mean([one.validation_rise for one in now]),
            )


@dataclass(frozen=True, eq=False)
class _Place:
    log_ratio: Vector
    nothing: Vector
    validation_rise: Vector

    @property
    def distance(self) -> Vector:
        """The logarithm of the distance itself."""
        return self.log_ratio + np.log(self.nothing)


Key = tuple[str, float | None, str | None, int | None]


def _places(courses: Sequence[Course]) -> dict[Key, _Place]:
    """Return the snapshots by their setting, and the nearest of each method."""
    found: dict[Key, _Place] = {c.setting: _Place(c.log_ratio, c.nothing, c.validation_rise) for c in courses}
    for method in dict.fromkeys(c.method for c in courses):
        mine = [c for c in courses if c.method == method]
        least = np.min([c.log_ratio for c in mine], axis=0)
        best = min(mine, key=lambda c: c.log_ratio[0])
        found[method, None, None, None] = _Place(least, best.nothing, best.validation_rise)
    return found


def _mean(values: Sequence[Vector]) -> Interval:
    """Return the mean over sets with the interval that their jackknives give, as if their errors were independent."""
    parts = [jackknife(float(v[0]), v[1:]) for v in values]
    centre = float(np.mean([part.value for part in parts]))
    reach = math.sqrt(sum((part.high - part.value) ** 2 for part in parts)) / len(parts)
    return Interval(centre, centre - reach, centre + reach)


def _difference(now: Sequence[Vector], before: Sequence[Vector]) -> Interval:
    """Return the difference of the means, as if the errors at two doses were independent."""
    one, other = _mean(now), _mean(before)
    reach = math.hypot(one.high - one.value, other.high - other.value)
    return Interval(one.value - other.value, one.value - other.value - reach, one.value - other.value + reach)

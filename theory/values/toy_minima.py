"""The toy in one reading of the text: its minima, where flows end, and whether the paper's story is there."""

from collections.abc import Mapping

import sympy as sp
from flint import fmpq

from ascentcheck.theory.check.bound import PROVED_ELSEWHERE
from ascentcheck.theory.claim import Evaluation, Prints, Values
from ascentcheck.theory.claims.toy_readings import (
    DRAWN_POINT,
    FIGURE_RIDGE,
    FORGOTTEN,
    LITERAL_POINT,
    SHORT,
    SMALL_POINT,
    TOLD_POINT,
    TWO_POINT,
)
from ascentcheck.theory.console import UserError
from ascentcheck.theory.toy.problem import PROBLEMS, Name, toy
from ascentcheck.theory.toy.quantities import INPUTS, READINGS, covered, forgotten, reading_of
from ascentcheck.theory.toy.stationary import Cover, StationaryPoint
from ascentcheck.theory.toy.stationary import correct as weights_of
from ascentcheck.theory.toy.trapping import flow_end
from ascentcheck.theory.vocabulary import ridge

EVALUATED_BOXES = 8_000
"""`evaluate` gives up beyond this, after a second or two: at a ridge below about 1e-6."""


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the minima of the three problems; the conclusion is that all of the paper's story holds at this reading.

    Raises UserError where `forgotten` is not whole or the stationary points cannot be enclosed.
    """
    count, ridge_ = point[forgotten], point[ridge]
    reading = reading_of([point[symbol] for symbol in READINGS])
    if count.q != 1:
        raise UserError(f"forgotten = {count} is out of range; allowed is 0, 1, 2, 3 or 4")
    assert reading is not None
    k = int(count.p)
    try:
        covers = {name: covered(name, reading, ridge_, k, EVALUATED_BOXES) for name in PROBLEMS}
    except ArithmeticError as error:
        raise UserError(f"the stationary points cannot all be enclosed here: {error}") from None
    first = {name: found.minima[0] for name, found in covers.items()}
    ends = {
        name: flow_end(toy(name, reading, ridge_, k), covers[name], first["pretrained"])
        for name in ("retrained", "da")
    }
    after = flow_end(toy("retrained", reading, ridge_, k), covers["retrained"], first["da"])
    others = [p.signs for p in covers["pretrained"].minima[1:]]
    back = None if after is None else covers["retrained"].minima[after - 1].signs
    story = {
        "pretrained_has_a_local_minimum_beside_the_global": len(others) == 1,
        "retraining_keeps_the_global_minimum": first["retrained"].signs == first["pretrained"].signs,
        "da_moves_to_the_other_minimum": first["da"].signs in others,
        "finetuning_does_not_return": back is not None
        and back == first["da"].signs
        and back != first["pretrained"].signs,
    }
    values: dict[str, object] = {name: _listed(found, name, k) for name, found in covers.items()}
    values |= {
        "end_of_retraining": ends["retrained"],
        "end_of_da": ends["da"],
        "end_of_finetuning_after_da": after,
    }
    return Evaluation(story, values, all(story.values()), None)  # type: ignore[arg-type]


def _listed(found: Cover, name: Name, forgotten_: int) -> list[object]:
    return [_described(point, name, forgotten_) for point in found.minima]


def _described(point: StationaryPoint, name: Name, forgotten_: int) -> dict[str, object]:
    right, wrong = weights_of(point.signs, name, forgotten_)
    return {
        "a": point.a,
        "b": point.b,
        "loss": point.loss,
        "signs": point.signs,
        "correct": right,
        "incorrect": wrong,
    }


STORY = {
    "pretrained_has_a_local_minimum_beside_the_global": "#D = 2",
    "retraining_keeps_the_global_minimum": "plane_R1 = plane_D1",
    "da_moves_to_the_other_minimum": "#D = 2 and plane_DA1 = plane_D2",
    "finetuning_does_not_return": "#R = 2 and (2 − end_after)plane_R1 + (end_after − 1)plane_R2 = plane_DA1 and "
    "plane_DA1 < plane_D1",
}

VALUES = Values(
    inputs=INPUTS,
    words=READINGS,
    defaults={ridge: str(FIGURE_RIDGE), forgotten: str(FORGOTTEN)}
    | {symbol: words[0] for symbol, words in READINGS.items()},
    tried=(LITERAL_POINT, TOLD_POINT, SMALL_POINT, DRAWN_POINT, TWO_POINT),
    evaluate=evaluate,
    prints=(
        *(Prints(name, formula) for name, formula in STORY.items()),
        *(
            Prints(f"{name}.{k}.{word}", f"{letter}_{short}{k}", f"#{short} ≥ {k}")
            for short, name in SHORT.items()
            for k in (1, 2)
            for word, letter in (("correct", "right"), ("incorrect", "wrong"))
        ),
        *(
            Prints(f"{name}.{k}.{part}", PROVED_ELSEWHERE)
            for name in SHORT.values()
            for k in (1, 2)
            for part in ("a", "b", "loss", "signs")
        ),
        Prints("end_of_retraining", "end_R"),
        Prints("end_of_da", "end_DA"),
        Prints("end_of_finetuning_after_da", "end_after", "real end_after"),
        Prints("holds", " and ".join(STORY.values())),
    ),
)

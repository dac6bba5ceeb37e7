r"""What is certified of the toy, as functions that stand in relations: counts of minima, weights classified, ends of flows.

Each is a function of seven symbols: the ridge, the number of forgotten points, and the reading as numbers, 0 for the
first word of `READINGS` and 1 for the second. Its value at a point comes from `stationary.solve`, which proves it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, get_args

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import Point, rational_function
from ascentcheck.theory.toy import covers, stationary
from ascentcheck.theory.toy.problem import (
    MOST_FORGOTTEN,
    Exponent,
    Labels,
    Name,
    Normaliser,
    Output,
    Reading,
    Toy,
    toy,
)
from ascentcheck.theory.toy.stationary import Cover, StationaryPoint
from ascentcheck.theory.toy.trapping import flow_end
from ascentcheck.theory.vocabulary import ridge

forgotten, output, labels, normaliser, half, exponent = sp.symbols(
    "forgotten output labels normaliser half exponent", real=True
)
READINGS: dict[sp.Symbol, tuple[str, str]] = {
    output: get_args(Output),
    labels: get_args(Labels),
    normaliser: get_args(Normaliser),
    half: ("no", "yes"),
    exponent: get_args(Exponent),
}
LITERAL = dict.fromkeys(READINGS, 0)
ARGUMENTS = (ridge, forgotten, *READINGS)
INPUTS = Domain(
    (
        Range(ridge, low_open=True),
        Range(forgotten, 0, MOST_FORGOTTEN),
        *(Range(symbol, 0, 1) for symbol in READINGS),
    )
)
SHOWN: dict[Name, str] = {
    "pretrained": r"\mathcal{D}",
    "retrained": r"\mathcal{R}",
    "da": r"\mathrm{DA}",
    "da-means": r"\mathrm{DA}'",
}


class Quantity(sp.Function):  # type: ignore[misc]
    """A certified number of the toy. Subclasses are made by the functions below."""

    nargs = len(ARGUMENTS)
    shown = ""
    problems: tuple[Name, ...] = ()
    value: Callable[[Reading, fmpq, int], int | None]

    @classmethod
    def covers(cls, point: Point) -> dict[str, int]:
        """Return the boxes of each cover that the value at a point rests on, by problem."""
        where = place([point[symbol] for symbol in ARGUMENTS])
        problems = [] if where is None else [_problem(name, *where) for name in cls.problems]
        return {covers.key(problem): covers.cover(problem).boxes for problem in problems}

    @classmethod
    def ball_rule(cls, expression: sp.Expr) -> Callable[[Any], arb]:
        """Return a function from exact points to the number; not finite where it is not certified."""
        arguments = [rational_function(part) for part in expression.args]

        def at(point: Any) -> arb:
            where = (
                None if None in arguments else place([part(point) for part in arguments if part is not None])
            )
            if where is None:
                return arb("nan")
            try:
                found = cls.value(*where)
            except ArithmeticError:
                return arb("nan")
            return arb("nan") if found is None else arb(found)

        return at

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return self.shown


def place(values: list[fmpq]) -> tuple[Reading, fmpq, int] | None:
    """Return the reading, ridge and number of forgotten points that ARGUMENTS stand for; None where they do not."""
    reading, count = reading_of(values[2:]), values[1]
    if reading is None or count.q != 1 or not 0 <= count <= MOST_FORGOTTEN or not values[0] > 0:
        return None
    return reading, values[0], int(count.p)


def reading_of(values: list[fmpq]) -> Reading | None:
    """Return the reading that five numbers stand for, None where one of them stands for nothing."""
    words = []
    for value, allowed in zip(values, READINGS.values(), strict=True):
        if value not in (0, 1):
            return None
        words.append(allowed[int(value.p)])
    return Reading(words[0], words[1], words[2], words[3] == "yes", words[4])  # type: ignore[arg-type]


def covered(
    name: Name, reading: Reading, ridge_: fmpq, forgotten_: int, most_boxes: int = stationary.MOST_BOXES
) -> Cover:
    """Return all stationary points of a problem. Raises ArithmeticError where `most_boxes` do not enclose them."""
    return covers.cover(_problem(name, reading, ridge_, forgotten_), most_boxes)


def _problem(name: Name, reading: Reading, ridge_: fmpq, forgotten_: int) -> Toy:
    return toy(name, reading, ridge_, 0 if name == "pretrained" else forgotten_)


def _quantity(
    name: str, shown: str, problems: tuple[Name, ...], value: Callable[[Reading, fmpq, int], int | None]
) -> sp.Expr:
    made = type(name, (Quantity,), {"shown": shown, "problems": problems, "value": staticmethod(value)})
    return made(*ARGUMENTS)


@lru_cache(maxsize=64)
def minima(name: Name) -> sp.Expr:
    """Return the number of local minima of a problem."""
    return _quantity(
        f"minima_{name.replace('-', '_')}",
        rf"\#\mathrm{{minima}}_{{{SHOWN[name]}}}",
        (name,),
        lambda reading, ridge_, k: len(covered(name, reading, ridge_, k).minima),
    )


@lru_cache(maxsize=64)
def correct(name: Name, rank: int, counted: Name | None = None) -> sp.Expr:
    """Return the weight that the minimum of that rank classifies rightly, weights as in problem `counted` (its own)."""
    return _weight("correct", 0, name, rank, counted or name)


@lru_cache(maxsize=64)
def incorrect(name: Name, rank: int, counted: Name | None = None) -> sp.Expr:
    """Return the weight that the minimum of that rank classifies wrongly."""
    return _weight("incorrect", 1, name, rank, counted or name)


def _weight(word: str, index: int, name: Name, rank: int, counted: Name) -> sp.Expr:
    def value(reading: Reading, ridge_: fmpq, k: int) -> int | None:
        found = covered(name, reading, ridge_, k).minima
        if not 1 <= rank <= len(found):
            return None
        return stationary.correct(found[rank - 1].signs, counted, 0 if counted == "pretrained" else k)[index]

    in_force = "" if counted == name else f"_counted_{counted}"
    by = "" if counted == name else rf",\;{SHOWN[counted]}"
    return _quantity(
        f"{word}_{name.replace('-', '_')}_{rank}{in_force}",
        rf"\mathrm{{{word}}}^{{{rank}}}_{{{SHOWN[name]}{by}}}",
        (name,),
        value,
    )


@lru_cache(maxsize=64)
def end(start: Name, rank: int, descended: Name) -> sp.Expr:
    """Return the number of the minimum of `descended` at which gradient flow from a minimum of `start` ends."""

    def value(reading: Reading, ridge_: fmpq, k: int) -> int | None:
        found = covered(start, reading, ridge_, k).minima
        if not 1 <= rank <= len(found):
            return None
        problem = toy(descended, reading, ridge_, k)
        return flow_end(problem, covered(descended, reading, ridge_, k), found[rank - 1])

    return _quantity(
        f"end_of_{descended.replace('-', '_')}_from_{start.replace('-', '_')}_{rank}",
        rf"\mathrm{{end}}_{{{SHOWN[descended]}}}\left(\mathrm{{min}}^{{{rank}}}_{{{SHOWN[start]}}}\right)",
        (start, descended),
        value,
    )


@lru_cache(maxsize=64)
def moved(start: Name, rank: int, to: Name, rank_to: int) -> sp.Expr:
    """Return how far a minimum of `start` is from one of `to`, in whole per cent, rounded up, of the way between start's two."""

    def value(reading: Reading, ridge_: fmpq, k: int) -> int | None:
        found, other = (covered(name, reading, ridge_, k).minima for name in (start, to))
        if len(found) != 2 or not (1 <= rank <= 2 and 1 <= rank_to <= len(other)):
            return None
        share = _apart(found[rank - 1], other[rank_to - 1]) / _apart(*found)
        whole = (100 * share).ceil().unique_fmpz()
        return None if whole is None else int(whole)

    return _quantity(
        f"moved_{start}_{rank}_to_{to}_{rank_to}",
        rf"\mathrm{{moved}}\left(\mathrm{{min}}^{{{rank}}}_{{{SHOWN[start]}}},\mathrm{{min}}^{{{rank_to}}}_{{{SHOWN[to]}}}\right)\%",
        (start, to),
        value,
    )


def _apart(first: StationaryPoint, second: StationaryPoint) -> arb:
    return ((first.a - second.a) ** 2 + (first.b - second.b) ** 2).sqrt()

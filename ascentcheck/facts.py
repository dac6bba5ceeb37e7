"""`evaluate`: a claim at one point, by names and numbers."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite
from numbers import Rational, Real
from typing import Any

from ascentcheck.theory.console import UserError, named_extra


def evaluate(claim: str, /, **values: int | float | str | Fraction) -> dict[str, Any]:
    """Return what `ascentcheck evaluate CLAIM name=value … --json` prints.

    Numbers are exact: a fraction or a decimal as text ("1/9", "0.1") is what it says, a float the binary number that it is.
    Raises `ascentcheck.theory.console.UserError` for a name, value or claim that is not known or out of range.
    """
    with named_extra():
        from ascentcheck.theory.__main__ import find
        from ascentcheck.theory.evaluate import as_json, evaluated, parse_point

    if not isinstance(claim, str):
        raise UserError(f"claim {claim!r}: the name of a claim is needed, as 'lemma-3'")
    (found,) = find(claim)
    texts = [f"{name}={_exact(name, value)}" for name, value in values.items()]
    point = parse_point(found.inputs, texts, found.words, found.defaults)
    return as_json(found, point, evaluated(found, point))


def _exact(name: str, value: Any) -> Any:
    """Return a float of any kind as the fraction that it is, and all else as it is."""
    if not isinstance(value, Real) or isinstance(value, bool | Rational):
        return value
    if not isfinite(value):
        raise UserError(f"{name} = {value} is not a number; allowed are finite ones")
    return Fraction(float(value))

"""`evaluate`: a claim at one point, by names and numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any


def evaluate(claim: str, /, **values: int | float | str | Fraction) -> dict[str, Any]:
    """Return what `python -m theory evaluate CLAIM name=value … --json` prints.

    Numbers are exact: a fraction or a decimal as text ("1/9", "0.1") is what it says, a float the binary number that it is.
    Raises `ascentcheck.theory.console.UserError` for a name, value or claim that is not known or out of range.
    """
    from ascentcheck.theory.__main__ import find
    from ascentcheck.theory.evaluate import as_json, evaluated, parse_point

    (found,) = find(claim)
    texts = [
        f"{name}={Fraction(value) if isinstance(value, float) else value}" for name, value in values.items()
    ]
    point = parse_point(found.inputs, texts, found.words, found.defaults)
    return as_json(found, point, evaluated(found, point))

"""Values of the tables on dependence, as the page has them."""

from __future__ import annotations

import math

from ascentcheck.empirics.dependence.ratio import HIGHEST
from ascentcheck.empirics.dependence.sentence import Decided
from ascentcheck.empirics.dependence.tables import Row


def factor(row: Row, name: str) -> str:
    """Return a factor with its interval from a change of a logarithm."""
    value, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
    if value > HIGHEST - 1e-3:
        return "diverges"
    if low is None:
        return f"{math.exp(value):.2f}"
    return f"{math.exp(value):.2f} ({math.exp(low):.2f} to {math.exp(high):.2f})"


def told(one: Decided) -> str:
    """Return a sentence's verdict and what was measured, as an item of a list."""
    before = (
        "" if one.written is None else f" By the rule of 26 November **{one.written[0]}**: {one.written[1]}."
    )
    return f"- *{one.sentence}* **{one.verdict.capitalize()}**: {one.measured}.{before}"

"""Choosing one configuration among many: after the fact, or by a rule fixed in advance.

A choice made by the score that is then reported is no result. The rule fixed in advance sees only the other forget
sets: of the configurations that were run on all of them it takes the one whose merit, averaged over them, is least. Merit is
the larger of forget and validation score (mean energy, in spreads), and 0 would be an oracle.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Any, TypeVar

from ascentcheck.empirics.study.jobs import whole_batches
from ascentcheck.empirics.study.table import SPLITS, Row

Choice = tuple[str, int]
"""Hyperparameters as JSON, and the epoch."""

Scored = Mapping[Choice, Mapping[str, Row]]
"""The rows of each choice on one set, by split."""

Key = TypeVar("Key")
Value = TypeVar("Value", bound=Any)


def scored(rows: Sequence[Row], forget_set: str, method: str) -> dict[Choice, dict[str, Row]]:
    """Return the choices of a method on a set that have a row for every split, in the table's order."""
    found: dict[Choice, dict[str, Row]] = {}
    for row in rows:
        if row.forget_set == forget_set and row.method == method:
            found.setdefault((row.hyperparameters, row.epoch), {})[row.split] = row
    return {choice: splits for choice, splits in found.items() if set(SPLITS) <= set(splits)}


def on_size(choice: Choice, size: int) -> Choice:
    """Return the choice as it is on a forget set of that size: two that are the same there are equal."""
    settings, epoch = choice
    return json.dumps(whole_batches(json.loads(settings), size), sort_keys=True), epoch


def merit(splits: Mapping[str, Row]) -> float:
    """Return the larger of forget and validation score, in spreads."""
    return max(splits["forget"].energy, splits["validation"].energy)


def afterwards(own: Mapping[Key, Value], merit: Callable[[Value], float] = merit) -> Key | None:
    """Return the choice with the least merit on the set itself; None where there is none."""
    return min(own, key=lambda choice: merit(own[choice]), default=None)


def in_advance(
    own: Mapping[Key, Value],
    others: Sequence[Mapping[Key, Value]],
    merit: Callable[[Value], float] = merit,
) -> Key | None:
    """Return the choice of `own` that is best on the other sets; None where no choice was run on all of them."""
    known = [choice for choice in own if others and all(choice in other for other in others)]
    return min(known, key=lambda choice: fmean(merit(other[choice]) for other in others), default=None)

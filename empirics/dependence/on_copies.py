"""The sentences that are decided on near-copies: what courses do at each dose, in linear models and in networks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np
from scipy.special import stdtrit

from ascentcheck.empirics.dependence.doses import MAIN, NONE, Dose
from ascentcheck.empirics.dependence.effects import (
    DISTANCE,
    RATIO,
    Count,
    at_dose,
    count,
    dose_of,
    effect,
    place_of,
    still_of,
)
from ascentcheck.empirics.dependence.evidence import Tables
from ascentcheck.empirics.dependence.sentence import AFTERWARDS, OURS, Decided, changed
from ascentcheck.empirics.dependence.tables import Row
from ascentcheck.empirics.findings.answer import agreed, answer, decided

SAME_SIGN = 0.9
PERCEPTRONS = "dependence-copies"
NETWORKS = {PERCEPTRONS: "perceptrons", "dependence-copies-cnn": "convolutional networks"}
"""The studies of networks at the doses, by what they train; each counts by itself, once it has been run."""


def _main(rows: Sequence[Row], place: str, on: str, as_written: bool) -> Count:
    return count(rows, at_dose(rows, MAIN, place), on, as_written)


def _linear(tables: Tables, place: str, on: str = RATIO, as_written: bool = False) -> Count:
    """Return the count at the main dose over the courses of linear models."""
    return _main(tables.linear_doses, place, on, as_written)


def _networks(tables: Tables, place: str, on: str = RATIO, as_written: bool = False) -> dict[str, Count]:
    """Return the count at the main dose of each kind of networks that was run; of perceptrons in any case."""
    return {
        name: _main(tables.doses.get(study, []), place, on, as_written)
        for study, name in NETWORKS.items()
        if study == PERCEPTRONS or study in tables.doses
    }


def cause(tables: Tables) -> Decided:
    """Return (I): dependencies cause ascent to harm the model without unlearning it."""
    sentence = "(I) Dependencies cause ascent to harm the model without unlearning it."
    return changed(*(_farther(tables, sentence, "§3, §4", "ratio", RATIO, old) for old in (False, True)))


def distance(tables: Tables) -> Decided:
    """Return (I) by the distance itself, not over doing nothing's."""
    sentence = "Dependence puts the models farther from the oracle: (I) by the distance itself, not over doing nothing's."
    return changed(
        *(_farther(tables, sentence, AFTERWARDS, "distance", DISTANCE, old) for old in (False, True))
    )


def _farther(tables: Tables, sentence: str, where: str, what: str, on: str, as_written: bool) -> Decided:
    linear, networks = _linear(tables, "end", on, as_written), _networks(tables, "fixed", on, as_written)
    said = "; ".join(f"in {name} that of a snapshot is {found}" for name, found in networks.items())
    return Decided(
        sentence,
        where,
        decided(agreed((linear.raised, *(found.raised for found in networks.values())))),
        f"four near-copies of each point at ε = 0.9: in linear models the end's {what} is {linear.told('courses')}; {said}",
    )


def enough(tables: Tables) -> Decided:
    """Return whether dependence alone can make descent-ascent fail."""
    arms = (("linear", tables.linear_doses), *tables.doses.items())
    tried = [
        (arm, row, next(one for one in rows if place_of(one) == place_of(row) and dose_of(one) == NONE))
        for arm, rows in arms
        for row in rows
        if row["place"] != "nearest" and dose_of(row) != NONE
    ]
    turned = [found for found in tried if _turned(*found[1:], 1)]
    clear = [found for found in turned if _turned(*found[1:], len(tried))]
    told = [
        f"{arm}, {' '.join(str(p) for p in place_of(row) if p is not None)}, {dose_of(row).label}, from "
        f"{np.exp(still['ratio']):.2f} to {np.exp(row['ratio']):.2f}"
        for arm, row, still in (clear or turned)
    ]
    some = "; ".join(told[:3]) + (" and others" if len(told) > 3 else "")
    return Decided(
        "Dependence can be enough for ascent to fail: poor unlearning in some cases.",
        "abstract, §1",
        decided(answer(yes=bool(clear), no=False)),
        f"of {len(tried)} courses and doses {len(turned)} fail that do not without copies, each by its own 95% intervals, "
        f"and {len(clear)} when these are corrected for their number"
        + (f": {some}" if told else "")
        + "; that descent-ascent can harm on dependent data is proved for the paper's pair (pair-harm), and for one coordinate "
        "(lemma-3)",
    )


def _turned(row: Row, still: Row, tried: int) -> bool:
    """Whether a course fails and does not without copies, by intervals that hold together for as many as were tried."""
    return _end(row, "low", tried) > 0 > _end(still, "high", tried)


def _end(row: Row, end: Literal["low", "high"], tried: int) -> float:
    """Return an end of the ratio's interval of Student's, made as wide as Bonferroni asks; nan where there is none."""
    if row[f"ratio_{end}"] is None:
        return math.nan
    free = (row.get("n") or row["n_models"]) - 1
    wider = stdtrit(free, 1 - 0.025 / tried) / stdtrit(free, 0.975)
    return float(row["ratio"] + wider * (row[f"ratio_{end}"] - row["ratio"]))


def diverge(tables: Tables) -> Decided:
    """Return whether dependence makes descent-ascent diverge from the oracle."""
    return changed(*(_diverge_by(_linear(tables, "end", RATIO, old)) for old in (False, True)))


def _diverge_by(linear: Count) -> Decided:
    return Decided(
        "Dependence makes the iterations of descent-ascent diverge from the oracle.",
        "abstract, §5.1",
        decided(linear.raised),
        f"four near-copies of each point at ε = 0.9: the end's ratio is {linear.told('linear courses')}",
    )


def near(tables: Tables) -> Decided:
    """Return whether dependence decides how near the best stop comes."""
    return changed(*(_near_by(tables, old) for old in (False, True)))


def _near_by(tables: Tables, as_written: bool) -> Decided:
    linear, networks = (
        _linear(tables, "nearest", RATIO, as_written),
        _networks(tables, "nearest", RATIO, as_written),
    )
    said = ", ".join(f"{found.told('methods')} in {name}" for name, found in networks.items())
    return Decided(
        "Dependence decides how near the best stop comes.",
        OURS,
        decided(agreed((linear.raised, *(found.raised for found in networks.values())))),
        f"the nearest's ratio is {linear.told('courses')} in linear models, {said}",
    )


def pair(tables: Tables) -> Decided:
    """Return whether the correlated pair predicts the response to the dose."""
    still = still_of(tables.linear_doses)
    return changed(*(_pair_by(tables, known) for known in (still, {})))


def _pair_by(tables: Tables, still: Mapping[tuple[object, ...], Row]) -> Decided:
    clear = [
        row
        for row in tables.linear_doses
        if row["predicted"] is not None
        and dose_of(row) != NONE
        and effect(row, RATIO, still.get(place_of(row))) in ("raises", "lowers")
    ]
    right = sum(row["predicted"] * row["effect"] > 0 for row in clear)
    share = right / len(clear) if clear else math.nan
    parts = []
    for place in ("nearest", "end"):
        mine = [row for row in clear if row["place"] == place]
        parts.append(f"{place} {sum(r['predicted'] * r['effect'] > 0 for r in mine)} of {len(mine)}")
    return Decided(
        "The correlated pair predicts the response to α and ε.",
        "§5.1.2",
        decided(answer(share >= SAME_SIGN, share < 0.5)),
        f"of {len(clear)} clear effects in linear models {right} have the predicted sign: {', '.join(parts)}",
    )


def counts_by_dose(rows: Sequence[Row], place: str, on: str = RATIO) -> Iterator[tuple[Dose, Count]]:
    """Yield what each dose does at a place, to the ratio, or `on` the distance."""
    for dose in dict.fromkeys(dose_of(row) for row in rows):
        if dose != NONE:
            yield dose, count(rows, at_dose(rows, dose, place), on)

"""The rules of docs/explanation/rules.md on dependence: from the tables to a verdict on each sentence, with what was measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from scipy.special import stdtrit

from ascentcheck.empirics.dependence.doses import MAIN, NONE, Dose
from ascentcheck.empirics.dependence.evidence import (
    CKA,
    Arm,
    Tables,
    linear_arms,
    network_arm,
    network_shares,
    setting_of,
)
from ascentcheck.empirics.dependence.ratio import CHANGE, t_interval
from ascentcheck.empirics.dependence.shares import Shares
from ascentcheck.empirics.dependence.tables import Row
from ascentcheck.empirics.findings.answer import (
    UNKNOWN,
    Answer,
    Interval,
    above,
    agreed,
    answer,
    below,
    decided,
    every,
    majority,
    more_than_half,
)
from ascentcheck.empirics.findings.finding import Verdict

Effect = Literal["raises", "lowers", "nothing", "open"]

APART, ALIKE = 0.25, 0.10
"""Differences of the shares of failing courses that confirm and refute."""
SAME_SIGN = 0.9
RISE = 0.1
"""Spreads by which the validation score may be above doing nothing's."""
PERCEPTRONS = "dependence-copies"
NETWORKS = {PERCEPTRONS: "perceptrons", "dependence-copies-cnn": "convolutional networks"}
"""The studies of networks at the doses, by what they train; each counts by itself, once it has been run."""
SETTINGS = ("learning rate", "epochs", "statistics", "forget gradient")
"""What dependence's share in the variance is compared with."""
RESAMPLES = 4000
SEED = 20_261_126


OURS, AFTERWARDS = "a question of this project", "a reading made afterwards"
"""What stands in the place of a section where a sentence is not the paper's."""


@dataclass(frozen=True)
class Decided:
    """A sentence, where the paper has it (or that it is a question of ours), the verdict, and what was measured."""

    sentence: str
    where: str
    verdict: Verdict
    measured: str

    @property
    def printed(self) -> bool:
        """Whether the sentence is the paper's."""
        return self.where not in (OURS, AFTERWARDS)


def effect(row: Row, on: str = "effect") -> Effect:
    """Return what a dose does at one place, by the interval of its effect on the ratio, or `on` the distance."""
    interval = _interval(row, on)
    raised, lowered = above(interval, CHANGE), below(interval, -CHANGE)
    if raised or lowered:
        return "raises" if raised else "lowers"
    return "open" if raised is None or lowered is None else "nothing"


def _interval(row: Row, of: str) -> Interval:
    low, high = row[f"{of}_low"], row[f"{of}_high"]
    return UNKNOWN if low is None or high is None else (low, high)


def dose_of(row: Row) -> Dose:
    """Return the dose of a row."""
    return Dose(row["per_point"], row["correlation"])


@dataclass(frozen=True)
class Count:
    """How many of some places a dose raises, lowers or leaves alone."""

    raises: int
    lowers: int
    nothing: int
    total: int

    @property
    def raised(self) -> Answer:
        """Whether more than half are raised; no where half or more clearly are not."""
        return more_than_half(self.raises, self.lowers + self.nothing, self.total)

    def __str__(self) -> str:
        if not self.total:
            return "not run"
        return (
            f"raised at {self.raises}, lowered at {self.lowers}, left alone at {self.nothing} of {self.total}"
        )


def count(rows: Iterable[Row], on: str = "effect") -> Count:
    """Return the count over the rows of one dose, of effects on the ratio, or `on` the distance."""
    found = [effect(row, on) for row in rows]
    return Count(found.count("raises"), found.count("lowers"), found.count("nothing"), len(found))


def decide(tables: Tables) -> list[Decided]:
    """Return every sentence with its verdict. What was not run leaves its sentences not decided."""
    return [rule() for rule in rules(tables).values()]


def rules(tables: Tables) -> dict[str, Callable[[], Decided]]:
    """Return the rule of each sentence by a short name, to be applied when it is called."""
    arms, networks = list(linear_arms(tables)), network_arm(tables)

    @cache
    def explained() -> Shares | None:
        return None if networks is None else network_shares(networks, tables.courses)

    return {
        "cause": lambda: _cause(tables),
        "enough": lambda: _sufficient(tables),
        "precisely": lambda: _precisely(arms, networks),
        "needed": lambda: _needed(tables),
        "central": lambda: _central(explained()),
        "primarily": lambda: _primarily(explained()),
        "random": lambda: _random(arms, networks, tables.courses),
        "diverge": lambda: _diverge(tables),
        "near": lambda: _near(tables),
        "pair": lambda: _pair(tables),
        "distance": lambda: _distance(tables),
    }


def _at(rows: Sequence[Row], dose: Dose, places: Sequence[str]) -> list[Row]:
    return [row for row in rows if dose_of(row) == dose and row["place"] in places]


def _linear(tables: Tables, place: str, on: str = "effect") -> Count:
    """Return the count at the main dose over the courses of linear models."""
    return count(_at(tables.linear_doses, MAIN, (place,)), on)


def _networks(tables: Tables, place: str, on: str = "effect") -> dict[str, Count]:
    """Return the count at the main dose of each kind of networks that was run; of perceptrons in any case."""
    return {
        name: count(_at(tables.doses.get(study, []), MAIN, (place,)), on)
        for study, name in NETWORKS.items()
        if study == PERCEPTRONS or study in tables.doses
    }


def _cause(tables: Tables) -> Decided:
    return _farther(
        tables, "(I) Dependencies cause ascent to harm the model without unlearning it.", "§3, §4", "ratio"
    )


def _distance(tables: Tables) -> Decided:
    sentence = "Dependence puts the models farther from the oracle: (I) by the distance itself, not over doing nothing's."
    return _farther(tables, sentence, AFTERWARDS, "distance", "distance_effect")


def _farther(tables: Tables, sentence: str, where: str, what: str, on: str = "effect") -> Decided:
    linear, networks = _linear(tables, "end", on), _networks(tables, "fixed", on)
    said = "; ".join(f"in {name} that of a snapshot is {found}" for name, found in networks.items())
    return Decided(
        sentence,
        where,
        decided(agreed((linear.raised, *(found.raised for found in networks.values())))),
        f"four near-copies of each point at ε = 0.9: in linear models the end's {what} is {linear} courses; {said}",
    )


def _sufficient(tables: Tables) -> Decided:
    arms = (("linear", tables.linear_doses), *tables.doses.items())
    tried = [
        (arm, row, next(one for one in rows if _place(one) == _place(row) and dose_of(one) == NONE))
        for arm, rows in arms
        for row in rows
        if row["place"] != "nearest" and dose_of(row) != NONE
    ]
    turned = [found for found in tried if _turned(*found[1:], 1)]
    clear = [found for found in turned if _turned(*found[1:], len(tried))]
    told = [
        f"{arm}, {' '.join(str(p) for p in _place(row) if p is not None)}, {dose_of(row).label}, from "
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


def _place(row: Row) -> tuple[object, ...]:
    keys = ("setting", "beta", "method", "learning_rate", "batch_norm", "epoch", "place")
    return tuple(row.get(key) for key in keys)


def _precisely(arms: Sequence[Arm], networks: Arm | None) -> Decided:
    found = [(arm.name, *quarters(arm)) for arm in (*arms, *([] if networks is None else [networks]))]
    apart = [above((low, high), (ALIKE, APART)) for _, _, _, low, high in found]
    parts = [
        f"{name}: {most:.0%} of courses fail on the quarter most dependent, {least:.0%} on the least (difference "
        f"{low:+.0%} to {high:+.0%})"
        for name, most, least, low, high in found
    ]
    return Decided(
        "Ascent often fails precisely because of dependence.",
        "abstract",
        decided(agreed(apart)),
        "; ".join(parts) or "not run",
    )


def _needed(tables: Tables) -> Decided:
    ends = [row for row in tables.linear_apart if row["share"] == 1 and row["place"] == "end"]
    nearer = [below(_interval(row, "ratio"), 0.0) for row in ends]
    return Decided(
        "Dependence is needed for ascent to fail.",
        "abstract, §6",
        decided(majority(nearer)),
        "with F and R orthogonal the end is clearly no nearer than doing nothing on "
        f"{nearer.count(False)} of {len(ends)} linear courses, clearly nearer on {nearer.count(True)}",
    )


def quarters(arm: Arm) -> tuple[float, float, float, float]:
    """Return the shares of failing courses on the quarters of sets with the largest and the least gradient CKA, and the interval
    of their difference, resampled over the sets of each.
    """
    fails = np.mean([arm.outcomes[name] >= 0 for name in arm.fixed], axis=0)
    order = np.argsort(arm.predictors[CKA], kind="stable")
    quarter = len(order) // 4
    least, most = fails[order[:quarter]], fails[order[-quarter:]]
    draw = np.random.default_rng(SEED)
    means = [one[draw.integers(quarter, size=(RESAMPLES, quarter))].mean(axis=1) for one in (most, least)]
    low, high = np.quantile(means[0] - means[1], [0.025, 0.975])
    return float(most.mean()), float(least.mean()), float(low), float(high)


def _central(explained: Shares | None) -> Decided:
    sentence, where = "Dependence is a central cause of the failures that are seen.", "§3"
    if explained is None:
        return Decided(sentence, where, "not decided", "not run")
    over = {name: above(explained.above("dependence", name), 0.0) for name in SETTINGS}
    largest = max(SETTINGS, key=lambda name: explained.of(name).value)
    parts = [f"{s.group} {s.value:.0%} ({s.low:.0%} to {s.high:.0%})" for s in explained.shares]
    return Decided(
        sentence,
        where,
        decided(answer(every(list(over.values())) is True, over[largest] is False)),
        "shares in the variance of the log ratio over sets and settings of perceptrons, on the half not fitted: "
        f"{', '.join(parts)}",
    )


def _primarily(explained: Shares | None) -> Decided:
    sentence, where = "The weaknesses stem primarily from dependence.", "§6"
    if explained is None:
        return Decided(sentence, where, "not decided", "not run")
    part, low, high = explained.part("dependence")
    measured = f"dependence has {part:.0%} ({low:.0%} to {high:.0%}) of what all explain in perceptrons"
    return Decided(sentence, where, decided(above((low, high), 0.5)), measured)


def _random(arms: Sequence[Arm], networks: Arm | None, courses: Sequence[Row]) -> Decided:
    found: list[tuple[str, Answer, str]] = [(arm.name, *_random_in(arm, {})) for arm in arms]
    if networks is not None:
        rises: dict[str, list[float]] = {}
        kinds = {row["name"]: row["kind"] for row in networks.sets}
        for row in courses:
            if kinds.get(row["name"]) == "random":
                rises.setdefault(setting_of(row), []).append(row["validation_rise"])
        found.append((networks.name, *_random_in(networks, {k: float(np.mean(v)) for k, v in rises.items()})))
    return Decided(
        "No setting brings a random set nearer to its oracle without harm (read from: it cannot be unlearned without).",
        "§1, §4",
        decided(agreed(answer for _, answer, _ in found)),
        "; ".join(f"{name}: {measured}" for name, _, measured in found) or "not run",
    )


def _random_in(arm: Arm, rises: dict[str, float]) -> tuple[Answer, str]:
    mine = np.array([row["kind"] == "random" for row in arm.sets])
    best = min(arm.fixed, key=lambda name: arm.outcomes[name][~mine].mean())

    def helps(name: str) -> bool:
        return t_interval(arm.outcomes[name][mine]).high < 0 and rises.get(name, 0.0) <= RISE

    ratio = t_interval(arm.outcomes[best][mine])
    said = (
        f"the setting best on other sets, {best}, leaves {np.exp(ratio.value):.2f} ({np.exp(ratio.low):.2f} to "
        f"{np.exp(ratio.high):.2f}) of doing nothing's distance on {int(mine.sum())} random sets"
    )
    if rises:
        said += f", validation score {rises[best]:+.3f} spreads"
    return answer(yes=not any(helps(name) for name in arm.fixed), no=helps(best)), said


def _diverge(tables: Tables) -> Decided:
    linear = _linear(tables, "end")
    return Decided(
        "Dependence makes the iterations of descent-ascent diverge from the oracle.",
        "abstract, §5.1",
        decided(linear.raised),
        f"four near-copies of each point at ε = 0.9: the end's ratio is {linear} linear courses",
    )


def _near(tables: Tables) -> Decided:
    linear, networks = _linear(tables, "nearest"), _networks(tables, "nearest")
    said = ", ".join(f"{found} methods in {name}" for name, found in networks.items())
    return Decided(
        "Dependence decides how near the best stop comes.",
        OURS,
        decided(agreed((linear.raised, *(found.raised for found in networks.values())))),
        f"the nearest's ratio is {linear} courses in linear models, {said}",
    )


def _pair(tables: Tables) -> Decided:
    clear = [
        row
        for row in tables.linear_doses
        if row["predicted"] is not None and dose_of(row) != NONE and effect(row) in ("raises", "lowers")
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


def counts_by_dose(rows: Sequence[Row], place: str, on: str = "effect") -> Iterator[tuple[Dose, Count]]:
    """Yield what each dose does at a place, to the ratio, or `on` the distance."""
    for dose in dict.fromkeys(dose_of(row) for row in rows):
        if dose != NONE:
            yield dose, count(_at(rows, dose, (place,)), on)

"""The rules of docs/explanation/rules.md on dependence: from the tables to a verdict on each sentence, with what was measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
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
    interval,
    place_of,
    still_of,
)
from ascentcheck.empirics.dependence.evidence import (
    Arm,
    Tables,
    linear_arms,
    network_arm,
    network_shares,
    setting_of,
)
from ascentcheck.empirics.dependence.quarters import Quarters, measures, quarters, stands, to_forget
from ascentcheck.empirics.dependence.ratio import t_interval
from ascentcheck.empirics.dependence.shares import Shares
from ascentcheck.empirics.dependence.tables import Row
from ascentcheck.empirics.findings.answer import (
    Answer,
    Interval,
    above,
    agreed,
    answer,
    below,
    decided,
    every,
    majority,
)
from ascentcheck.empirics.findings.finding import Verdict

SAME_SIGN = 0.9
RISE = 0.1
"""Spreads by which the validation score may be above doing nothing's."""
PERCEPTRONS = "dependence-copies"
NETWORKS = {PERCEPTRONS: "perceptrons", "dependence-copies-cnn": "convolutional networks"}
"""The studies of networks at the doses, by what they train; each counts by itself, once it has been run."""
SETTINGS = ("learning rate", "epochs", "statistics", "forget gradient")
"""What dependence's share in the variance is compared with."""

OURS, AFTERWARDS = "a question of this project", "a reading made afterwards"
"""What stands in the place of a section where a sentence is not the paper's."""


@dataclass(frozen=True)
class Decided:
    """A sentence, where the paper has it (or that it is a question of ours), the verdict, and what was measured.

    `written` is the verdict by the rule of 26 November 2026, which was changed on the 27th, after the results, and what it rested
    on; None where it is the same, or the rule was not changed.
    """

    sentence: str
    where: str
    verdict: Verdict
    measured: str
    written: tuple[Verdict, str] | None = None

    @property
    def printed(self) -> bool:
        """Whether the sentence is the paper's."""
        return self.where not in (OURS, AFTERWARDS)


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


def _changed(now: Decided, written: Decided) -> Decided:
    """Return a sentence with what the rule of 26 November said, where that is another verdict."""
    return (
        now if now.verdict == written.verdict else replace(now, written=(written.verdict, written.measured))
    )


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


def _cause(tables: Tables) -> Decided:
    sentence = "(I) Dependencies cause ascent to harm the model without unlearning it."
    return _changed(*(_farther(tables, sentence, "§3, §4", "ratio", RATIO, old) for old in (False, True)))


def _distance(tables: Tables) -> Decided:
    sentence = "Dependence puts the models farther from the oracle: (I) by the distance itself, not over doing nothing's."
    return _changed(
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


def _sufficient(tables: Tables) -> Decided:
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


def _precisely(arms: Sequence[Arm], networks: Arm | None) -> Decided:
    by_cka = [(arm.name, quarters(arm)) for arm in (*arms, *([] if networks is None else [networks]))]
    sentence, where = "Ascent often fails precisely because of dependence.", "abstract"
    written = Decided(
        sentence,
        where,
        decided(agreed(found.answer for _, found in by_cka)),
        "; ".join(f"{name}, by CKA: {_failing(found)}" for name, found in by_cka) or "not run",
    )
    tried = [*arms, *([] if networks is None else [to_forget(networks)])]
    answers = {arm.name: {measure: stands(arm, measure) for measure in measures(arm)} for arm in tried}
    said = [f"{name}: {_by_answer(found)}" for name, found in answers.items()]
    now = Decided(
        sentence,
        where,
        decided(agreed(one for found in answers.values() for one in found.values())),
        "whether the quarter of sets with most of a measure of dependence fails more often than that with least, with all kinds "
        "of sets and without each: " + ("; ".join(said) or "not run"),
    )
    return _changed(now, written)


def _by_answer(found: Mapping[str, Answer]) -> str:
    parts = []
    for one, word in ((True, "clearly so"), (False, "clearly not"), (None, "open")):
        mine = [
            name.replace("_", " ").replace("cka", "CKA") for name, answer in found.items() if answer is one
        ]
        if mine:
            parts.append(f"{word} by {', '.join(mine)}")
    return ", ".join(parts)


def _failing(found: Quarters) -> str:
    return (
        f"{found.most:.0%} of courses fail on the quarter most dependent, {found.least:.0%} on the least (difference "
        f"{found.low:+.0%} to {found.high:+.0%})"
    )


def _needed(tables: Tables) -> Decided:
    ends = [row for row in tables.linear_apart if row["share"] == 1 and row["place"] == "end"]
    nearer = [below(interval(row, "ratio"), 0.0) for row in ends]
    return Decided(
        "Dependence is needed for ascent to fail.",
        "abstract, §6",
        decided(majority(nearer)),
        "with F and R orthogonal the end is clearly no nearer than doing nothing on "
        f"{nearer.count(False)} of {len(ends)} linear courses, clearly nearer on {nearer.count(True)}",
    )


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
        by_setting: dict[str, list[Row]] = {}
        kinds = {row["name"]: row["kind"] for row in networks.sets}
        for row in courses:
            if kinds.get(row["name"]) == "random":
                by_setting.setdefault(setting_of(row), []).append(row)
        found.append((networks.name, *_random_in(networks, by_setting)))
    return Decided(
        "No setting brings a random set nearer to its oracle without harm (read from: it cannot be unlearned without).",
        "§1, §4",
        decided(agreed(answer for _, answer, _ in found)),
        "; ".join(f"{name}: {measured}" for name, _, measured in found) or "not run",
    )


def _random_in(arm: Arm, courses: Mapping[str, Sequence[Row]]) -> tuple[Answer, str]:
    mine = np.array([row["kind"] == "random" for row in arm.sets])
    best = min(arm.fixed, key=lambda name: arm.outcomes[name][~mine].mean())
    rises = {name: float(np.mean([row["validation_rise"] for row in rows])) for name, rows in courses.items()}

    def helps(name: str) -> bool:
        highs = [t_interval(arm.outcomes[name][mine]).high]
        if name in courses:
            highs.append(_over_models(courses[name])[1])
        return max(highs) < 0 and rises.get(name, 0.0) <= RISE

    ratio = t_interval(arm.outcomes[best][mine])
    over = f"{np.exp(ratio.low):.2f} to {np.exp(ratio.high):.2f}"
    if best in courses:
        low, high = np.exp(_over_models(courses[best]))
        over += f" over the sets, which share their pretrained models; {low:.3f} to {high:.3f} over models"
    said = (
        f"the setting best on other sets, {best}, leaves {np.exp(ratio.value):.2f} ({over}) of doing nothing's distance on "
        f"{int(mine.sum())} random sets"
    )
    if rises:
        said += f", validation score {rises[best]:+.3f} spreads"
    return answer(yes=not any(helps(name) for name in arm.fixed), no=helps(best)), said


def _over_models(rows: Sequence[Row]) -> Interval:
    """Return the interval of some sets' mean log ratio over models, from those of each set as if these were independent."""
    mean = float(np.mean([row["ratio"] for row in rows]))
    reach = math.hypot(*(row["ratio_high"] - row["ratio"] for row in rows)) / len(rows)
    return mean - reach, mean + reach


def _diverge(tables: Tables) -> Decided:
    return _changed(*(_diverge_by(_linear(tables, "end", RATIO, old)) for old in (False, True)))


def _diverge_by(linear: Count) -> Decided:
    return Decided(
        "Dependence makes the iterations of descent-ascent diverge from the oracle.",
        "abstract, §5.1",
        decided(linear.raised),
        f"four near-copies of each point at ε = 0.9: the end's ratio is {linear.told('linear courses')}",
    )


def _near(tables: Tables) -> Decided:
    return _changed(*(_near_by(tables, old) for old in (False, True)))


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


def _pair(tables: Tables) -> Decided:
    still = still_of(tables.linear_doses)
    return _changed(*(_pair_by(tables, known) for known in (still, {})))


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

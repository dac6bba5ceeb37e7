"""The sentences that are decided over many forget sets, and with dependence taken away."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from ascentcheck.empirics.dependence.effects import interval
from ascentcheck.empirics.dependence.evidence import Arm, Tables, setting_of
from ascentcheck.empirics.dependence.quarters import Quarters, measures, quarters, stands, to_forget
from ascentcheck.empirics.dependence.ratio import t_interval
from ascentcheck.empirics.dependence.sentence import Decided, changed
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

RISE = 0.1
"""Spreads by which the validation score may be above doing nothing's."""
SETTINGS = ("learning rate", "epochs", "statistics", "forget gradient")
"""What dependence's share in the variance is compared with."""


def precisely(arms: Sequence[Arm], networks: Arm | None) -> Decided:
    """Return whether ascent often fails precisely because of dependence."""
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
    return changed(now, written)


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


def needed(tables: Tables) -> Decided:
    """Return whether ascent fails only with dependence."""
    ends = [row for row in tables.linear_apart if row["share"] == 1 and row["place"] == "end"]
    nearer = [below(interval(row, "ratio"), 0.0) for row in ends]
    return Decided(
        "Dependence is needed for ascent to fail.",
        "abstract, §6",
        decided(majority(nearer)),
        "with F and R orthogonal the end is clearly no nearer than doing nothing on "
        f"{nearer.count(False)} of {len(ends)} linear courses, clearly nearer on {nearer.count(True)}",
    )


def central(explained: Shares | None) -> Decided:
    """Return whether dependence is a central cause, by its share in the variance."""
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


def primarily(explained: Shares | None) -> Decided:
    """Return whether dependence is most of what all explain."""
    sentence, where = "The weaknesses stem primarily from dependence.", "§6"
    if explained is None:
        return Decided(sentence, where, "not decided", "not run")
    part, low, high = explained.part("dependence")
    measured = f"dependence has {part:.0%} ({low:.0%} to {high:.0%}) of what all explain in perceptrons"
    return Decided(sentence, where, decided(above((low, high), 0.5)), measured)


def random_sets(arms: Sequence[Arm], networks: Arm | None, courses: Sequence[Row]) -> Decided:
    """Return whether no setting brings a random set nearer to its oracle."""
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

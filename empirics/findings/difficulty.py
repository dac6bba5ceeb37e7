"""How hard the sets are to forget, by what ascent reaches at best: do they differ, and is the first component hardest?

Sets with nothing to forget are left out. What is best or hardest or easiest is chosen by the even members, configurations and
sets alike, and scored by the odd ones: the least of many scores would be too low, and the farthest apart of many sets too far.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ascentcheck.empirics.findings.answer import answer, decided
from ascentcheck.empirics.findings.finding import Finding
from ascentcheck.empirics.findings.outcome import BOUNDS, SetOutcome, or_inf, worth_forgetting
from ascentcheck.empirics.findings.words import odd_score
from ascentcheck.empirics.forget_sets import ComponentConfig
from ascentcheck.empirics.study import Study
from ascentcheck.empirics.study.table import Row

CLAIM = "da-fails"
ASCENT = ("ga", "gda")
FACTOR = 2.0
"""Difficulty varies greatly if the hardest set has more than this many times the forget score of the easiest."""
LEAST = (
    "The least forget score that ga, gda or doing nothing reaches without breaking the models, chosen by the even members and "
    "judged by the odd ones,"
)
CHOSEN = "Sets are chosen by the even members, too."
UNCLEAR = "What is neither clearly broken nor clearly whole may have reached it or not: it widens the interval downward."


@dataclass(frozen=True)
class Difficulty:
    """The least forget row that ascent, or doing nothing, reaches on a set with models that are clearly `whole`, and the
    least that it reaches where the models are not clearly broken (`perhaps`).
    """

    forget_set: str
    whole: Row
    perhaps: Row

    @property
    def even(self) -> float:
        """The score by the even members, by which a set is chosen."""
        return or_inf(self.whole.energy_even)

    @property
    def low(self) -> float:
        """Lower end of the interval of the least forget score, in spreads."""
        return min(self.whole.energy_odd_low, self.perhaps.energy_odd_low)

    @property
    def high(self) -> float:
        """Upper end."""
        return self.whole.energy_odd_high

    def __str__(self) -> str:
        perhaps = f", perhaps {odd_score(self.perhaps)}" if self.perhaps is not self.whole else ""
        return f"{self.forget_set} {odd_score(self.whole)}{perhaps}"


def varies(sets: Sequence[SetOutcome]) -> Finding:
    """Decide whether the difficulty varies greatly with the set."""
    found = [_difficulty(s) for s in worth_forgetting(sets) if s.as_printed(*ASCENT)]
    differs = None
    if len(found) > 1:
        hard, easy = max(found, key=_even), min(found, key=_even)
        widest, narrowest = max(d.high for d in found), min(d.low for d in found)
        differs = answer(hard.low > FACTOR * easy.high, widest <= FACTOR * narrowest)
    return Finding(
        CLAIM,
        "The difficulty of unlearning varies greatly with the forget set.",
        "§3, Fig. 3",
        f"{LEAST} is more than {FACTOR:g} times as large on the hardest set as on the easiest, intervals apart: confirmed; "
        f"not more on any set than on any other: refuted. {CHOSEN} {UNCLEAR} {BOUNDS}",
        decided(differs),
        _in_order(found) if len(found) > 1 else "Fewer than two sets have been tried with ga or gda.",
    )


def hardest(study: Study, sets: Sequence[SetOutcome], unstable: Collection[str] = frozenset()) -> Finding:
    """Decide whether the points of the first principal component are the hardest to forget; unstable sets are left out."""
    first = {c.name for c in study.forget_sets if isinstance(c, ComponentConfig) and c.component == 1}
    tried = [s for s in worth_forgetting(sets) if s.as_printed(*ASCENT)]
    found = [_difficulty(s) for s in tried if s.name not in unstable]
    left_out = [s.name for s in tried if s.name in unstable]
    inside = [d for d in found if d.forget_set in first]
    outside = [d for d in found if d.forget_set not in first]
    harder = None
    if inside and outside:
        first_of, other = max(inside, key=_even), max(outside, key=_even)
        harder = answer(first_of.low > max(d.high for d in outside), other.low > max(d.high for d in inside))
    missing = "The table needs a set of component 1 and another, both tried with ga or gda."
    return Finding(
        CLAIM,
        "Highly important points, those of the first principal component, are the hardest to unlearn.",
        "§3, Fig. 3",
        f"{LEAST} is, on the hardest set of component 1, above that on every set that is not of it, intervals apart: confirmed; "
        "on the hardest of these above those of all sets of component 1: refuted. Sets by component count only where halves of "
        f"the models agree on them. {CHOSEN} {UNCLEAR} {BOUNDS}",
        decided(harder),
        (_in_order(found) if inside and outside else missing)
        + (f"; left out, since other models make another set: {', '.join(left_out)}" if left_out else ""),
    )


def _difficulty(s: SetOutcome) -> Difficulty:
    tried = s.as_printed(*ASCENT)
    whole, perhaps = (
        min((x.rows["forget"] for x in (s.do_nothing, *some)), key=lambda row: or_inf(row.energy_even))
        for some in ([x for x in tried if x.broken is False], [x for x in tried if x.broken is not True])
    )
    return Difficulty(s.name, whole, perhaps)


def _even(found: Difficulty) -> float:
    return found.even


def _in_order(found: Sequence[Difficulty]) -> str:
    return "hardest first: " + "; ".join(map(str, sorted(found, key=lambda d: -d.whole.energy_odd)))

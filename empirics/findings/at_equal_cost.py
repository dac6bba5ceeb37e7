"""`da-fails`, conclusion: rewinding and noise as alternatives, beside ascent at equal cost and doing nothing.

Each side spends at most a budget, in passes relative to retraining, and is judged by one configuration, chosen in
advance on the other sets. Costs are those of unlearning alone: the checkpoint of a rewind is free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ascentcheck.empirics.findings.answer import answer, decided, majority
from ascentcheck.empirics.findings.finding import Finding
from ascentcheck.empirics.findings.outcome import (
    BOUNDS,
    SetOutcome,
    Snapshot,
    apart,
    select,
    worth_forgetting,
)
from ascentcheck.empirics.findings.words import place, settings

CLAIM = "da-fails"
ASCENT = ("ga", "gda", "scrub")
BUDGETS = (0.1, 0.25, 0.5, 1.0)
SENTENCES = {
    "rewind": "Methods based on rewinding can be valid alternatives to ascent.",
    "noisy-descent": "Stochastic methods based on noise can be valid alternatives to ascent.",
}


@dataclass(frozen=True)
class Duel:
    """One set at one budget: the alternative and ascent, each chosen in advance, and doing nothing."""

    budget: float
    alternative: Snapshot
    ascent: Snapshot
    nothing: Snapshot

    @property
    def wins(self) -> bool:
        """Whether the alternative is clearly better than both."""
        return all(clearly_better(self.alternative, rival) for rival in (self.ascent, self.nothing))

    @property
    def loses(self) -> bool:
        """Whether one of both is clearly better."""
        return any(clearly_better(rival, self.alternative) for rival in (self.ascent, self.nothing))


def clearly_better(one: Snapshot, other: Snapshot) -> bool:
    """Return whether the larger of forget and validation score is lower, by the paired interval of the difference.

    What is broken is worse than what is not.
    """
    if one.broken is True:
        return False
    return other.broken is True or apart(one.worse_row, other.worse_row)[1] < 0


def findings(sets: Sequence[SetOutcome]) -> tuple[Finding, ...]:
    """Return a finding for each family of alternatives."""
    return tuple(alternative(sets, method) for method in SENTENCES)


def alternative(sets: Sequence[SetOutcome], method: str) -> Finding:
    """Decide whether a method does better than ascent at equal cost."""
    duels = fought(worth_forgetting(sets), method)
    won, lost = sum(duel.wins for duel in duels), sum(duel.loses for duel in duels)
    answers = [answer(duel.wins, duel.loses) for duel in duels]
    return Finding(
        CLAIM,
        SENTENCES[method],
        "§6, conclusion",
        f"Over sets and budgets of {', '.join(f'{b:g}' for b in BUDGETS)} retrainings, {method} and the best of "
        f"{', '.join(ASCENT)} each by the configuration within budget that is best on average over the other sets "
        "(larger of forget and validation score, broken models counted as the worst): the alternative is better than "
        "ascent and than doing nothing, by the paired interval of the difference, in more than half of the cases: confirmed; "
        f"one of them is better in half or more: refuted. {BOUNDS}",
        decided(majority(answers)),
        _measured(duels, won, lost) if duels else _missing(sets, method),
    )


def fought(sets: Sequence[SetOutcome], method: str) -> list[Duel]:
    """Return the comparisons that can be made: on a set, within a budget, where both sides have a choice."""
    duels = []
    for own in sets:
        others = [s for s in sets if s is not own and s.of(method) and s.of(*ASCENT)]
        for budget in BUDGETS:
            sides = [_in_advance(own, others, methods, budget) for methods in ((method,), ASCENT)]
            if sides[0] is not None and sides[1] is not None:
                duels.append(Duel(budget, sides[0], sides[1], own.do_nothing))
    return duels


def _in_advance(
    own: SetOutcome, others: Sequence[SetOutcome], methods: Sequence[str], budget: float
) -> Snapshot | None:
    """Return the snapshot within the budget whose merit is best on the other sets; None without any."""
    own_ones, *elsewhere = ([s for s in one.of(*methods) if 0 < s.cost <= budget] for one in (own, *others))
    return select(own_ones, elsewhere)[1]


def _measured(duels: Sequence[Duel], won: int, lost: int) -> str:
    told = [f"of {len(duels)} cases {won} better, {lost} worse, {len(duels) - won - lost} undecided"]
    for budget in BUDGETS:
        at = [duel for duel in duels if duel.budget == budget]
        if at:
            sides = ([d.alternative for d in at], [d.ascent for d in at], [d.nothing for d in at])
            own, ascent, nothing = (median(s.merit for s in side) for side in sides)
            told.append(
                f"within {budget:g}, median over {len(at)} sets {own:.2f} against {ascent:.2f} of ascent and "
                f"{nothing:.2f} of doing nothing"
            )
    last = max(duels, key=lambda duel: duel.ascent.merit - duel.alternative.merit)
    told.append(
        f"largest lead, on {last.alternative.forget_set} within {last.budget:g}: {settings(last.alternative)}, "
        f"{place(last.alternative)}, against {settings(last.ascent)}, {place(last.ascent)}"
    )
    return "; ".join(told)


def _missing(sets: Sequence[SetOutcome], method: str) -> str:
    for methods in ((method,), ASCENT):
        if not any(s.of(*methods) for s in sets):
            return f"{' or '.join(methods)} has not been run."
    return "Two sets with something to forget are needed, with both sides within a common budget."

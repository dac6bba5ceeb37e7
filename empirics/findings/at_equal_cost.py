"""`da-fails`, conclusion: rewinding and noise as alternatives, beside ascent at equal cost and doing nothing.

Each side spends at most a budget, in passes relative to retraining, and is judged by one configuration, chosen in
advance on the other sets, with running statistics of batch norm, as in the paper. Costs are those of unlearning alone: the
checkpoint of a rewind is free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ascentcheck.empirics.findings.answer import (
    STEADY_OVER_SETS,
    Answer,
    answer,
    decided,
    steady_majority,
)
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
TRIED, SETS = 10, 5
"""From so many configurations and stops, on so many sets, a method that is worse refutes that it can be better."""
READ_AS = "valid alternatives to ascent, read as: at equal cost nearer to oracles than it; that alone is no success."
SENTENCES = {
    "rewind": f"Methods based on rewinding can be {READ_AS}",
    "noisy-descent": f"Stochastic methods based on noise can be {READ_AS}",
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

    What is clearly broken is worse than what is not.
    """
    if one.broken is True:
        return False
    return other.broken is True or apart(one.worse_row, other.worse_row)[1] < 0


def findings(sets: Sequence[SetOutcome]) -> tuple[Finding, ...]:
    """Return a finding for each family of alternatives."""
    return tuple(alternative(sets, method) for method in SENTENCES)


def alternative(sets: Sequence[SetOutcome], method: str) -> Finding:
    """Decide whether a method does better than ascent at equal cost."""
    worth = worth_forgetting(sets)
    duels = fought(worth, method)
    by_set = [[answer(d.wins, d.loses) for d in of_set] for of_set in distinct(duels)]
    better = steady_majority(by_set)
    if better is False and not enough(duels, method, worth):
        better = None
    return Finding(
        CLAIM,
        SENTENCES[method],
        "§6, conclusion",
        f"Over sets and budgets of {', '.join(f'{b:g}' for b in BUDGETS)} retrainings, {method} and the best of "
        f"{', '.join(ASCENT)} each by the configuration within budget that is best on average over the other sets, of those run "
        "on all (larger of forget and validation score, broken models counted as the worst). Two configurations that are "
        "chosen on a set within several budgets are compared once. The alternative is better than ascent and than doing "
        "nothing, by the paired interval of the difference, in more than half of the comparisons: confirmed; one of them is "
        f"better in half or more, where at least {TRIED} configurations and stops of {method} were tried on at least {SETS} "
        "sets: refuted, for fewer cannot tell what can be. What is clearly broken loses to what is not clearly so. "
        f"{STEADY_OVER_SETS} {BOUNDS}",
        decided(better),
        f"{_measured(duels, by_set)}; {_became(worth, method)}" if duels else _missing(sets, method),
    )


def fought(sets: Sequence[SetOutcome], method: str) -> list[Duel]:
    """Return the comparisons that can be made: on a set, within a budget, where both sides have a choice."""
    duels = []
    for own in sets:
        others = [s for s in sets if s is not own and s.as_printed(method) and s.as_printed(*ASCENT)]
        for budget in BUDGETS:
            sides = [_in_advance(own, others, methods, budget) for methods in ((method,), ASCENT)]
            if sides[0] is not None and sides[1] is not None:
                duels.append(Duel(budget, sides[0], sides[1], own.do_nothing))
    return duels


def distinct(duels: Sequence[Duel]) -> list[list[Duel]]:
    """Return the comparisons of each set, those of the same two snapshots within several budgets once."""
    by_set: dict[str, dict[tuple[object, ...], Duel]] = {}
    for duel in duels:
        pair = tuple((one.method, one.choice) for one in (duel.alternative, duel.ascent))
        by_set.setdefault(duel.nothing.forget_set, {}).setdefault(pair, duel)
    return [list(pairs.values()) for pairs in by_set.values()]


def enough(duels: Sequence[Duel], method: str, sets: Sequence[SetOutcome]) -> bool:
    """Return whether so much of the alternative was compared that its failure says something of what it can do."""
    compared = {duel.nothing.forget_set for duel in duels}
    tried = [_within(s, (method,), BUDGETS[-1]) for s in sets if s.name in compared]
    return len(tried) >= SETS and min(map(len, tried)) >= TRIED


def _within(one: SetOutcome, methods: Sequence[str], budget: float) -> list[Snapshot]:
    return [s for s in one.as_printed(*methods) if 0 < s.cost <= budget]


def _in_advance(
    own: SetOutcome, others: Sequence[SetOutcome], methods: Sequence[str], budget: float
) -> Snapshot | None:
    """Return the snapshot within the budget whose merit is best on the other sets; None without any."""
    own_ones, *elsewhere = (_within(one, methods, budget) for one in (own, *others))
    return select(own_ones, elsewhere)[1]


def _measured(duels: Sequence[Duel], by_set: Sequence[Sequence[Answer]]) -> str:
    answers = [answer for of_set in by_set for answer in of_set]
    told = [
        f"of {len(answers)} comparisons on {len(by_set)} sets {answers.count(True)} better, {answers.count(False)} worse, "
        f"{answers.count(None)} undecided"
    ]
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


def _became(sets: Sequence[SetOutcome], method: str) -> str:
    """Return how many snapshots of the alternative are near oracles, and how many are broken: to be better is not to succeed."""
    own = [snapshot for s in sets for snapshot in s.as_printed(method)]
    succeed, broken = sum(s.succeeds is True for s in own), sum(s.broken is True for s in own)
    return f"of all {len(own)} snapshots of {method} {succeed} are a success, {broken} are broken"


def _missing(sets: Sequence[SetOutcome], method: str) -> str:
    for methods in ((method,), ASCENT):
        if not any(s.as_printed(*methods) for s in sets):
            return f"{' or '.join(methods)} has not been run."
    return "Two sets with something to forget are needed, with both sides within a common budget."

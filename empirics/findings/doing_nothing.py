"""`da-farthest`, on networks: is doing nothing a better strategy than the descent-ascent of the paper's section 5?

The lemmas speak of the end of descent-ascent for one coordinate or two samples. Here the objective itself is run on
networks, both terms in each step, and every stop of every run is set beside the pretrained models.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ascentcheck.empirics.findings.answer import (
    STEADY,
    STEADY_OVER_SETS,
    Answer,
    answer,
    decided,
    singly,
    steady_majority,
)
from ascentcheck.empirics.findings.at_equal_cost import clearly_better
from ascentcheck.empirics.findings.finding import Finding
from ascentcheck.empirics.findings.outcome import (
    BOUNDS,
    SetOutcome,
    Snapshot,
    by_run,
    select,
    worth_forgetting,
)
from ascentcheck.empirics.findings.words import place, settings, tally, tally_of_runs

CLAIM = "da-farthest"
METHOD = "descent-ascent"
WHERE = "§5.1.1"


def findings(sets: Sequence[SetOutcome]) -> tuple[Finding, ...]:
    """Return a finding for runs of all settings alike, and one for the setting that is chosen in advance."""
    return at_any_stop(sets), chosen(sets)


def at_any_stop(sets: Sequence[SetOutcome]) -> Finding:
    """Decide whether most snapshots of descent-ascent are farther from oracles than doing nothing."""
    tried = [(s, s.as_printed(METHOD)) for s in worth_forgetting(sets) if s.as_printed(METHOD)]
    by_set = [by_run(snapshots, partial(nothing_wins, s.do_nothing)) for s, snapshots in tried]
    runs = [run for of_set in by_set for run in of_set]
    told = "; ".join(
        f"{s.name}: {tally_of_runs(of_set, 'worse', 'better')}"
        for (s, _), of_set in zip(tried, by_set, strict=True)
    )
    return Finding(
        CLAIM,
        "Doing nothing is a better strategy than descent-ascent, whatever its rate and stopping time.",
        WHERE,
        "On sets with something to forget, doing nothing is better than a snapshot of descent-ascent (larger of forget and "
        "validation score, by the paired interval of the difference; broken models are worse) for more than half of the "
        f"snapshots: confirmed; it is worse for half or more: refuted. {STEADY} {BOUNDS}",
        decided(steady_majority(runs)),
        f"{tally_of_runs(runs, 'worse than doing nothing', 'better')}; {told}"
        if tried
        else f"{METHOD} has not been run.",
    )


def chosen(sets: Sequence[SetOutcome]) -> Finding:
    """Decide the same for the rate and stopping time that are best on the other sets."""
    worth = worth_forgetting(sets)
    ruled = [(own, _in_advance(own, worth)) for own in worth]
    known = [(own, snapshot) for own, snapshot in ruled if snapshot is not None]
    answers = [nothing_wins(own.do_nothing, snapshot) for own, snapshot in known]
    told = "; ".join(
        f"{own.name}: {settings(snapshot)}, {place(snapshot)}, doing nothing {place(own.do_nothing)}"
        for own, snapshot in known
    )
    return Finding(
        CLAIM,
        "Doing nothing is a better strategy than descent-ascent, its rate and stopping time chosen in advance.",
        WHERE,
        "On sets with something to forget, the snapshot of descent-ascent whose settings are best on average over the other "
        "sets, of those run on all, is worse than doing nothing, by the paired interval of the difference, on more than half of "
        f"the sets: confirmed; it is better on half or more: refuted. {STEADY_OVER_SETS} {BOUNDS}",
        decided(steady_majority(singly(answers))),
        f"{tally(answers, 'worse than doing nothing', 'better')}; {told}"
        if known
        else f"{METHOD} has not been run on two sets with something to forget.",
    )


def nothing_wins(nothing: Snapshot, snapshot: Snapshot) -> Answer:
    """Return whether doing nothing is clearly better, no where it is clearly worse."""
    return answer(clearly_better(nothing, snapshot), clearly_better(snapshot, nothing))


def _in_advance(own: SetOutcome, sets: Sequence[SetOutcome]) -> Snapshot | None:
    others = [s.as_printed(METHOD) for s in sets if s is not own and s.as_printed(METHOD)]
    return select(own.as_printed(METHOD), others)[1]

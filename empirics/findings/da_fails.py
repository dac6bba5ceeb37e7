"""`da-fails`: what section 3 and appendix K of the paper say of ascent on networks, sentence by sentence.

The rules are the same for every study; `ascentcheck.empirics.findings.outcome` holds the bounds that they share, and
`docs/explanation/rules.md` says when they were written and what had been seen.
Where a study lacks what a rule needs, or its intervals leave the answer open, the verdict is "not decided".
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from ascentcheck.empirics.findings import appendix_k, at_equal_cost, difficulty
from ascentcheck.empirics.findings.answer import (
    MOST,
    STEADY,
    STEADY_OVER_SETS,
    Answer,
    decided,
    every,
    negated,
    singly,
    steady_majority,
    steady_nearly_all,
)
from ascentcheck.empirics.findings.finding import Finding
from ascentcheck.empirics.findings.outcome import (
    BOUNDS,
    SetOutcome,
    Snapshot,
    by_run,
    outcomes,
    select,
    worth_forgetting,
)
from ascentcheck.empirics.findings.words import (
    missing,
    odd_place,
    place,
    score,
    settings,
    tally,
    tally_of_runs,
)
from ascentcheck.empirics.forget_sets import RandomConfig
from ascentcheck.empirics.study import Study
from ascentcheck.empirics.study.table import Row

CLAIM = "da-fails"
ASCENT = ("ga", "gda")


def findings(
    study: Study, rows: Sequence[Row], unstable: Collection[str] = frozenset()
) -> tuple[Finding, ...]:
    """Return a finding for each sentence, from the table's rows, in the paper's order."""
    sets = outcomes(rows)
    return (
        *(either_or(sets, method) for method in ASCENT),
        most_runs(sets),
        illusion(study, sets),
        difficulty.varies(sets),
        difficulty.hardest(study, sets, unstable),
        what_breaks(sets),
        *appendix_k.findings(sets),
        *at_equal_cost.findings(sets),
    )


def either_or(sets: Sequence[SetOutcome], method: str) -> Finding:
    """Decide whether all runs of a method stay near the pretrained models or break them, in most sets."""
    tried = [(s.name, s.as_printed(method)) for s in worth_forgetting(sets) if s.as_printed(method)]
    runs = [by_run(snapshots, _either_or) for _, snapshots in tried]
    fits = [steady_nearly_all(of_set) for of_set in runs]
    told = [
        f"{name}: {tally_of_runs(of_set, 'fit', 'do neither')}{_neither(snapshots)}"
        for (name, snapshots), of_set in zip(tried, runs, strict=True)
    ]
    return Finding(
        CLAIM,
        f"{method.upper()} either breaks the model or does not move much from the pretrained one, in most sets.",
        "§3, Fig. 1",
        f"In more than half of the sets at least {float(MOST):.0%} of the snapshots of {method} are broken or have not moved: "
        f"confirmed; in half of them or more, more than {float(1 - MOST):.0%} are clearly neither: refuted. {STEADY} "
        f"{STEADY_OVER_SETS} {BOUNDS}",
        decided(steady_majority(singly(fits))),
        "; ".join(told) or missing(sets, method),
    )


def _either_or(snapshot: Snapshot) -> Answer:
    return snapshot.either_or


def _neither(snapshots: Sequence[Snapshot]) -> str:
    """Return which way the snapshots go that clearly do neither, and the one that goes farthest."""
    found = [snapshot for snapshot in snapshots if snapshot.either_or is False]
    if not found:
        return ""
    nearer, succeed = (sum(f) for f in zip(*((s.gain > 0, s.succeeds is True) for s in found), strict=True))
    farthest = max(found, key=lambda snapshot: abs(snapshot.gain))
    return (
        f" ({nearer} nearer to the oracles, {len(found) - nearer} farther off, {succeed} a success; farthest "
        f"{settings(farthest)}: {place(farthest)})"
    )


def most_runs(sets: Sequence[SetOutcome]) -> Finding:
    """Decide whether most runs of ascent stay or break, over all sets."""
    runs = by_run([x for s in worth_forgetting(sets) for x in s.as_printed(*ASCENT)], _either_or)
    return Finding(
        CLAIM,
        "In general, the majority of runs of GA and GDA either do nothing or break the model.",
        "Fig. 3",
        "More than half of all snapshots of ga and gda are broken or have not moved: confirmed; half or more are "
        f"clearly neither: refuted. {STEADY} {BOUNDS}",
        decided(steady_majority(runs)),
        tally_of_runs(runs, "fit", "do neither") if runs else missing(sets, *ASCENT),
    )


def what_breaks(sets: Sequence[SetOutcome]) -> Finding:
    """Decide whether ascent breaks the models by its steps, or by what it does to the statistics of batch norm."""
    by_set = [
        by_run(
            [
                twin
                for snapshot in s.as_printed(*ASCENT)
                if snapshot.broken is True and (twin := _frozen_twin(s, snapshot)) is not None
            ],
            _broken,
        )
        for s in sets
    ]
    by_set = [runs for runs in by_set if runs]
    all_runs = [run for runs in by_set for run in runs]
    of_sets = [steady_majority(runs) for runs in by_set]
    return Finding(
        CLAIM,
        "Where GA and GDA severely degrade the model, the ascent does it, not the batch-norm statistics that it drags.",
        "§3",
        "Of the snapshots of ga and gda that are broken, and were also run with the statistics of batch norm frozen and "
        "all else equal, more than half are broken so, too, on more than half of the sets: confirmed; half or more are clearly "
        f"not, on half of the sets or more: refuted. {STEADY} {STEADY_OVER_SETS} Sets with nothing to forget count "
        f"here, too. {BOUNDS}",
        decided(steady_majority(singly(of_sets))),
        f"{tally_of_runs(all_runs, 'are broken with frozen statistics, too', 'are not')}; most are so on "
        f"{of_sets.count(True)} of {len(by_set)} sets, clearly not on {of_sets.count(False)}"
        if by_set
        else "No broken snapshot of ga or gda was run with frozen statistics as well.",
    )


def _broken(snapshot: Snapshot) -> Answer:
    return snapshot.broken


def _frozen_twin(s: SetOutcome, snapshot: Snapshot) -> Snapshot | None:
    """Return the snapshot that differs in its frozen statistics alone, if it was run."""
    settings, epoch = snapshot.choice
    frozen = json.dumps(json.loads(settings) | {"batch_norm": "frozen"}, sort_keys=True)
    return next((t for t in s.of(snapshot.method) if t.choice == (frozen, epoch)), None)


def illusion(study: Study, sets: Sequence[SetOutcome]) -> Finding:
    """Decide whether GA on the smallest random set seems to work, but only by a choice after the fact."""
    sizes = {c.name: c.size for c in study.forget_sets if isinstance(c, RandomConfig)}
    names = sorted((s.name for s in sets if s.name in sizes), key=lambda name: sizes[name])
    answer: Answer = None
    if not names:
        measured = "The table has no random set with its controls."
    else:
        own = next(s for s in sets if s.name == names[0])
        others = [s for s in worth_forgetting(sets) if s.name != own.name and s.as_printed("ga")]
        answer, measured = _illusion(own, others)
    return Finding(
        CLAIM,
        "GA on ten random points seems to unlearn without breaking the model, but only for a learning rate and a "
        "stopping time that were selected.",
        "§3, Fig. 2",
        "On the smallest random set: the snapshot of ga that is best there by the even members (larger of forget and "
        "validation score) is a success by the odd ones, and the one that is best on average over the other sets, of those run "
        "on all, is none: confirmed; the first is clearly none, or the second is one: refuted. Whether models are broken is "
        f"judged by all members, in the choice as well. {BOUNDS}",
        decided(answer),
        measured,
    )


def _illusion(own: SetOutcome, others: Sequence[SetOutcome]) -> tuple[Answer, str]:
    if own.to_forget is not True:
        return None, (
            f"On {own.name} doing nothing scores {score(own.do_nothing.rows['forget'])}: too near to oracles to have "
            "anything to forget."
        )
    tried = own.as_printed("ga")
    picked, ruled = select(tried, [other.as_printed("ga") for other in others])
    if picked is None:
        return None, f"ga was not run on {own.name}."
    told = (
        f"{own.name}: {tally([s.succeeds for s in tried], 'succeed', 'do not')}; picked by the even members "
        f"{settings(picked)}, judged by the odd ones: {odd_place(picked)}"
    )
    if picked.succeeds_on_odd is False:
        return False, told
    if ruled is None:
        return None, f"{told}. There is no other set with something to forget on which ga was run."
    told += f"; chosen in advance {settings(ruled)}: {place(ruled)}"
    return every((picked.succeeds_on_odd, negated(ruled.succeeds))), told

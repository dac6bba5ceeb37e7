"""`da-fails`, appendix K: SCRUB stays near the pretrained models, and retained points score as validation points do."""

from __future__ import annotations

from collections.abc import Sequence

from ascentcheck.empirics.findings.answer import (
    MOST,
    STEADY,
    STEADY_OVER_SETS,
    Answer,
    answer,
    decided,
    every,
    singly,
    steady_majority,
    steady_nearly_all,
    within,
)
from ascentcheck.empirics.findings.finding import Finding
from ascentcheck.empirics.findings.outcome import (
    BOUNDS,
    NEAR,
    SetOutcome,
    Snapshot,
    apart,
    by_run,
    near,
    worth_forgetting,
)
from ascentcheck.empirics.findings.words import missing, score, tally_of_runs

CLAIM = "da-fails"
OF_THE_PAPER = ("ga", "gda", "scrub")
ALIKE = 0.2
"""Two scores are alike if they differ by no more than this share of the larger, or by no more than NEAR."""


def findings(sets: Sequence[SetOutcome]) -> tuple[Finding, ...]:
    """Return a finding for each sentence."""
    return (
        stays(sets, "scrub", "SCRUB as its authors define it"),
        stays(sets, "statistics-only", "batch-norm statistics only"),
        which_scrub(sets),
        retain_is_validation(sets),
        pretrained_is_low(sets),
    )


def stays(sets: Sequence[SetOutcome], method: str, name: str) -> Finding:
    """Decide whether a method stays near the pretrained models."""
    return Finding(
        CLAIM,
        f"SCRUB's runs remain close to the pretrained model ({name}).",
        "App. K, Fig. 6",
        f"At least {float(MOST):.0%} of the snapshots of {method} have not moved and are not broken: confirmed; more than "
        f"{float(1 - MOST):.0%} clearly have or are: refuted. {STEADY} {BOUNDS}",
        decided(steady_nearly_all(_staying(sets, method))),
        _stayed(sets, method),
    )


def which_scrub(sets: Sequence[SetOutcome]) -> Finding:
    """Decide which of the two looks like Fig. 6."""
    as_defined, statistics = (
        steady_nearly_all(_staying(sets, method)) for method in ("scrub", "statistics-only")
    )
    return Finding(
        CLAIM,
        "What Fig. 6 shows is SCRUB as its authors define it, not batch-norm statistics that drift alone.",
        "App. K, Fig. 6",
        "By the two rules above SCRUB as its authors define it stays near the pretrained models, and the control in which only "
        "batch-norm statistics move does not: confirmed; it does not stay, whatever the control does: refuted; both stay: the "
        "figure cannot tell.",
        decided(answer(as_defined is True and statistics is False, as_defined is False)),
        f"As its authors define it: {decided(as_defined)} ({_stayed(sets, 'scrub')}); statistics only: "
        f"{decided(statistics)} ({_stayed(sets, 'statistics-only')}).",
    )


def _staying(sets: Sequence[SetOutcome], method: str) -> list[list[Answer]]:
    return by_run([x for s in worth_forgetting(sets) for x in s.as_printed(method)], lambda x: x.stays)


def _stayed(sets: Sequence[SetOutcome], method: str) -> str:
    runs = _staying(sets, method)
    return tally_of_runs(runs, "stay", "do not") if runs else missing(sets, method)


def retain_is_validation(sets: Sequence[SetOutcome]) -> Finding:
    """Decide whether the score on retained points looks like that on validation points."""
    runs = by_run([snapshot for s in sets for snapshot in s.as_printed(*OF_THE_PAPER)], _alike)
    return Finding(
        CLAIM,
        "With KLoM on the retain set instead of the validation set there is very little difference.",
        "App. K, Fig. 7",
        f"For at least {float(MOST):.0%} of the snapshots of ga, gda and scrub the two scores differ by no more than "
        f"{NEAR:g} spreads or {ALIKE:.0%} of the larger as measured, by the paired interval of their difference: confirmed; for "
        f"more than {float(1 - MOST):.0%} clearly by more: refuted. {STEADY} Sets with nothing to forget count here, too.",
        decided(steady_nearly_all(runs)),
        tally_of_runs(runs, "are alike", "differ") if runs else missing(sets, *OF_THE_PAPER),
    )


def pretrained_is_low(sets: Sequence[SetOutcome]) -> Finding:
    """Decide whether pretrained models score low on validation and retained points alike."""
    answers = [
        every([*(near(s.do_nothing.rows[split]) for split in ("retain", "validation")), _alike(s.do_nothing)])
        for s in sets
    ]
    return Finding(
        CLAIM,
        "A pretrained model has low KLoM on both validation and retain sets, of very similar magnitudes.",
        "App. K, Fig. 7",
        f"For more than half of the sets both scores of doing nothing are at most {NEAR:g} spreads, and differ by no more than "
        f"that or {ALIKE:.0%} of the larger as measured: confirmed; clearly not for half or more: refuted. {STEADY_OVER_SETS} "
        "Sets with nothing to forget count here, too.",
        decided(steady_majority(singly(answers))),
        "; ".join(
            f"{s.name}: retain {score(s.do_nothing.rows['retain'])}, validation {score(s.do_nothing.rows['validation'])}"
            for s in sets
        )
        or "No set has its oracles and held-out oracles yet.",
    )


def _alike(snapshot: Snapshot) -> Answer:
    one, other = snapshot.rows["retain"], snapshot.rows["validation"]
    return within(apart(one, other), max(NEAR, ALIKE * max(one.energy, other.energy)))

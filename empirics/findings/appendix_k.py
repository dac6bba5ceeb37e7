"""`da-fails`, appendix K: SCRUB stays near the pretrained models, and retained points score as validation points do."""

from __future__ import annotations

from collections.abc import Sequence

from ascentcheck.empirics.findings.finding import Finding, Verdict
from ascentcheck.empirics.findings.outcome import (
    BOUNDS,
    NEAR_FLOOR,
    Answer,
    SetOutcome,
    Snapshot,
    above,
    negated,
    worth_forgetting,
)
from ascentcheck.empirics.findings.words import MOST, missing, most, score, tally

CLAIM = "da-fails"
OF_THE_PAPER = ("ga", "gda", "scrub")
ALIKE = 0.2
"""Two scores are alike if they differ by no more than this share of the larger, or by no more than the null floor."""


def findings(sets: Sequence[SetOutcome]) -> tuple[Finding, ...]:
    """Return a finding for each sentence."""
    as_defined = stays(sets, "scrub", "SCRUB as its authors define it")
    statistics = stays(sets, "statistics-only", "batch-norm statistics only")
    return (
        as_defined,
        statistics,
        which_scrub(as_defined, statistics),
        retain_is_validation(sets),
        pretrained_is_low(sets),
    )


def stays(sets: Sequence[SetOutcome], method: str, name: str) -> Finding:
    """Decide whether a method stays near the pretrained models."""
    answers = [snapshot.stays for s in worth_forgetting(sets) for snapshot in s.as_printed(method)]
    return Finding(
        CLAIM,
        f"SCRUB's runs remain close to the pretrained model ({name}).",
        "App. K, Fig. 6",
        f"At least {float(MOST):.0%} of the snapshots of {method} have not moved and are not broken: confirmed; more than "
        f"{float(1 - MOST):.0%} clearly have or are: refuted. {BOUNDS}",
        most(answers),
        tally(answers, "stay", "do not") if answers else missing(sets, method),
    )


def which_scrub(as_defined: Finding, statistics: Finding) -> Finding:
    """Decide which of the two looks like Fig. 6, from the findings about each."""
    verdict: Verdict = "not decided"
    match as_defined.verdict, statistics.verdict:
        case "confirmed", "refuted":
            verdict = "confirmed"
        case "refuted", "confirmed":
            verdict = "refuted"
    return Finding(
        CLAIM,
        "What Fig. 6 shows is SCRUB as its authors define it, not batch-norm statistics that drift alone.",
        "App. K, Fig. 6",
        "SCRUB as its authors define it stays near the pretrained models and the control in which only batch-norm "
        "statistics move does not: confirmed; the other way round: refuted; both or neither: the figure cannot tell.",
        verdict,
        f"As its authors define it: {as_defined.verdict} ({as_defined.measured}); statistics only: "
        f"{statistics.verdict} ({statistics.measured}).",
    )


def retain_is_validation(sets: Sequence[SetOutcome]) -> Finding:
    """Decide whether KLoM on retained points looks like KLoM on validation points."""
    snapshots = [snapshot for s in sets for snapshot in s.as_printed(*OF_THE_PAPER)]
    answers = [_alike(snapshot) for snapshot in snapshots]
    return Finding(
        CLAIM,
        "With KLoM on the retain set instead of the validation set there is very little difference.",
        "App. K, Fig. 7",
        f"For at least {float(MOST):.0%} of the snapshots of ga, gda and scrub the two scores differ by no more than the null "
        f"floor or {ALIKE:.0%} of the larger, intervals included: confirmed; for more than {float(1 - MOST):.0%} they differ by "
        "more even at the near ends of their intervals: refuted.",
        most(answers),
        tally(answers, "are alike", "differ") if answers else missing(sets, *OF_THE_PAPER),
    )


def pretrained_is_low(sets: Sequence[SetOutcome]) -> Finding:
    """Decide whether pretrained models score low on validation and retained points alike."""
    answers: list[Answer] = []
    for s in sets:
        rows = [s.do_nothing.rows[split] for split in ("retain", "validation")]
        near = [negated(above(row, NEAR_FLOOR * row.null_p95)) for row in rows]
        answers.append(_all([*near, _alike(s.do_nothing)]))
    verdict: Verdict = "refuted" if False in answers else "not decided"
    if answers and all(answers):
        verdict = "confirmed"
    return Finding(
        CLAIM,
        "A pretrained model has low KLoM on both validation and retain sets, of very similar magnitudes.",
        "App. K, Fig. 7",
        f"For every set both scores of doing nothing are at most {NEAR_FLOOR:g} null floors, and differ by no more than the "
        f"null floor or {ALIKE:.0%} of the larger: confirmed; clearly not for some set: refuted.",
        verdict,
        "; ".join(
            f"{s.name}: retain {score(s.do_nothing.rows['retain'])}, validation {score(s.do_nothing.rows['validation'])}"
            for s in sets
        )
        or "No set has its oracles and held-out oracles yet.",
    )


def _alike(snapshot: Snapshot) -> Answer:
    one, other = snapshot.rows["retain"], snapshot.rows["validation"]
    bound = max(one.null_p95, ALIKE * max(one.p95, other.p95))
    if max(one.p95_high - other.p95_low, other.p95_high - one.p95_low) <= bound:
        return True
    return False if max(one.p95_low - other.p95_high, other.p95_low - one.p95_high) > bound else None


def _all(answers: Sequence[Answer]) -> Answer:
    return False if False in answers else None if None in answers else True

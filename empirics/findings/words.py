"""How findings are told: tallies, scores with their intervals, what is missing, and a verdict by share."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ascentcheck.empirics.findings.finding import Verdict
from ascentcheck.empirics.findings.outcome import Answer, SetOutcome, Snapshot
from ascentcheck.empirics.study.table import Row

MOST = Fraction(9, 10)
"""The share of snapshots for which a sentence about a method must hold."""


def most(answers: Sequence[Answer]) -> Verdict:
    """Return whether the answer is yes for at least the share MOST, or cannot be."""
    if answers and answers.count(True) >= MOST * len(answers):
        return "confirmed"
    return "refuted" if len(answers) - answers.count(False) < MOST * len(answers) else "not decided"


def tally(answers: Sequence[Answer], yes: str, no: str) -> str:
    """Return how many answers are yes, no and open."""
    unclear = answers.count(None)
    rest = f", {unclear} unclear" if unclear else ""
    return f"of {len(answers)} snapshots {answers.count(True)} {yes}, {answers.count(False)} {no}{rest}"


def missing(sets: Sequence[SetOutcome], *methods: str) -> str:
    """Return what a finding about some methods lacks."""
    if not sets:
        return "No set has its oracles and held-out oracles yet."
    if not any(s.as_printed(*methods) for s in sets):
        return f"{' and '.join(methods)} has not been run."
    return "On no set that was tried is doing nothing clearly above the floor."


def score(row: Row) -> str:
    """Return a 95th percentile with its interval and the number of unlearned models, in nats."""
    return f"{row.p95:.2f} ({row.p95_low:.2f}–{row.p95_high:.2f}, n = {row.n_unlearned})"


def place(snapshot: Snapshot) -> str:
    """Return where a snapshot is in the plane of forget and validation KLoM."""
    forget, validation = snapshot.rows["forget"], snapshot.rows["validation"]
    why = f", broken: accuracy {validation.accuracy:.3f}, {forget.diverged_unlearned} diverged"
    return f"forget {score(forget)}, validation {score(validation)}{why if snapshot.broken else ''}"


def settings(snapshot: Snapshot) -> str:
    """Return the configuration of a snapshot, in short."""
    row = snapshot.rows["forget"]
    rate = "" if row.learning_rate is None else f"rate {row.learning_rate:g}, "
    return f"{snapshot.method} ({rate}{row.batch_norm} statistics, epoch {row.epoch})"

"""How findings are told: tallies, scores with their intervals, and what is missing."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from ascentcheck.empirics.findings.answer import Answer
from ascentcheck.empirics.findings.outcome import SetOutcome, Snapshot
from ascentcheck.empirics.study.table import Row


def tally(answers: Sequence[Answer], yes: str, no: str) -> str:
    """Return how many answers are yes, no and open."""
    unclear = answers.count(None)
    rest = f", {unclear} unclear" if unclear else ""
    return f"of {len(answers)} snapshots {answers.count(True)} {yes}, {answers.count(False)} {no}{rest}"


def tally_of_runs(runs: Sequence[Sequence[Answer]], yes: str, no: str) -> str:
    """Return the same of the snapshots of runs, and how many runs there are."""
    return f"{tally([answer for run in runs for answer in run], yes, no)}, in {len(runs)} run{'' if len(runs) == 1 else 's'}"


def missing(sets: Sequence[SetOutcome], *methods: str) -> str:
    """Return what a finding about some methods lacks."""
    if not sets:
        return "No set has its oracles and held-out oracles yet."
    if not any(s.as_printed(*methods) for s in sets):
        return f"{' and '.join(methods)} {'have' if len(methods) > 1 else 'has'} not been run."
    return "On no set that was tried does doing nothing clearly leave something to forget."


def score(row: Row) -> str:
    """Return a mean energy score with its interval and the number of unlearned models, in spreads."""
    return f"{row.energy:.3f} ({row.energy_low:.3f} to {row.energy_high:.3f}, n = {row.n_unlearned})"


def odd_score(row: Row) -> str:
    """Return the score of the odd members, for what was chosen by the even ones."""
    n = row.n_unlearned // 2
    return f"{row.energy_odd:.3f} ({row.energy_odd_low:.3f} to {row.energy_odd_high:.3f}, n = {n})"


def place(snapshot: Snapshot) -> str:
    """Return where a snapshot is: its forget and validation scores, and why it is broken."""
    return _place(snapshot, score)


def odd_place(snapshot: Snapshot) -> str:
    """Return the same by the odd members."""
    return _place(snapshot, odd_score)


def _place(snapshot: Snapshot, told: Callable[[Row], str]) -> str:
    forget, validation = snapshot.rows["forget"], snapshot.rows["validation"]
    why = f", broken: accuracy {validation.accuracy:.3f}, {forget.diverged_unlearned} diverged"
    return f"forget {told(forget)}, validation {told(validation)}{why if snapshot.broken else ''}"


def settings(snapshot: Snapshot) -> str:
    """Return the configuration of a snapshot, with every setting, so that it can be run again."""
    row = snapshot.rows["forget"]
    rate = "" if row.learning_rate is None else f"rate {row.learning_rate:g}, "
    others = {
        k: v for k, v in json.loads(snapshot.choice[0]).items() if k not in ("batch_norm", "learning_rate")
    }
    rest = "".join(f"{name} {value}, " for name, value in others.items())
    return f"{snapshot.method} ({rate}{rest}{row.batch_norm} statistics, epoch {row.epoch})"

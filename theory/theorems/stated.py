"""What the theorems share: the mark that they are ours and not the paper's, and a short way to write a statement down."""

from __future__ import annotations

from ascentcheck.theory.claim import Level, Proposition, Statement, Step, Verdict

BEYOND = "beyond the paper"
"""The place of every theorem and of its statements; no claim of the paper has it."""


def stated(
    name: str,
    says: str,
    *propositions: Proposition,
    remark: str,
    steps: tuple[Step, ...] = (),
    level: Level = Level.EXACT,
) -> Statement:
    """Return a statement of ours: what it says in words, the propositions that say it in formulas, and the derivation."""
    return Statement(
        name=name,
        where=BEYOND,
        quote=says,
        printed=propositions,
        verified=propositions,
        recorded=(Verdict.AS_PRINTED, level),
        remark=remark,
        steps=steps,
    )

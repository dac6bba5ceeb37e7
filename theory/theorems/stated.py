"""What the theorems share: the mark that they are ours and not the paper's, and a short way to write a statement down."""

from __future__ import annotations

from ascentcheck.theory.claim import Claim, Level, Proposition, Statement, Step, Verdict

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


def is_ours(claim: Claim) -> bool:
    """Whether a claim is a theorem of ours, not a claim of the paper."""
    return claim.where == BEYOND


def verdict_words(claim: Claim, verdict: Verdict) -> str:
    """Return a verdict in words: nothing of a theorem is printed in the paper, so it is proved or it is not."""
    if not is_ours(claim):
        return verdict.words
    return "proved" if verdict == Verdict.AS_PRINTED else "not proved"

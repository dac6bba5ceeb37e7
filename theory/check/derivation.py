"""Steps of a derivation, each checked by its rule, and each tried on exact points as a second opinion."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from ascentcheck.theory.check.decide import decide, refutes, refutes_equivalence, refutes_increase
from ascentcheck.theory.check.store import Proofs, objection
from ascentcheck.theory.claim import Equivalence, Increasing, Step

POINTS = 24


@dataclass(frozen=True)
class StepResult:
    """What became of a step: `proved`, or `refuted` at its witness; `problem` says why neither."""

    step: Step
    proved: bool
    refuted: bool
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Whether the step is as recorded: proved, or carrying a witness that refutes it."""
        return self.proved != self.refuted and self.refuted == (self.step.witness is not None)


def check_step(step: Step, claim: str = "", proofs: Proofs = Proofs.EITHER, tried: bool = True) -> StepResult:
    """Check one step. A step with a witness must be refuted by it; any other must be proved to the kernel.

    `claim` is the claim whose stored proofs are used; `tried` has exact points object as well.
    """
    if step.witness is not None:
        assertion = step.asserts
        if isinstance(assertion, Equivalence):
            refuted = refutes_equivalence(step.witness, assertion, step.domain)
        elif isinstance(assertion, Increasing):
            refuted = refutes_increase(step.witness, assertion, step.domain)
        else:
            refuted = refutes(step.witness, assertion, step.domain)
        return StepResult(step, False, refuted, "" if refuted else "the witness does not refute the line")
    problem = _misfit(step) or objection(step, claim, proofs) or (_tried(step) if tried else "")
    return StepResult(step, not problem, False, problem)


def _misfit(step: Step) -> str:
    """Return what is wrong with a step before anything is proved."""
    same = isinstance(step.asserts, sp.Eq) and step.asserts.lhs == step.asserts.rhs
    return "both sides are the same object, which proves nothing" if same else ""


def _tried(step: Step) -> str:
    """Try the assertion at exact points; sympy is not the only judge."""
    assertion = step.asserts
    for point in step.domain.points(POINTS):
        if isinstance(assertion, Equivalence):
            outcomes = (decide(assertion.first, point), decide(assertion.second, point))
            failed = None not in outcomes and outcomes[0] != outcomes[1]
        elif isinstance(assertion, Increasing):
            slope = sp.diff(assertion.expression, assertion.symbol)
            failed = decide(sp.Ge(slope, 0, evaluate=False), point) is False
        else:
            failed = decide(assertion, point) is False
        if failed:
            return "fails at " + ", ".join(f"{s} = {v}" for s, v in point.items())
    return ""

"""Steps of a derivation, each checked by its rule, and each tried on exact points as a second opinion."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from ascentcheck.theory.check.decide import decide, refutes, refutes_increase
from ascentcheck.theory.check.exact import prove
from ascentcheck.theory.check.identity import is_identity
from ascentcheck.theory.check.pivot import sign_proved
from ascentcheck.theory.claim import Equivalence, Increasing, Rule, Step

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


def check_step(step: Step) -> StepResult:
    """Check one step. A step with a witness must be refuted by it; any other must be proved."""
    if step.witness is not None:
        assertion = step.asserts
        if isinstance(assertion, Equivalence):
            outcomes = {
                refutes(step.witness, assertion.first, step.domain),
                refutes(step.witness, assertion.second, step.domain),
            }
            refuted = outcomes == {True, False}
        elif isinstance(assertion, Increasing):
            refuted = refutes_increase(step.witness, assertion, step.domain)
        else:
            refuted = refutes(step.witness, assertion, step.domain)
        return StepResult(step, False, refuted, "" if refuted else "the witness does not refute the line")
    problem = _problem(step)
    return StepResult(step, not problem, False, problem)


def _problem(step: Step) -> str:
    assertion = step.asserts
    match step.rule, assertion:
        case Rule.IDENTITY, sp.Eq():
            if assertion.lhs == assertion.rhs:
                return "both sides are the same object, which proves nothing"
            if not is_identity(assertion.lhs - assertion.rhs):
                return "the difference of the sides is not identically 0"
        case Rule.SIGN, sp.Rel():
            if not prove(assertion, step.domain):
                return "the sign is not proved on the domain"
        case Rule.INCREASING, Increasing():
            slope = sp.factor(sp.diff(assertion.expression, assertion.symbol))
            if not prove(sp.Gt(slope, 0, evaluate=False), step.domain):
                return "the derivative is not proved positive on the domain"
        case Rule.EQUIVALENT, Equivalence():
            if not _equivalent(assertion, step):
                return "the ratio of the two differences is not proved positive on the domain"
        case _:
            return f"a step by rule {step.rule.name} cannot assert a {type(assertion).__name__}"
    return _tried(step)


def _difference(relation: sp.Rel) -> sp.Expr:
    difference = relation.lhs - relation.rhs
    return -difference if isinstance(relation, sp.Le | sp.Lt) else difference


def _equivalent(assertion: Equivalence, step: Step) -> bool:
    first, second = assertion.first, assertion.second
    kinds = [{sp.Le: sp.Ge, sp.Lt: sp.Gt}.get(r.func, r.func) for r in (first, second)]
    if kinds[0] != kinds[1]:
        return False
    ratio = sp.factor(_difference(first) / _difference(second))
    kept = [part for part in sp.Mul.make_args(ratio) if not isinstance(part, sp.exp)]
    return sign_proved(sp.Mul(*kept), step.domain, strict=True)


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

"""Decide every statement of a claim from its proofs, steps and witnesses. Verdicts are computed here only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import sympy as sp

from ascentcheck.theory.check import certificate, pointwise
from ascentcheck.theory.check.bound import unbound
from ascentcheck.theory.check.decide import as_point, decide, refutes
from ascentcheck.theory.check.derivation import StepResult, check_step
from ascentcheck.theory.check.export import key
from ascentcheck.theory.check.floats import FloatError, unneeded, worst_error
from ascentcheck.theory.check.mutants import MutantResults, try_mutants, unexplained
from ascentcheck.theory.check.sampling import sample, slack
from ascentcheck.theory.check.store import Proofs, needed, objection, stale
from ascentcheck.theory.check.texts import not_plain
from ascentcheck.theory.check.weak import too_weak
from ascentcheck.theory.claim import (
    Claim,
    Level,
    Proposition,
    Reading,
    Simulation,
    Statement,
    Verdict,
    Witness,
)
from ascentcheck.theory.expression import Places
from ascentcheck.theory.rocq.record import why_not
from ascentcheck.theory.toy import covers
from ascentcheck.theory.toy.problem import Toy

SAMPLES = 60
POWERS_OF_TWO = tuple(2**k for k in range(8))
"""The errors that a float form may state, in units in the last place."""
Proves = Callable[[Proposition], Level | None]


@dataclass(frozen=True)
class StatementResult:
    """What became of one statement. `problems` is empty unless something recorded was not confirmed."""

    statement: Statement
    verdict: Verdict
    level: Level
    steps: tuple[StepResult, ...]
    points: int
    problems: tuple[str, ...]
    readings: tuple[Verdict, ...] = ()
    not_in_rocq: str = ""

    @property
    def as_recorded(self) -> bool:
        """Whether the verdict is the recorded one, by evidence at least as strong, with no problem left."""
        verdict, level = self.statement.recorded
        return not self.problems and self.verdict == verdict and self.level <= level


@dataclass(frozen=True)
class ClaimResult:
    """What became of a claim: its worst verdict, the weakest decisive evidence, and the supporting figures."""

    claim: Claim
    statements: tuple[StatementResult, ...]
    mutants: MutantResults
    floats: tuple[FloatError, ...]
    simulation: Simulation | None
    problems: tuple[str, ...]
    seconds: float

    @property
    def verdict(self) -> Verdict:
        """The worst verdict among the statements."""
        return max(s.verdict for s in self.statements)

    @property
    def worst(self) -> tuple[StatementResult, ...]:
        """The sentences that have the claim's verdict."""
        return tuple(s for s in self.statements if s.verdict is self.verdict)

    @property
    def level(self) -> Level:
        """The weakest evidence that any statement's verdict rests on."""
        return max(s.level for s in self.statements)

    @property
    def points(self) -> int:
        """How many exact points the verified propositions were tried at."""
        return sum(s.points for s in self.statements)

    @property
    def slack(self) -> float | None:
        """The smallest distance between the sides of a verified inequality, over sampled points; None where none were tried."""
        if self.points == 0:
            return None
        found = [slack(p, SAMPLES) for s in self.claim.statements for p in s.verified]
        return min((value for value in found if value is not None), default=None)

    @property
    def boxes(self) -> int:
        """How many boxes the claim's covers have."""
        return boxes(self.claim)

    @property
    def proofs(self) -> int:
        """How many different proofs the kernel was shown for the claim."""
        return len({key(what) for what in needed(self.claim)})

    @property
    def ulps(self) -> float | None:
        """The worst float error, in ulps per unit of condition."""
        return max((f.ulps for f in self.floats), default=None)

    @property
    def ok(self) -> bool:
        """Whether nothing fell below its recorded level."""
        return not self.problems and all(s.as_recorded for s in self.statements)


def boxes(claim: Claim) -> int:
    """Return how many boxes the covers have that stand for relations, and those that quantities at a point rest on."""
    verified = [p for s in claim.statements for p in s.verified]
    names = {p.certificate for p in verified if p.certificate is not None}
    made: dict[str, int] = {}
    for proposition in verified:
        point = proposition.domain.only_point()
        for quantity in proposition.relation.atoms(sp.Function) if point is not None else ():
            if hasattr(quantity, "covers"):
                made |= quantity.covers(point)
    return sum(certificate.load(name).boxes for name in names) + sum(made.values())


def proof_level(proposition: Proposition, claim: str = "", proofs: Proofs = Proofs.EITHER) -> Level | None:
    """Return how a proposition is proved, or None when it is not.

    EXACT: the kernel accepted a proof. At a single point ball arithmetic decides.
    """
    if proposition.certificate is not None:
        return Level.CERTIFIED if certificate.objection(proposition, proofs is Proofs.NEW) == "" else None
    point = proposition.domain.only_point()
    if point is not None:
        return Level.CERTIFIED if decide(proposition.relation, point) is True else None
    return Level.EXACT if objection(proposition, claim, proofs) == "" else None


def _reason(proposition: Proposition, claim: str, proofs: Proofs) -> str:
    """Return why a proposition is not proved."""
    if proposition.certificate is not None:
        return certificate.objection(proposition, proofs is Proofs.NEW)
    if proposition.domain.only_point() is not None:
        return "ball arithmetic does not confirm it"
    return objection(proposition, claim, proofs)


def decide_statement(
    claim: Claim, statement: Statement, proofs: Proofs = Proofs.EITHER, tried: bool = True
) -> StatementResult:
    """Decide one statement: its printed form, its verified form, its steps and its witness.

    `tried` has exact points object as well.
    """
    proves = partial(proof_level, claim=claim.name, proofs=proofs)
    steps = tuple(check_step(step, claim.name, proofs, tried) for step in statement.steps)
    problems = [f"step '{r.step.says}': {r.problem}" for r in steps if not r.ok]
    verified = [proof_level(p, claim.name, proofs) for p in statement.verified]
    problems += [
        f"not proved: {p.relation} ({_reason(p, claim.name, proofs)})"
        for p, level in zip(statement.verified, verified, strict=True)
        if level is None
    ]
    points = 0
    for proposition in statement.verified if tried else ():
        sampled = sample(proposition, SAMPLES)
        points += sampled.tried
        if sampled.failure is not None:
            problems.append(f"{proposition.relation} fails at {sampled.failure}")
    if tried:
        problems += too_weak(statement, partial(proof_level, claim=claim.name))
    levels = [level for level in verified if level is not None]
    proved = bool(levels) and len(levels) == len(verified)
    if statement.readings:
        verdict, level, readings = _of_readings(claim, statement, problems, proves)
    else:
        whole = Reading("", statement.printed, statement.witness)
        verdict, level = _decided(claim, whole, steps, problems, proves)
        readings = ()
    if verdict is Verdict.FALSE and not proved:
        problems.append("nothing is proved that is true instead")
    level = max([level, *levels])
    lacking = why_not(claim, statement)
    if not problems and level <= Level.CERTIFIED and not lacking:
        level = Level.PROVED
    return StatementResult(statement, verdict, level, steps, points, tuple(problems), readings, lacking)


def _decided(
    claim: Claim, reading: Reading, steps: tuple[StepResult, ...], problems: list[str], proves: Proves
) -> tuple[Verdict, Level]:
    """Decide what one reading asserts: false by its witness, or proved. A witness is one point: ball arithmetic decides there."""
    if reading.witness is not None:
        if any(
            refutes(reading.witness, p.relation, p.domain, claim.realisable if _counts(claim, p) else ())
            for p in reading.printed
        ):
            return Verdict.FALSE, Level.CERTIFIED
        problems.append("the witness does not refute the printed statement")
        return Verdict.UNDECIDED, Level.EXACT
    levels = [proves(p) for p in reading.printed]
    if None in levels or not levels:
        problems.append("the printed statement is neither proved nor refuted")
        return Verdict.UNDECIDED, Level.EXACT
    broken = any(r.refuted and r.step.printed for r in steps)
    level = max(x for x in levels if x is not None)
    return (Verdict.REPAIRED, max(level, Level.CERTIFIED)) if broken else (Verdict.AS_PRINTED, level)


def _of_readings(
    claim: Claim, statement: Statement, problems: list[str], proves: Proves
) -> tuple[Verdict, Level, tuple[Verdict, ...]]:
    """Decide every reading: where they differ the sentence is open as worded, else it is what they all are."""
    if statement.printed or statement.witness is not None:
        problems.append("a sentence has readings, or one meaning with a witness, not both")
    decided = [_decided(claim, reading, (), problems, proves) for reading in statement.readings]
    verdicts = tuple(verdict for verdict, _ in decided)
    level = max(level for _, level in decided)
    if Verdict.UNDECIDED in verdicts:
        return Verdict.UNDECIDED, level, verdicts
    return (verdicts[0] if len(set(verdicts)) == 1 else Verdict.OPEN), level, verdicts


def _counts(claim: Claim, proposition: Proposition) -> bool:
    return all(
        symbol in proposition.domain.symbols
        for condition in claim.realisable
        for symbol in condition.free_symbols
    )


def verify(
    claim: Claim,
    mutants: bool = True,
    proofs: Proofs = Proofs.EITHER,
    tried: bool = True,
    places: Places | None = None,
) -> ClaimResult:
    """Decide a claim and gather what supports or limits the verdict.

    Verdicts rest on proofs, covers and witnesses alone. `tried` has exact points, the claim's solver and its float forms
    object as well, and `mutants` tries the checks on wrong versions. `places` keep what is computed at points, for other claims.
    """
    start = time.perf_counter()
    with covers.asking(proofs) as asked:
        statements = tuple(decide_statement(claim, s, proofs, tried) for s in claim.statements)
        problems = [*_unrefuted(claim), *pointwise.objections(claim)]
    floats = tuple(worst_error(form) for form in claim.float_forms if tried)
    simulation = simulated(claim) if tried else None
    problems += [*unbound(claim, places), *_imprecise(claim, floats), *_disagreeing(simulation)]
    problems += [] if proofs is Proofs.EITHER else [*stale(claim), *covers.stale(asked)]
    results = try_mutants(claim) if mutants else MutantResults(())
    problems += (
        [f"mutant survives unexplained: {name}" for name in unexplained(claim, results)] if mutants else []
    )
    return ClaimResult(
        claim, statements, results, floats, simulation, tuple(problems), time.perf_counter() - start
    )


def covers_asked(claim: Claim) -> dict[str, Toy]:
    """Return the toy's problems whose covers a claim rests on, by name."""
    relations = (p.relation for s in claim.statements for p in (*s.asserted, *s.verified))
    if not any(hasattr(f, "covers") for relation in relations for f in relation.atoms(sp.Function)):
        return {}
    with covers.asking(Proofs.EITHER) as asked:
        for statement in claim.statements:
            decide_statement(claim, statement, tried=False)
        list(_unrefuted(claim))
    return asked


def objections(claim: Claim, proofs: Proofs = Proofs.STORED) -> Iterator[str]:
    """Yield all that `verify` objects to in a claim, mutants apart; the cheap checks come first."""
    yield from not_plain(claim)
    for statement in claim.statements:
        result = decide_statement(claim, statement, proofs, tried=False)
        yield from result.problems
        if not result.as_recorded:
            yield f"{statement.name}: {result.verdict.words} by {result.level.name}, which is not as recorded"
    yield from _unrefuted(claim)
    yield from pointwise.objections(claim)
    yield from unbound(claim)
    yield from stale(claim) if proofs is Proofs.STORED else ()
    yield from _disagreeing(simulated(claim))
    yield from _imprecise(claim, tuple(worst_error(form) for form in claim.float_forms))


def simulated(claim: Claim) -> Simulation | None:
    """Return the claim's simulation, made now; None where it has none."""
    return claim.simulate() if claim.simulate else None


def _unrefuted(claim: Claim) -> Iterator[str]:
    for necessity in claim.necessity:
        if not _fails(necessity.relation, necessity.witness):
            yield f"the witness for '{necessity.hypothesis}' does not refute"
    for erratum in claim.errata:
        if not _fails(erratum.relation, erratum.witness):
            yield f"the witness for the erratum in {erratum.where} does not refute"


def _imprecise(claim: Claim, floats: tuple[FloatError, ...]) -> Iterator[str]:
    for form in claim.float_forms:
        if form.ulps not in POWERS_OF_TWO:
            yield f"{form.name} is stated to {form.ulps:g} ulps; errors are stated as powers of two"
    for form, error in zip(claim.float_forms, floats, strict=False):
        if not error.ulps <= form.ulps:
            yield f"{form.name} is off by {error.ulps:.1f} ulps, {form.ulps:g} are stated"
        yield from unneeded(form, claim.inputs)


def _disagreeing(simulation: Simulation | None) -> Iterator[str]:
    if simulation is not None and not simulation.agrees:
        yield f"the solver is off by {simulation.largest_error:.2g} on {simulation.data}"


def _fails(relation: sp.Rel | None, witness: Witness | None) -> bool:
    """Whether the relation is False at the witness; nothing to show where neither is given."""
    if relation is None or witness is None:
        return relation is None and witness is None
    return decide(relation, as_point(witness.point)) is False

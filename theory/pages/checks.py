"""How a claim was checked, and the commands that check it again."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from ascentcheck.theory.check.mutants import mutants
from ascentcheck.theory.claim import Claim
from ascentcheck.theory.domain import Range
from ascentcheck.theory.expression import rational
from ascentcheck.theory.pages.markdown import escaped, sentence
from ascentcheck.theory.pages.setting import module_of
from ascentcheck.theory.pages.statements import pairs
from ascentcheck.theory.verify import ClaimResult

COMMAND = "ascentcheck"
PLAIN = tuple(
    map(sp.Rational, ("1", "2", "1/2", "1/4", "3/4", "1/8", "0", "3", "10", "1/100", "9/10", "100"))
)
"""Numbers that are tried, in this order, for an example that reads well."""


def checks_section(result: ClaimResult) -> Iterator[str]:
    """Yield the table of checks and their outcomes, the mutants that survive, and the picture of the slack."""
    claim = result.claim
    verified = [p for s in claim.statements for p in s.verified]
    steps = [step for s in result.statements for step in s.steps]
    made = {mutant.name: mutant.shown for mutant in mutants(claim)}
    yield from ("## How it was checked", "", "| check | outcome |", "|---|---|")
    yield f"| propositions proved | {len(verified)} |"
    if result.boxes:
        yield f"| boxes of the replayed covers | {result.boxes} |"
    yield f"| exact points at which none of them failed | {result.points} |"
    if steps:
        refuted = sum(step.refuted for step in steps)
        yield f"| steps proved | {sum(step.proved for step in steps)} |"
        if refuted:
            yield f"| printed steps refuted | {refuted} |"
    yield f"| wrong versions (mutants) told from the true one | {len(made) - len(claim.survivors)} of {len(made)} |"
    if result.simulation is not None:
        yield (
            f"| solver | {escaped(result.simulation.data)}: {'within' if result.simulation.agrees else 'NOT within'} "
            f"{result.simulation.tolerance:g} |"
        )
    for form in claim.float_forms:
        kind = " per unit of condition" if form.conditioned else ""
        yield f"| float form `{form.name}` | at most {form.ulps:g} ulps{kind} |"
    yield ""
    if claim.survivors:
        yield "The mutants that survive, and why they are no defect:"
        yield ""
        for survivor in claim.survivors:
            yield f"- {survivor.mutant}, `{made[survivor.mutant]}`: {sentence(survivor.reason)}"
        yield ""
    yield f"![Slack of the verified inequalities of {claim.name}](slack/{claim.name}.png)"
    yield ""
    yield (
        "Distance between the two sides of each verified inequality along the range of each parameter, the others in the "
        "middle of theirs; a dot at the bottom is a point where the sides meet."
    )
    yield ""


def example(claim: Claim) -> dict[sp.Symbol, sp.Rational]:
    """Return a point of the claim's inputs in plain numbers: a witness if one fits, else the first that does."""
    witnesses = [statement.witness for statement in claim.statements]
    witnesses += [reading.witness for statement in claim.statements for reading in statement.readings]
    witnesses += [dropped.witness for dropped in claim.necessity]
    for witness in witnesses:
        if witness is not None and set(witness.point) == set(claim.inputs.symbols):
            return {s: sp.Rational(witness.point[s]) for s in claim.inputs.symbols}
    point: dict[sp.Symbol, sp.Rational] = {}
    for part in claim.inputs.ranges:
        default = claim.defaults.get(part.symbol)
        if default is None:
            point[part.symbol] = next(value for value in PLAIN if _inside(part, value, point))
        elif part.symbol in claim.words:
            point[part.symbol] = sp.Integer(claim.words[part.symbol].index(default))
        else:
            point[part.symbol] = sp.Rational(default)
    return point


def _inside(part: Range, value: sp.Rational, point: dict[sp.Symbol, sp.Rational]) -> bool:
    return part.contains(rational(value), {s: rational(v) for s, v in point.items()})


def rerun_section(claim: Claim) -> Iterator[str]:
    """Yield where the source is, and commands that decide, explain and evaluate the claim."""
    module = module_of(claim)
    if module is not None:
        source = module.__name__.removeprefix("ascentcheck.").replace(".", "/")
        yield from ("## Source", "", f"`{source}.py`", "")
    given = " ".join(pairs(example(claim), claim))
    yield from ("## To rerun", "", "```bash")
    yield f"{COMMAND} verify {claim.name}"
    yield f"{COMMAND} explain {claim.name}"
    yield f"{COMMAND} evaluate {claim.name}{' ' * bool(given)}{given}"
    yield from ("```", "")

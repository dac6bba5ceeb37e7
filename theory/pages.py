"""A claim as a page of Markdown, made from the objects that the checks run on. No formula is written here."""

from __future__ import annotations

import ast
import inspect
import itertools
import sys
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from types import ModuleType

import sympy as sp

from theory.check.derivation import StepResult
from theory.check.mutants import mutants
from theory.claim import Claim, Equivalence, Erratum, Necessity, Proposition, Rule, Verdict, Witness
from theory.domain import Domain, Range
from theory.expression import rational
from theory.notation import definition, in_latex, latex_of, range_latex
from theory.verify import ClaimResult, StatementResult

MADE = "<!-- made by `python -m figures.pages` from theory/claims: edit there, not here -->"
COMMAND = ".venv/bin/python -m theory"
PLAIN = tuple(
    map(sp.Rational, ("1", "2", "1/2", "1/4", "3/4", "1/8", "0", "3", "10", "1/100", "9/10", "100"))
)
"""Numbers that are tried, in this order, for an example that reads well."""


def escaped(text: str) -> str:
    """Return plain text so that Markdown shows it as it is; code in backticks stays code."""
    parts = text.split("`")
    for index in range(0, len(parts), 2):
        for sign in "\\*_[]<>$#{}~|":
            parts[index] = parts[index].replace(sign, f"\\{sign}")
    return "`".join(parts)


def link(name: str, folder: str = "") -> str:
    """Return a link to the page of a claim, from a page beside it or above its folder (`derivations/`)."""
    return f"[{name}]({folder}{name}.md)"


def page(result: ClaimResult, claims: Sequence[Claim]) -> str:
    """Return the whole page of one decided claim; `claims` are all that have a page, for references."""
    claim = result.claim
    lines = [
        MADE,
        "",
        f"# {claim.name}: {escaped(claim.title)}",
        "",
        f"In the paper: {escaped(claim.where)}. **{result.verdict.words.capitalize()}**, by evidence of level "
        f"[{result.level.name}](../explanation/trust.md#evidence).",
        "",
        escaped(claim.summary),
        "",
        *_references(claim, claims),
        "## The idea",
        "",
        escaped(claim.idea),
        "",
        *_told(claim),
        *_setting(claim),
    ]
    for statement in result.statements:
        lines += _statement(statement, claim)
    lines += [*_necessity(claim), *_errata(claim), *_checked(result), *_rerun(claim)]
    return "\n".join(lines).rstrip() + "\n"


def _references(claim: Claim, claims: Sequence[Claim]) -> Iterator[str]:
    known = {other.name for other in claims}
    below = [link(name) if name in known else name for name in claim.rests_on]
    above = [link(other.name) for other in claims if claim.name in other.rests_on]
    for title, names in (("Rests on", below), ("Used by", above)):
        if names:
            yield f"{title}: {', '.join(names)}."
            yield ""


def _told(claim: Claim) -> Iterator[str]:
    """The docstring of the claim's module, and of a module whose setting it shares: the argument in words."""
    for module in _modules(claim):
        for paragraph in (inspect.getdoc(module) or "").split("\n\n"):
            yield from _displayed(escaped(paragraph))


def _modules(claim: Claim) -> list[ModuleType]:
    """The claim's module, then those that it shares with other claims."""
    module = _module(claim)
    if module is None:
        return []
    shared = {
        part.__name__: part
        for part in vars(module).values()
        if inspect.ismodule(part) and part.__package__ == module.__package__ and not hasattr(part, "CLAIM")
    }
    return [module, *(shared[name] for name in sorted(shared))]


def _module(claim: Claim) -> ModuleType | None:
    return next((m for m in list(sys.modules.values()) if getattr(m, "CLAIM", None) is claim), None)


def _displayed(paragraph: str) -> Iterator[str]:
    """A paragraph as it is, one that is indented (a formula in plain text) as a quotation."""
    indented = paragraph.startswith("    ")
    for line in paragraph.split("\n"):
        yield f"> {line.strip()}" if indented else line
    yield ""


def _setting(claim: Claim) -> Iterator[str]:
    yield from ("## Setting", "", "| symbol | name in commands | range |", "|---|---|---|")
    shown = {part.symbol: part for part in (*claim.inputs.ranges, *claim.domain.ranges)}
    inputs = claim.inputs.symbols
    for symbol, part in shown.items():
        name = f"`{symbol}`" if symbol in inputs else ""
        words = " or ".join(f"`{word}`" for word in claim.words.get(symbol, ()))
        span = words or _cell(range_latex(Domain((part,)), claim.notation))
        default = f", `{claim.defaults[symbol]}` if not given" if symbol in claim.defaults else ""
        yield f"| {_cell(latex_of(symbol))} | {name} | {span}{default} |"
    yield ""
    if claim.realisable:
        yield "A data set can have these sizes only if"
        yield ""
        yield from _display(r",\qquad ".join(in_latex(r, claim.notation) for r in claim.realisable))
    if claim.notation:
        yield "Written for short:"
        yield ""
        for short in claim.notation:
            yield from _display(definition(short, claim.notation))
    coordinates = list(_coordinates(claim))
    if coordinates:
        yield from ("Coordinates that the proofs use:", "", *coordinates)


def _coordinates(claim: Claim) -> Iterator[str]:
    """What the symbols stand for in which statements are proved, where a domain's own text says so."""
    for module in _modules(claim):
        for name, words in _documented(module).items():
            domain = getattr(module, name)
            if isinstance(domain, Domain) and set(domain.symbols) - set(claim.domain.symbols):
                spans = ", ".join(
                    f"${range_latex(Domain((part,)), claim.notation)}$" for part in domain.ranges
                )
                yield f"- {spans}: {escaped(' '.join(words.split()))}"
                yield ""


def _documented(module: ModuleType) -> dict[str, str]:
    """Return the string that follows an assignment at the top of a module, by the name assigned to."""
    body = ast.parse(inspect.getsource(module)).body
    found = {}
    for first, second in itertools.pairwise(body):
        match first, second:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(value=ast.Constant(value=str(words))):
                found[name] = words
    return found


def _cell(latex: str) -> str:
    """Formula in a table: there a bar would end the cell."""
    return f"${latex}$".replace("|", r"\vert ")


def _display(latex: str, indent: str = "") -> Iterator[str]:
    yield f"{indent}$$"
    yield f"{indent}{latex}"
    yield f"{indent}$$"
    yield ""


def _statement(result: StatementResult, claim: Claim) -> Iterator[str]:
    statement = result.statement
    name = statement.name.replace("-", " ")
    yield f"## {escaped(name if len(name) == 1 else name[0].upper() + name[1:])}: {result.verdict.words}"
    yield ""
    yield f"Evidence {result.level.name}; tried at {result.points} points. Printed ({escaped(statement.where)}):"
    yield ""
    yield f"> {escaped(statement.quote)}"
    yield ""
    stated = {(p.relation, p.domain) for p in statement.printed}
    holds = result.verdict <= Verdict.REPAIRED
    if statement.printed:
        yield "As a formula, proved:" if holds else "As a formula:"
        yield ""
    for proposition in statement.printed:
        yield from _proposition(proposition, claim)
    yield from _witness(statement.witness, claim, "**Refuted** at ")
    others = [p for p in statement.verified if not holds or (p.relation, p.domain) not in stated]
    if others:
        yield "Proved beside it:" if holds else "What is true instead, proved:"
        yield ""
        for proposition in others:
            yield from _proposition(proposition, claim)
    yield escaped(statement.remark)
    yield ""
    if result.steps:
        yield "### Derivation"
        yield ""
        for number, step in enumerate(result.steps, 1):
            yield from _step(number, step, claim)


def _proposition(proposition: Proposition, claim: Claim) -> Iterator[str]:
    if proposition.says:
        yield f"*{escaped(proposition.says)}:*"
        yield ""
    yield from _display(in_latex(proposition.relation, claim.notation))
    yield from _where(proposition.domain, claim)


def _where(domain: Domain, claim: Claim, indent: str = "") -> Iterator[str]:
    """The ranges that differ from the claim's own."""
    known = {part.symbol: part for part in claim.domain.ranges}
    differing = tuple(part for part in domain.ranges if known.get(part.symbol) != part)
    if differing:
        spans = (_span(part, claim) for part in differing)
        words = f" ({escaped(domain.words)})" if domain.words else ""
        yield f"{indent}for {', '.join(spans)}{words}"
        yield ""


def _span(part: Range, claim: Claim) -> str:
    if part.symbol in claim.words and part.low == part.high:
        return f"{part.symbol} `{claim.words[part.symbol][int(part.low)]}`"
    return f"${range_latex(Domain((part,)), claim.notation)}$"


def _step(number: int, checked: StepResult, claim: Claim) -> Iterator[str]:
    step = checked.step
    mark = "✓ proved" if checked.proved else "✗ refuted" if checked.refuted else "not checked"
    origin = "ours" if not step.printed else f"the paper's, {step.origin}"
    head = f"{number}. "
    indent = " " * len(head)
    yield f"{head}{escaped(step.says)}"
    yield ""
    asserts = step.asserts
    if isinstance(asserts, Equivalence):
        yield from _display(
            rf"\begin{{aligned}} & {in_latex(asserts.first, claim.notation)} \\ \Longleftrightarrow\; & "
            rf"{in_latex(asserts.second, claim.notation)} \end{{aligned}}",
            indent,
        )
    else:
        yield from _display(in_latex(asserts, claim.notation), indent)
    yield from _where(step.domain, claim, indent)
    yield f"{indent}{mark} · rule [{step.rule.name.lower()}](../explanation/trust.md#{anchor(step.rule)}) · {escaped(origin)}"
    yield ""
    for line in _witness(step.witness, claim, "Refuted at "):
        yield f"{indent}{line}" if line else ""


def anchor(rule: Rule) -> str:
    """Return the place on the page about trust that explains a rule."""
    return f"rule-{rule.name.lower()}"


def _point(witness: Witness, claim: Claim) -> str:
    return ", ".join(f"`{pair}`" for pair in _pairs(witness.point, claim, " = ")) or "no parameters"


def _pairs(point: Mapping[sp.Symbol, Fraction | sp.Rational], claim: Claim, equals: str = "=") -> list[str]:
    """The coordinates of a point as they are given to `evaluate`."""
    words = claim.words
    return [f"{s}{equals}{words[s][int(value)] if s in words else value}" for s, value in point.items()]


def _witness(witness: Witness | None, claim: Claim, before: str) -> Iterator[str]:
    if witness is not None:
        yield f"{before}{_point(witness, claim)}: {_sentence(witness.says)}"
        yield ""


def _sentence(text: str) -> str:
    return escaped(text) + ("" if text.endswith((".", "…")) else ".")


def _necessity(claim: Claim) -> Iterator[str]:
    if claim.necessity:
        yield from ("## Hypotheses dropped", "")
    for dropped in claim.necessity:
        yield from _dropped(dropped, claim)


def _dropped(dropped: Necessity, claim: Claim) -> Iterator[str]:
    yield f"- **{escaped(dropped.hypothesis)}.** {escaped(dropped.remark)}"
    yield ""
    if dropped.relation is not None and dropped.witness is not None:
        yield f"  Without it, at {_point(dropped.witness, claim)} ({escaped(dropped.witness.says)}), this is false:"
        yield ""
        yield from _display(in_latex(dropped.relation, claim.notation), "  ")


def _errata(claim: Claim) -> Iterator[str]:
    if claim.errata:
        yield from ("## To correct in the paper", "")
        for erratum in claim.errata:
            yield from correction(erratum)


def correction(erratum: Erratum) -> Iterator[str]:
    """Yield a line to correct as an item of a list."""
    yield f"- {escaped(erratum.where)}: for “{escaped(erratum.printed)}”"
    yield ""
    yield f"  read “{escaped(erratum.replacement)}”."
    yield ""


def _checked(result: ClaimResult) -> Iterator[str]:
    claim = result.claim
    verified = [p for s in claim.statements for p in s.verified]
    steps = [step for s in result.statements for step in s.steps]
    tried = len({mutant.name for mutant in mutants(claim)})
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
    yield f"| wrong versions (mutants) told from the true one | {tried - len(claim.survivors)} of {tried} |"
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
            yield f"- `{survivor.mutant}`: {_sentence(survivor.reason)}"
        yield ""
    yield f"![Slack of the verified inequalities of {claim.name}](slack/{claim.name}.svg)"
    yield ""
    yield (
        "Distance between the two sides of each verified inequality along the range of each parameter, the others in the "
        "middle of theirs; a dot at the bottom is a point where the sides meet."
    )
    yield ""


def example(claim: Claim) -> dict[sp.Symbol, sp.Rational]:
    """Return a point of the claim's inputs in plain numbers: a witness if one fits, else the first that does."""
    witnesses = [statement.witness for statement in claim.statements]
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


def _rerun(claim: Claim) -> Iterator[str]:
    module = _module(claim)
    if module is not None:
        yield from ("## Source", "", f"`{module.__name__.replace('.', '/')}.py`", "")
    pairs = " ".join(_pairs(example(claim), claim))
    yield from ("## To rerun", "", "```bash")
    yield f"{COMMAND} verify {claim.name}"
    yield f"{COMMAND} explain {claim.name}"
    yield f"{COMMAND} evaluate {claim.name}{' ' * bool(pairs)}{pairs}"
    yield from ("```", "")

"""What a claim is about: the words of its module, its symbols and their ranges, and what is written for short."""

from __future__ import annotations

import ast
import inspect
import itertools
import sys
from collections.abc import Iterator
from types import ModuleType

from ascentcheck.theory.claim import Claim
from ascentcheck.theory.domain import Domain
from ascentcheck.theory.notation import definition, in_latex, latex_of, range_latex
from ascentcheck.theory.pages.markdown import cell, display, escaped


def told(claim: Claim) -> Iterator[str]:
    """Yield the docstring of the claim's module, and of a module whose setting it shares: the argument in words."""
    for module in _modules(claim):
        for paragraph in (inspect.getdoc(module) or "").split("\n\n"):
            yield from _displayed(escaped(paragraph))


def _modules(claim: Claim) -> list[ModuleType]:
    """The claim's module, then those that it shares with other claims."""
    module = module_of(claim)
    if module is None:
        return []
    shared = {
        part.__name__: part
        for part in vars(module).values()
        if inspect.ismodule(part) and part.__package__ == module.__package__ and not hasattr(part, "CLAIM")
    }
    return [module, *(shared[name] for name in sorted(shared))]


def _parts(claim: Claim) -> Iterator[ModuleType]:
    """The modules of the same package, no claims themselves, from which the claim's module takes names."""
    module = module_of(claim)
    for node in ast.parse(inspect.getsource(module)).body if module is not None else ():
        if isinstance(node, ast.ImportFrom) and module is not None:
            part = sys.modules[node.module or ""]
            if part.__package__ == module.__package__ != part.__name__ and not hasattr(part, "CLAIM"):
                yield part


def module_of(claim: Claim) -> ModuleType | None:
    """Return the module in which a claim is written, if it is in one."""
    return next((m for m in list(sys.modules.values()) if getattr(m, "CLAIM", None) is claim), None)


def _displayed(paragraph: str) -> Iterator[str]:
    """A paragraph as it is, one that is indented (a formula in plain text) as a quotation."""
    indented = paragraph.startswith("    ")
    for line in paragraph.split("\n"):
        yield f"> {line.strip()}" if indented else line
    yield ""


def setting_section(claim: Claim) -> Iterator[str]:
    """Yield the symbols with their names in commands and ranges, what is written for short, and the coordinates of proofs."""
    yield from ("## Setting", "", "| symbol | name in commands | range |", "|---|---|---|")
    shown = {part.symbol: part for part in (*claim.inputs.ranges, *claim.domain.ranges)}
    inputs = claim.inputs.symbols
    for symbol, part in shown.items():
        name = f"`{symbol}`" if symbol in inputs else ""
        words = " or ".join(f"`{word}`" for word in claim.words.get(symbol, ()))
        span = words or cell(range_latex(Domain((part,)), claim.notation))
        default = f", `{claim.defaults[symbol]}` if not given" if symbol in claim.defaults else ""
        yield f"| {cell(latex_of(symbol))} | {name} | {span}{default} |"
    yield ""
    if claim.realisable:
        yield "A data set can have these sizes only if"
        yield ""
        yield from display(r",\qquad ".join(in_latex(r, claim.notation) for r in claim.realisable))
    if claim.notation:
        yield "Written for short:"
        yield ""
        for short in claim.notation:
            yield from display(definition(short, claim.notation))
    coordinates = list(_coordinates(claim))
    if coordinates:
        yield from ("Coordinates that the proofs use:", "", *coordinates)


def _coordinates(claim: Claim) -> Iterator[str]:
    """What the symbols stand for in which statements are proved, where a domain's own text says so."""
    for module in dict.fromkeys((*_modules(claim), *_parts(claim))):
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

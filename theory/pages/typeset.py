r"""Formulas in running text, found and set: 'holds for α ≤ |F|/|R|' is prose with the formula \alpha \le \frac{\vert F\vert}{…}.

The notation is that of `printed`, which reads formulas into sympy; here they stay as they are written, and only their look
changes. What is no formula is left alone, so that a text and its pieces have the same letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ascentcheck.theory.pages.markdown import escaped

_LETTERS = (
    "alpha beta varepsilon zeta eta theta kappa lambda mu nu pi rho sigma tau varphi chi omega Delta Sigma"
)
GREEK = dict(zip("αβεζηθκλμνπρστφχωΔΣ", _LETTERS.split(" "), strict=True))
RELATIONS = {
    "≤": r"\le",
    "≥": r"\ge",
    "<": "<",
    ">": ">",
    "=": "=",
    "→": r"\to",
    "≈": r"\approx",
    "≠": r"\ne",
    "←": r"\leftarrow",
}
SIGNS = {"+": "+", "−": "-", "±": r"\pm"}
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉₋", "0123456789-")
FUNCTIONS = ("ln", "log", "exp", "max", "min")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:e-?\d+)?…?")
_BARRED = re.compile(r"\|(\w)(?:_(\w+))?\|")
_BRANCH = re.compile(r"W(?:(0)|[−₋][1₁])")
_LETTER = re.compile(r"(?<![A-Za-z])(?:Acc|[A-Za-zℓ∇])(?![A-Za-z]{2})(?=[^A-Za-z]|$)")
_BRACES = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_SCRIPT = re.compile(rf"_{_BRACES}|_(\w+)|([₀-₉₋]+)")
_POWER = re.compile(rf"\^{_BRACES}|\^([A-Z]{{1,2}}|\w)|([⁰¹²³⁴-⁹⁻⁺]+)")
_MARKS = re.compile(r"[αβεζηθκλμνπρστφχωΔΣ^√∞≤≥=→≠←²³⁺‖]|\|\w|_\w|[₀-₉]|\d/|[−±]\S|\w − \w|[<>]")


@dataclass(frozen=True)
class Formula:
    """A formula of a text: the letters as they stand there, and LaTeX."""

    text: str
    latex: str


def pieces(text: str) -> Iterator[str | Formula]:
    """Yield prose and formulas in turn; their letters together are the text."""
    start = at = 0
    while at < len(text):
        found = _Parser(text, at).relation() if _may_start(text, at) else None
        if found is None or not _MARKS.search(text[at : found[1]]):
            at = found[1] if found is not None else at + 1
            continue
        if at > start:
            yield text[start:at]
        yield Formula(text[at : found[1]], found[0])
        start = at = found[1]
    if start < len(text):
        yield text[start:]


def in_markdown(text: str) -> str:
    """Return the text as Markdown, formulas between dollar signs; it may stand in a table."""
    return "".join(escaped(part) if isinstance(part, str) else f"${part.latex}$" for part in pieces(text))


def _may_start(text: str, at: int) -> bool:
    """Whether a formula may begin here: not within a word, a number or another sign."""
    before = text[at - 1] if at else " "
    quoted = before == "'" and not text[max(at - 2, 0) : at - 1].strip()
    return (not (before.isalnum() or before in "_^'’-.") and not text[at].isspace()) or quoted


class _Parser:
    """Recursive descent without reading ahead: each part returns its LaTeX and where it ends, or None where there is none."""

    def __init__(self, text: str, at: int, spaced: bool = False) -> None:
        self.text, self.begin, self.spaced = text, at, spaced

    def relation(self) -> tuple[str, int] | None:
        return self.chain(self.begin, self.sum, RELATIONS)

    def sum(self, at: int) -> tuple[str, int] | None:
        return self.chain(at, self.product, SIGNS)

    def chain(
        self, at: int, part: Callable[[int], tuple[str, int] | None], between: dict[str, str]
    ) -> tuple[str, int] | None:
        found = part(at)
        while found is not None:
            latex, end = found
            space = end + (self.text[end : end + 1] == " ")
            sign = self.text[space : space + 1]
            after = space + 1 + (self.text[space + 1 : space + 2] == " ")
            more = part(after) if sign in between and sign else None
            if more is None:
                return found
            found = f"{latex} {between[sign]} {more[0]}", more[1]
        return None

    def product(self, at: int) -> tuple[str, int] | None:
        found = self.beside(at)
        while found is not None:
            latex, end = found
            sign = self.text[end : end + 1]
            more = self.beside(end + 1) if sign in ("·", "/") else None
            if more is None:
                return found
            minus, latex = ("-", latex[1:]) if latex.startswith("-") else ("", latex)
            both = (
                rf"{latex} \cdot {more[0]}"
                if sign == "·"
                else rf"\frac{{{_bare(latex)}}}{{{_bare(more[0])}}}"
            )
            found = minus + both, more[1]
        return None

    def beside(self, at: int) -> tuple[str, int] | None:
        if self.text[at : at + 1] == "−":
            found = self.beside(at + 1)
            return None if found is None else (f"-{found[0]}", found[1])
        found = self.factor(at)
        while found is not None:
            latex, end = found
            more = self.factor(end + 1 if self.spaced and self.text[end : end + 1] == " " else end)
            if more is None:
                return found
            found = f"{latex} {more[0]}", more[1]
        return None

    def factor(self, at: int) -> tuple[str, int] | None:
        found = self.atom(at)
        if found is None:
            return None
        latex, end = found
        if script := _SCRIPT.match(self.text, end):
            inside = script[1] or script[2] or script[3].translate(LOWERED)
            latex, end = f"{latex}_{{{_inner(inside)}}}", script.end()
        while power := _POWER.match(self.text, end):
            raised = power[2]
            name = raised is not None and raised.isupper()
            inside = (
                rf"\mathrm{{{raised}}}" if name else _inner(power[1] or raised or power[3].translate(RAISED))
            )
            plain = latex[-1] in "})" or re.fullmatch(r"\\?\w+", latex)
            base = latex if plain else f"{{{latex}}}"  # a power of a whole, not of its last bar
            latex, end = f"{base}^{{{inside}}}", power.end()
        return latex, end

    def atom(self, at: int) -> tuple[str, int] | None:
        text = self.text
        sign = text[at : at + 1]
        if barred := _BARRED.match(text, at):
            inside = barred[1] + (f"_{{{barred[2]}}}" if barred[2] else "")
            return rf"\vert {inside}\vert", barred.end()
        if sign and sign in "(|‖":
            return self.bracket(at, ")" if sign == "(" else sign)
        if sign == "√":
            found = self.atom(at + 1)
            return None if found is None else (rf"\sqrt{{{_bare(found[0])}}}", found[1])
        for name in FUNCTIONS:
            end = at + len(name)
            if text.startswith(name, at) and re.match(r"[({]| \w\b", text[end : end + 3]):
                found = self.bracket(end, "}") if text[end] == "{" else self.atom(end + (text[end] == " "))
                return None if found is None else (rf"\{name} {found[0]}", found[1])
        if branch := _BRANCH.match(text, at):
            return ("W_{0}" if branch[1] else "W_{-1}"), branch.end()
        if number := _NUMBER.match(text, at):
            digits, _, exponent = number[0].replace(",", "{,}").replace("…", r"\ldots").partition("e")
            power = f"10^{{{exponent}}}"
            return (
                digits if not exponent else power if digits == "1" else rf"{digits} \cdot {power}"
            ), number.end()
        if sign in GREEK:
            return rf"\{GREEK[sign]}", at + 1
        if sign == "∞":
            return r"\infty", at + 1
        if letter := _LETTER.match(text, at):
            name = {"Acc": r"\mathrm{Acc}", "ℓ": r"\ell", "∇": r"\nabla"}.get(letter[0], letter[0])
            return name, letter.end()
        return None

    def bracket(self, at: int, close: str) -> tuple[str, int] | None:
        inside, end = [], at + 1
        while True:
            found = _Parser(self.text, end, self.spaced).relation()
            if found is None:
                return None
            inside.append(found[0])
            end = found[1]
            if self.text.startswith(close, end):
                break
            if close in "|‖" or not self.text.startswith(", ", end):
                return None
            end += 2
        bars = {")": ("(", ")"), "}": (r"\{", r"\}"), "|": (r"\vert ", r"\vert"), "‖": (r"\Vert ", r"\Vert")}[
            close
        ]
        return f"{bars[0]}{', '.join(inside)}{bars[1]}", end + 1


def _inner(text: str) -> str:
    """Return what stands in braces as LaTeX; as it is where it is no formula."""
    found = _Parser(text, 0, True).relation()
    return found[0] if found is not None and found[1] == len(text) else text.replace("−", "-")


def _bare(latex: str) -> str:
    """Return LaTeX without the brackets around all of it, which a fraction's bar or a root's makes superfluous."""
    depth = 0
    for place, sign in enumerate(latex):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and place < len(latex) - 1:
            return latex
    return latex[1:-1] if latex.startswith("(") else latex

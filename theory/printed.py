r"""Formulas as the paper and the texts here print them, read into sympy: 'W((1+ε²)|R_ij|/(λ|R|))'.

What is printed is text, and a formula beside it could drift away from it. `read` turns the text into an expression, so that
`verify` can tell whether the two are the same. The notation is that of the texts of the claims: |R|, |F|, |D|, |R_j|, Greek
letters, raised digits, e^{…}, W, W−1, ln, √, max{…}, min{…}. Letters that stand side by side are multiplied, and that binds
more than '·' and '/': a/bc is a/(bc), a/b·c is (a/b)·c.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, TypeAlias

import sympy as sp

from ascentcheck.theory.expression import W0, Wm1, enclose
from ascentcheck.theory.identical import identical
from ascentcheck.theory.vocabulary import (
    alpha,
    epsilon,
    gap,
    learning_rate,
    n_forget,
    n_group,
    n_retain,
    n_test,
    n_total,
    ridge,
)

NAMES: dict[str, sp.Expr] = {
    "|R|": n_retain,
    "|F|": n_forget,
    "|D|": n_total,
    "|T|": n_test,
    "|R_j|": n_group,
    "|R_ij|": n_group,
    "α": alpha,
    "ε": epsilon,
    "λ": ridge,
    "η": learning_rate,
    "e": sp.E,
    "π": sp.pi,
}
SAMPLING = {"ε": gap}
"""In §4 ε is the distance between two accuracies."""
_RAISED = {sign: digit for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
RELATIONS: dict[str, Any] = {"≤": sp.Le, "≥": sp.Ge, "<": sp.Lt, ">": sp.Gt, "=": sp.Eq}
FUNCTIONS: dict[str, Callable[[sp.Expr], sp.Expr]] = {
    "W−1": Wm1,
    "W₋₁": Wm1,
    "W0": W0,
    "W": W0,
    "ln": sp.log,
    "log": sp.log,
    "exp": sp.exp,
    "√": sp.sqrt,
    "abs": sp.Abs,
}
_SUMS, _PRODUCTS, _ENDS = (
    {"+", "−", "-"},
    {"·", "/"},
    {"", ")", "]", "}", ",", "+", "−", "-", "·", "/", *RELATIONS},
)
_CLOSING, _NUMBER = {"(": ")", "[": "]"}, re.compile(r"\d+(\.\d+)?")
CHOICES = {"max{": partial(sp.Max, evaluate=False), "min{": partial(sp.Min, evaluate=False)}


Letters: TypeAlias = Mapping[str, Any]
"""What letters and signs stand for in the texts of a claim: expressions, texts, or functions."""


Functions: TypeAlias = Mapping[str, Callable[..., Any]]


class NotReadError(ValueError):
    """A text that is no formula in this notation. The message says where."""


def read(text: str, letters: Letters | None = None) -> Any:
    """Return the expression, or the relation, that a text prints; `letters` are known besides NAMES, and before them.

    A letter stands for an expression, for a text that is read in its turn, or for a function. Raises NotReadError for
    anything that is no formula.
    """
    return _read(text, tuple((letters or {}).items()))


@lru_cache(maxsize=4096)
def _read(text: str, letters: tuple[tuple[str, Any], ...]) -> Any:
    reader = _Reader(text, *_alphabet(letters))
    result = reader.relation()
    if reader.rest:
        raise NotReadError(f"{text!r} cannot be read from {reader.rest!r}")
    return result


@lru_cache(maxsize=256)
def _alphabet(letters: tuple[tuple[str, Any], ...]) -> tuple[Letters, Known]:
    """Return all names and letters, and what finds the longest with which a text begins."""
    names = {**NAMES, **dict(letters)}
    return names, Known(names)


class Known:
    """Names, of which the longest is found with which a text begins."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)
        self.lengths = sorted({len(name) for name in self.names}, reverse=True)
        self.initials = {name[:1] for name in self.names}

    def first(self, text: str) -> str:
        """Return the longest name with which a text begins; '' where it begins with none."""
        if text[:1] in self.initials:
            for length in self.lengths:
                if text[:length] in self.names:
                    return text[:length]
        return ""


def chain(
    text: str,
    names: Letters,
    known: Known,
    functions: Functions,
    choices: Functions,
    number: Callable[[str], Any],
) -> tuple[list[Any], list[str]]:
    """Return the sides that a text prints, and the signs between them: one for an expression, more for relations.

    They are made of what `names` stand for, by `functions`, `choices` and `number`. Raises NotReadError for what is no formula,
    KeyError for a name that is known and stands for nothing.
    """
    reader = _Reader(text, names, known, functions, choices, number)
    sides, signs = [reader.sum()], []
    while reader.rest[:1] in RELATIONS:
        signs.append(reader.rest[:1])
        reader.rest = reader.rest[1:].lstrip()
        sides.append(reader.sum())
    if reader.rest:
        raise NotReadError(f"{text!r} cannot be read from {reader.rest!r}")
    return sides, signs


@lru_cache(maxsize=1 << 13)
def same(first: Any, second: Any) -> bool:
    """Whether two expressions, or both sides of two relations, are identically equal (W of equal arguments is equal)."""
    if isinstance(first, sp.Rel) or isinstance(second, sp.Rel):
        if not (isinstance(first, sp.Rel) and isinstance(second, sp.Rel)):
            return False
        straight = first.func == second.func and same(first.lhs, second.lhs) and same(first.rhs, second.rhs)
        turned = second.reversed
        return straight or (
            first.func == turned.func and same(first.lhs, turned.lhs) and same(first.rhs, turned.rhs)
        )
    if isinstance(first, sp.Max | sp.Min):
        return first.func == second.func and all(any(same(a, b) for b in second.args) for a in first.args)
    return identical(sp.sympify(first), sp.sympify(second))


def rounded(text: str, values: sp.Tuple) -> bool:
    """Whether the decimals in a text are these constants, in order, each rounded to the digits that are shown."""
    shown = re.findall(r"[−-]?\d+\.\d+", text)
    return len(shown) == len(values) and all(map(_rounds, shown, values))


def _rounds(shown: str, value: sp.Expr) -> bool:
    digits = len(shown.partition(".")[2])
    off = enclose(value, {}) - enclose(sp.Rational(shown.replace("−", "-")), {})
    return bool(2 * 10**digits * abs(off) <= 1)


_A_FUNCTION = Known(FUNCTIONS)


@dataclass
class _Reader:
    """A recursive descent over the text: sums of products of factors; `rest` is what is still to be read.

    What it makes of the text is made of what `names` stand for, by `functions`, `choices` and `number`: formulas, or values.
    """

    text: str
    names: Letters
    known: Known
    functions: Functions = field(default_factory=lambda: FUNCTIONS)
    choices: Functions = field(default_factory=lambda: CHOICES)
    number: Callable[[str], Any] = sp.Rational

    def __post_init__(self) -> None:
        self.rest, self.in_bars = self.text.strip(), False

    def relation(self) -> Any:
        left = self.sum()
        for sign, kind in RELATIONS.items():
            if self.took(sign):
                return kind(left, self.sum(), evaluate=False)
        return left

    def sum(self) -> sp.Expr:
        total = -self.product() if self.took("−") or self.took("-") else self.product()
        while self.rest[:1] in _SUMS:
            if self.took("+"):
                total += self.product()
            else:
                self.rest = self.rest[1:].lstrip()
                total -= self.product()
        return total

    def product(self) -> sp.Expr:
        result = self.side_by_side()
        while self.rest[:1] in _PRODUCTS:
            if self.took("·"):
                result *= self.side_by_side()
            else:
                self.rest = self.rest[1:].lstrip()
                result /= self.side_by_side()
        return result

    def side_by_side(self) -> sp.Expr:
        result = self.power()
        while (factor := self.power(optional=True)) is not None:
            result *= factor
        return result

    def power(self, optional: bool = False) -> sp.Expr | None:
        base = self.atom()
        if base is None:
            if optional:
                return None
            raise NotReadError(f"{self.text!r} cannot be read from {self.rest!r}")
        while self.rest and self.rest[0] in _RAISED:
            digits = ""
            while self.rest and self.rest[0] in _RAISED:
                digits += str(_RAISED[self.rest[0]])
                self.rest = self.rest[1:]
            base = base ** int(digits)
            self.rest = self.rest.lstrip()
        if self.rest.startswith("^"):
            self.rest = self.rest[1:]
            if self.took("{"):
                exponent = self.sum()
                self.need("}")
            else:
                exponent = self.power()
            base = base**exponent
        return base

    def atom(self) -> sp.Expr | None:
        name, word = self.known.first(self.rest), _A_FUNCTION.first(self.rest)
        if name and len(name) >= len(word):
            self.rest = self.rest[len(name) :].lstrip()
            return self.meaning(self.names[name])
        first = self.rest[:1]
        if first in _ENDS:
            return None
        if first in _CLOSING:
            self.rest = self.rest[1:].lstrip()
            return self.closed(_CLOSING[first])
        for opening, kind in self.choices.items() if first == "m" else ():
            if self.took(opening):
                parts = [self.sum()]
                while self.took(","):
                    parts.append(self.sum())
                self.need("}")
                return kind(*parts)
        number = _NUMBER.match(self.rest)
        if number:
            self.rest = self.rest[number.end() :].lstrip()
            return self.number(number.group())
        if word:
            self.rest = self.rest[len(word) :].lstrip()
            inner = self.closed(")") if self.took("(") else self.power()
            return self.functions[word](inner)
        return self.in_absolute_bars()

    def in_absolute_bars(self) -> sp.Expr | None:
        """Return |…| read from here; bars within bars are the closing ones."""
        if self.in_bars or not self.took("|"):
            return None
        self.in_bars = True
        inner = self.closed("|")
        self.in_bars = False
        return self.functions["abs"](inner)

    def meaning(self, letter: Any) -> sp.Expr:
        """Return what a letter stands for; a function takes its arguments from the text."""
        if isinstance(letter, str):
            return read(letter, self.names)
        if not callable(letter) or isinstance(letter, sp.Basic):
            return letter
        self.need("(")
        arguments = [self.sum()]
        while self.took(","):
            arguments.append(self.sum())
        self.need(")")
        return letter(*arguments)

    def closed(self, bracket: str) -> sp.Expr:
        inner = self.sum()
        self.need(bracket)
        return inner

    def took(self, sign: str) -> bool:
        if not self.rest.startswith(sign):
            return False
        self.rest = self.rest[len(sign) :].lstrip()
        return True

    def need(self, sign: str) -> None:
        if not self.took(sign):
            raise NotReadError(f"{self.text!r} needs {sign!r} before {self.rest!r}")

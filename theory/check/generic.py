"""Formulas as numbers at one generic point, in complex floats: two of them are the same where their numbers are.

Symbols stand for fixed numbers without relation to one another. So does a function other than the exponential, the logarithm
and powers: for a number that depends on its name and its arguments alone. So what is found the same holds whatever W is.
"""

from __future__ import annotations

import cmath
import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from math import prod
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np
import sympy as sp
from jaxtyping import Complex128

from ascentcheck.theory.functions import W0
from ascentcheck.theory.printed import FUNCTIONS, NAMES, RELATIONS, Known, NotReadError, chain

NEAR = 1e-9
"""Relative to the sizes of what is compared; rounding is some 1e-15."""
PRIME = 999_983
Pair: TypeAlias = tuple[str, complex, complex]
"""A relation: its sign, and the numbers of both sides."""
Numbers: TypeAlias = Complex128[np.ndarray, "..."]
Sides: TypeAlias = tuple[list[complex], list[str]]
"""The numbers of an expression, or of one relation after another, and the signs between them."""


def generic(name: str, place: int = 0) -> complex:
    """Return the number that a name stands for, between 0.4 and 1.4."""
    return complex(0.4 + crc32(f"{name} {place}".encode()) % PRIME / PRIME)


def opaque(name: str, *arguments: complex) -> complex:
    """Return the number that a function stands for: one of its name and of its arguments alone."""
    return cmath.cos(sum((generic(name, k) * z for k, z in enumerate(arguments, 1)), generic(name)))


def symmetric(name: str, *parts: complex) -> complex:
    """Return the number for a function whose arguments have no order."""
    return opaque(name, sum(parts), sum(z * z for z in parts))


def close(first: complex, second: complex, scale: float = 0) -> bool:
    """Whether two numbers are the same, rounding apart; `scale` is the size of what they are differences of."""
    return abs(first - second) <= NEAR * max(abs(first), scale)


_ARGUMENTS: dict[complex, complex] = {}
"""What W0 was taken of, by its number: W0 increases."""


def _w0(z: complex) -> complex:
    _ARGUMENTS[value := opaque("W0", z)] = z
    return value


_OF_ONE: dict[Any, Callable[[complex], complex]] = {
    sp.log: cmath.log,
    sp.exp: cmath.exp,
    sp.sqrt: cmath.sqrt,
    W0: _w0,
}


@lru_cache(maxsize=1 << 15)
def number(formula: sp.Basic) -> complex:
    """Return the number of a formula. Raises ArithmeticError or ValueError where it has none."""
    if formula.is_Symbol:
        return generic(formula.name)
    if formula.is_Number or formula.is_NumberSymbol:
        return complex(formula)
    return _made(formula, [number(part) for part in formula.args])


def _made(formula: sp.Basic, parts: list[complex]) -> complex:
    """Return the number of a formula from those of its parts."""
    if formula.is_Add:
        return sum(parts)
    if formula.is_Mul:
        return prod(parts)
    if formula.is_Pow:
        return parts[0] ** parts[1]
    if formula.func in _OF_ONE:
        return _OF_ONE[formula.func](parts[0])
    if isinstance(formula, sp.Max | sp.Min):
        return symmetric(formula.func.__name__, *parts)
    return opaque(formula.func.__name__, *parts)


def lowered(asked: Pair) -> Pair:
    """Return a relation of two values of W0, or of two powers of e, as that of their arguments."""
    sign, left, right = asked
    if left in _ARGUMENTS and right in _ARGUMENTS:
        return sign, _ARGUMENTS[left], _ARGUMENTS[right]
    if left.imag == right.imag == 0 < min(left.real, right.real):
        return sign, cmath.log(left), cmath.log(right)
    return asked


@lru_cache(maxsize=1 << 13)
def pair(relation: sp.Rel) -> Pair:
    """Return a relation as numbers."""
    sign = next(sign for sign, kind in RELATIONS.items() if isinstance(relation, kind))
    return sign, number(relation.lhs), number(relation.rhs)


def parts(formulas: Iterable[sp.Basic]) -> Iterator[complex]:
    """Yield the numbers of all parts of formulas: what they are made of, and a few of the terms or factors of each."""
    seen: set[sp.Basic] = set()
    waiting = list(formulas)
    while waiting:
        formula = waiting.pop()
        if formula in seen or not isinstance(formula, sp.Basic):
            continue
        seen.add(formula)
        waiting += formula.args
        if isinstance(formula, sp.Rel):
            yield number(formula.lhs) - number(formula.rhs)
            yield number(formula.rhs) - number(formula.lhs)
            continue
        if formula.is_Integer or formula.is_Symbol:
            continue
        yield number(formula)
        if formula.is_Add:
            yield -number(formula)
        if (formula.is_Add or formula.is_Mul) and len(formula.args) <= 6:
            for k in range(2, len(formula.args)):
                for chosen in itertools.combinations(formula.args, k):
                    value = _made(formula, [number(part) for part in chosen])
                    yield value
                    if formula.is_Add:
                        yield -value
        elif formula.is_Pow:
            yield 1 / number(formula)


class Alphabet:
    """Reads texts as numbers, in the letters of a claim besides NAMES."""

    def __init__(self, letters: Mapping[str, Any]) -> None:
        self.letters = {**NAMES, **letters}
        self.names: dict[str, Any] = {}
        self.known = Known(self.letters)
        self.functions = {name: _numeric(function) for name, function in FUNCTIONS.items()}
        self.choices = {f"{name.lower()}{{": lambda *z, of=name: symmetric(of, *z) for name in ("Max", "Min")}
        waiting = list(self.letters)
        while waiting:
            left = [name for name in waiting if not self._learnt(name)]
            if left == waiting:
                break
            waiting = left
        self.values: Numbers = np.array(
            [
                z
                for name, z in self.names.items()
                if isinstance(z, complex) and z and not _is_plain(self.letters[name])
            ]
        )

    def read(self, text: str) -> Sides:
        """Return what a text prints. Raises NotReadError for what is no formula, KeyError for a letter without a number."""
        return chain(
            text, self.names, self.known, self.functions, self.choices, lambda digits: complex(float(digits))
        )

    def _learnt(self, name: str) -> bool:
        """Give a letter its number, or its function; False for a text with letters that have none yet."""
        letter = self.letters[name]
        try:
            if isinstance(letter, str):
                (self.names[name],), _ = self.read(letter)
            else:
                self.names[name] = number(letter) if isinstance(letter, sp.Basic) else _numeric(letter)
        except (NotReadError, KeyError, ArithmeticError):
            return False
        return True


def _is_plain(letter: Any) -> bool:
    return isinstance(letter, sp.Basic) and letter.is_Atom


def _numeric(function: Callable[..., sp.Expr]) -> Callable[..., complex]:
    """Return a function of formulas as one of numbers."""
    if function in _OF_ONE:
        return _OF_ONE[function]
    if isinstance(function, type):
        return lambda *z: opaque(function.__name__, *z)
    places = [sp.Dummy() for _ in inspect.signature(function).parameters]
    formula = function(*places)

    def at(arguments: Mapping[sp.Symbol, complex], here: sp.Basic) -> complex:
        if here in arguments:
            return arguments[here]
        if not here.has(*places):
            return number(here)
        return _made(here, [at(arguments, part) for part in here.args])

    return lambda *z: at(dict(zip(places, z, strict=True)), formula)

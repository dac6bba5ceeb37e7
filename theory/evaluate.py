"""`evaluate`: a claim at one point, from exact input to values with 15 correct digits."""

from __future__ import annotations

import difflib
import math
import re
import sys
from collections.abc import Iterable, Mapping
from fractions import Fraction

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.claim import Claim, Evaluation
from ascentcheck.theory.console import UserError
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import rational

LONGEST = 400
LARGEST_EXPONENT = 5000
LEAST_BITS = 45
"""A ball with fewer correct bits is no number, and is printed as what it is."""
_NUMBER = re.compile(r"[+-]?(\d+/\d+|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)")


def parse_number(name: str, text: str) -> Fraction:
    """Return the exact value of a decimal ('0.1', '1e-320') or fraction ('1/9'). Raises UserError for other text."""
    allowed = "a decimal such as 0.25 or 1e-320, or a fraction such as 1/9"
    if len(text) > LONGEST or not _NUMBER.fullmatch(text):
        raise UserError(f"{name} = {text[:40]!r} is not a number; allowed is {allowed}")
    exponent = re.search(r"[eE]([+-]?\d+)$", text)
    if exponent and abs(int(exponent.group(1))) > LARGEST_EXPONENT:
        raise UserError(f"{name} = {text} has an exponent beyond ±{LARGEST_EXPONENT}")
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise UserError(f"{name} = {text} divides by zero; allowed is {allowed}") from None


def parse_point(
    domain: Domain,
    pairs: Iterable[str],
    words: Mapping[sp.Symbol, tuple[str, ...]] | None = None,
    defaults: Mapping[sp.Symbol, str] | None = None,
) -> dict[sp.Symbol, fmpq]:
    """Return the point named by `name=value` texts. Raises UserError unless each name is given once, in range.

    A symbol with `words` takes one of them, and its value is the word's place; `defaults` fill in what is not given.
    """
    words, defaults = words or {}, defaults or {}
    symbols = {s.name: s for s in domain.symbols}
    given: dict[sp.Symbol, fmpq] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise UserError(f"{pair!r} is not of the form name=value; names are {', '.join(symbols)}")
        if name not in symbols:
            near = difflib.get_close_matches(name, symbols, 1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise UserError(f"unknown name {name!r}{hint}; names are {', '.join(symbols)}")
        if symbols[name] in given:
            raise UserError(f"{name} is given twice")
        given[symbols[name]] = _value(symbols[name], text, words)
    for symbol, text in defaults.items():
        given.setdefault(symbol, _value(symbol, text, words))
    missing = [name for name, symbol in symbols.items() if symbol not in given]
    if missing:
        raise UserError(f"missing {', '.join(missing)}; write name=value for each of {', '.join(symbols)}")
    for part in domain.ranges:
        if not part.contains(given[part.symbol], given):
            raise UserError(
                f"{part.symbol} = {given[part.symbol]} is out of range; allowed is {in_words(part)}"
            )
    return given


def _value(symbol: sp.Symbol, text: str, words: Mapping[sp.Symbol, tuple[str, ...]]) -> fmpq:
    if symbol not in words:
        return rational(parse_number(symbol.name, text))
    if text not in words[symbol]:
        raise UserError(f"{symbol} = {text[:40]!r} is unknown; allowed is {' or '.join(words[symbol])}")
    return fmpq(words[symbol].index(text))


def in_words(part: Range) -> str:
    """Return a range in plain text, as '0 < ridge'."""
    low = "" if part.low == -sp.oo else f"{part.low} {'<' if part.low_open else '<='} "
    high = "" if part.high == sp.oo else f" {'<' if part.high_open else '<='} {part.high}"
    return f"{low}{part.symbol}{high}" if low or high else "any real number"


def input_number(value: fmpq) -> float | int | str:
    """Return an input as it was meant: a whole number as an int, any other as the closest float."""
    return int(value.p) if value.q == 1 and abs(value) < 2**53 else number(value)


def number(value: arb | fmpq | int) -> float | int | str:
    """Return the closest float to a ball or rational; text where it is beyond float64's normal numbers or lacks digits."""
    if isinstance(value, int):
        return value
    if isinstance(value, fmpq):
        value = arb(value)
    if value == 0:
        return 0.0
    if not value.is_finite():
        return "not known"
    if value.rel_accuracy_bits() < LEAST_BITS:
        return f"not told from {value.mid().str(3, radius=False)} ± {value.rad().str(2, radius=False)}"
    text = value.str(20, radius=False)
    result = float(text)
    return result if math.isfinite(result) and abs(result) >= sys.float_info.min else str(text)


def evaluated(claim: Claim, point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the claim at a point. Raises UserError, in one line, where something cannot be decided there."""
    try:
        return claim.evaluate(point)
    except ArithmeticError as error:
        raise UserError(f"{claim.name} is not decided here: {error}") from None


def plain(value: object) -> object:
    """Return a value of an evaluation as JSON can hold it."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, arb | fmpq | int):
        return number(value)
    raise TypeError(f"{type(value).__name__} has no plain form")


def as_json(claim: Claim, point: Mapping[sp.Symbol, fmpq], result: Evaluation) -> dict[str, object]:
    """Return the record that `evaluate --json` prints."""
    return {
        "claim": claim.name,
        "inputs": {
            symbol.name: claim.words[symbol][int(value.p)] if symbol in claim.words else input_number(value)
            for symbol, value in point.items()
        },
        "hypotheses": dict(result.hypotheses),
        "values": plain(result.values),
        "conclusion": {"holds": result.holds, "margin": plain(result.margin)},
    }
